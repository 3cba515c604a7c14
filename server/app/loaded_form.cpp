#include "server/app/loaded_form.hpp"

#include <iostream>

#include "server/api/form_intake.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/data_dir.hpp"

namespace terreno::server {

void print_issues(const forms::XlsFormResult& result) {
  for (const forms::FormIssue& issue : result.issues) {
    std::cerr << cli_text(issue.error ? "cli.form_error" : "cli.form_warning");
    if (!issue.sheet.empty()) std::cerr << " " << issue.sheet;
    if (!issue.cell.empty())
      std::cerr << " " << issue.cell;
    else if (issue.row > 0)
      std::cerr << ":" << issue.row;
    if (!issue.column.empty()) std::cerr << " [" << issue.column << "]";
    std::cerr << ": " << issue.message << "\n";
  }
}

std::optional<LoadedForm> load_form(const std::string& file) {
  const std::string content = read_file(file, kMaxFormFileBytes);
  forms::XlsFormResult result = read_form_file(as_bytes(content), file, cli_language());
  print_issues(result);
  if (!result.ok()) return std::nullopt;
  auto compiled = forms::compile_xform(result.xform_xml).value();
  return LoadedForm{{result.form_id, result.version, result.title, std::move(result.xform_xml)},
                    std::move(compiled)};
}

}  // namespace terreno::server
