#include <iostream>

#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"
#include "server/app/loaded_form.hpp"

namespace terreno::server {

int form_check(const Words& words) {
  const Arguments arguments(words, {}, {});
  const auto form = load_form(arguments.only_word("FILE"));
  if (!form) return 1;
  std::cout << cli_text("cli.form_good",
                        {{"form", form->version.form_id}, {"version", form->version.version}})
            << "\n";
  return 0;
}

int form_convert(const Words& words) {
  const Arguments arguments(words, {}, {});
  const auto form = load_form(arguments.only_word("FILE"));
  if (!form) return 1;
  std::cout << form->version.xform_xml;
  return 0;
}

int form_add(const Words& words) {
  const Arguments arguments(words, {"data", "tenant"}, {});
  const auto form = load_form(arguments.only_word("FILE"));
  if (!form) return 1;
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  storage->add_form(tenant.id, form->version).value();
  std::cout << cli_text("cli.form_added",
                        {{"form", form->version.form_id}, {"version", form->version.version}})
            << "\n";
  return 0;
}

}  // namespace terreno::server
