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
  const std::string content = read_file(file, kMaxFormFileBytes);
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  FormAddition addition;
  addition.at_ms = SystemClock().wall_ms();
  addition.file_name = file.filename().string();
  addition.source = to_bytes(as_bytes(content));
  addition.apply = !arguments.has("hold");
  const FormIntake intake = take_form(*storage, tenant.id, std::move(addition), cli_language()).value();
  print_issues(intake.form);
  if (!intake.stored) return 1;
  std::cout << cli_text("cli.form_added", {{"form", intake.form.form_id}, {"version", intake.form.version}})
            << "\n";
  return 0;
}

}  // namespace terreno::server
