#include "server/app/loaded_form.hpp"

#include <filesystem>
#include <iostream>

#include "core/forms/limits.hpp"
#include "core/forms/xlsform.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/data_dir.hpp"

namespace terreno::server {
namespace {

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

bool is_xml(const std::string& content) {
  const std::size_t first = content.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string::npos && content[first] == '<';
}

std::optional<std::string> xform_of(const std::string& file, const std::string& content) {
  if (is_xml(content)) return content;
  forms::XlsFormOptions options;
  options.language = cli_language();
  options.form_id = std::filesystem::path(file).stem().string();
  forms::XlsFormResult result = forms::convert_xlsform(as_bytes(content), options);
  print_issues(result);
  if (!result.ok()) return std::nullopt;
  return std::move(result.xform_xml);
}

}  // namespace

std::optional<LoadedForm> load_form(const std::string& file) {
  auto xform = xform_of(file, read_file(file, forms::kMaxXFormBytes));
  if (!xform) return std::nullopt;
  auto compiled = forms::compile_xform(*xform);
  if (!compiled) {
    std::cerr << cli_text("cli.form_error") << ": " << compiled.error().message << "\n";
    return std::nullopt;
  }
  if (xform->size() > kMaxFormBytes) {
    std::cerr << cli_text("cli.form_error") << ": "
              << cli_text("cli.form_too_large", {{"bytes", std::to_string(xform->size())},
                                                 {"limit", std::to_string(kMaxFormBytes)}})
              << "\n";
    return std::nullopt;
  }
  const forms::CompiledForm& form = **compiled;
  return LoadedForm{{form.form_id(), form.version(), form.title(), std::move(*xform)}, std::move(*compiled)};
}

}  // namespace terreno::server
