#include <filesystem>
#include <iostream>

#include "server/api/form_intake.hpp"
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
  const Arguments arguments(words, {"data", "tenant"}, {"hold"});
  const std::filesystem::path file = arguments.only_word("FILE");
  const auto form = load_form(file.string());
  if (!form) return 1;
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  FormAddition addition;
  addition.at_ms = SystemClock().wall_ms();
  addition.file_name = file.filename().string();
  addition.source = to_bytes(as_bytes(read_file(file, kMaxFormFileBytes)));
  addition.apply = !arguments.has("hold");
  storage->add_form(tenant.id, form->version, addition).value();
  std::cout << cli_text("cli.form_added",
                        {{"form", form->version.form_id}, {"version", form->version.version}})
            << "\n";
  return 0;
}

}  // namespace terreno::server
