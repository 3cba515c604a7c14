#include <iostream>

#include "core/forms/compiled_form.hpp"
#include "core/forms/xlsform.hpp"
#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"

namespace terreno::server {
namespace {

constexpr std::uintmax_t kMaxWorkbookBytes = 16 * 1024 * 1024;

void print_issues(const forms::XlsFormResult& result) {
  for (const forms::FormIssue& issue : result.issues) {
    std::cerr << cli_text(issue.error ? "cli.form_error" : "cli.form_warning");
    if (!issue.sheet.empty()) std::cerr << " " << issue.sheet;
    if (issue.row > 0) std::cerr << ":" << issue.row;
    if (!issue.column.empty()) std::cerr << " [" << issue.column << "]";
    std::cerr << ": " << issue.message << "\n";
  }
}

/// Converts and compiles; prints all that is wrong. Nothing when the form cannot be used.
std::optional<FormVersion> usable_form(const std::string& file) {
  const std::string workbook = read_file(file, kMaxWorkbookBytes);
  forms::XlsFormResult result = forms::convert_xlsform(as_bytes(workbook));
  print_issues(result);
  if (!result.ok()) return std::nullopt;
  if (const auto compiled = forms::compile_xform(result.xform_xml); !compiled) {
    std::cerr << compiled.error().message << "\n";
    return std::nullopt;
  }
  return FormVersion{result.form_id, result.version, result.title, std::move(result.xform_xml)};
}

}  // namespace

int form_check(const Words& words) {
  const Arguments arguments(words, {}, {});
  const auto form = usable_form(arguments.only_word("FILE.xlsx"));
  if (!form) return 1;
  std::cout << cli_text("cli.form_good", {{"form", form->form_id}, {"version", form->version}}) << "\n";
  return 0;
}

int form_convert(const Words& words) {
  const Arguments arguments(words, {}, {});
  const auto form = usable_form(arguments.only_word("FILE.xlsx"));
  if (!form) return 1;
  std::cout << form->xform_xml;
  return 0;
}

int form_add(const Words& words) {
  const Arguments arguments(words, {"data", "tenant"}, {});
  const auto form = usable_form(arguments.only_word("FILE.xlsx"));
  if (!form) return 1;
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  storage->add_form(tenant.id, *form).value();
  std::cout << cli_text("cli.form_added", {{"form", form->form_id}, {"version", form->version}}) << "\n";
  return 0;
}

}  // namespace terreno::server
