#include "core/forms/xlsform.hpp"

#include <algorithm>

#include "core/forms/compiled_form.hpp"
#include "core/forms/form_file.hpp"
#include "core/forms/xlsform_model.hpp"
#include "core/forms/xlsform_names.hpp"

namespace terreno::forms {
namespace {

int sheet_rank(const std::string& sheet) {
  static const std::vector<std::string> kOrder{"settings", "survey", "choices", "entities"};
  const auto found = std::find(kOrder.begin(), kOrder.end(), sheet);
  return sheet.empty() ? -1 : static_cast<int>(found - kOrder.begin());
}

void sort_issues(std::vector<FormIssue>& issues) {
  std::stable_sort(issues.begin(), issues.end(), [](const FormIssue& a, const FormIssue& b) {
    return std::pair(sheet_rank(a.sheet), a.row) < std::pair(sheet_rank(b.sheet), b.row);
  });
  // One cell may be looked at twice, as the value of two things.
  const auto same = [](const FormIssue& a, const FormIssue& b) {
    return a.code == b.code && a.sheet == b.sheet && a.row == b.row && a.column == b.column &&
           a.message == b.message;
  };
  for (std::size_t i = 0; i < issues.size(); ++i) {
    issues.erase(std::remove_if(issues.begin() + static_cast<std::ptrdiff_t>(i) + 1, issues.end(),
                                [&](const FormIssue& other) { return same(issues[i], other); }),
                 issues.end());
  }
}

}  // namespace

bool XlsFormResult::ok() const {
  return std::none_of(issues.begin(), issues.end(), [](const FormIssue& issue) { return issue.error; });
}

XlsFormResult convert_sheets(const std::vector<Sheet>& sheets, const XlsFormOptions& options) {
  XlsForm form = read_xlsform(sheets, options);
  XlsFormResult result;
  result.form_id = form.form_id;
  result.version = form.version;
  result.title = form.title;
  const auto failed = [&form] {
    return std::any_of(form.issues.begin(), form.issues.end(),
                       [](const FormIssue& issue) { return issue.error; });
  };
  std::string xml = write_xform(form);
  if (!failed()) {
    // What rows alone cannot show, such as calculations in a circle, the compiler finds.
    const auto compiled = compile_xform(xml);
    if (!compiled) form.fault({"survey", 0, ""}, "xlsform.not_compiled", {{"why", compiled.error().message}});
  }
  if (!failed()) result.xform_xml = std::move(xml);
  result.issues = std::move(form.issues);
  sort_issues(result.issues);
  return result;
}

XlsFormResult convert_xlsform(ByteView file, const XlsFormOptions& options) {
  const auto sheets = read_form_file(file);
  if (sheets) return convert_sheets(*sheets, options);
  XlsFormResult result;
  result.issues.push_back({true, "xlsform.file_broken", "", 0, "", "",
                           text(options.language, "xlsform.file_broken", {{"why", sheets.error().message}})});
  return result;
}

}  // namespace terreno::forms
