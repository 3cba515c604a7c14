#include "core/forms/xlsform.hpp"

#include <algorithm>

#include "core/forms/compiled_form.hpp"
#include "core/forms/xlsform_model.hpp"

namespace terreno::forms {
namespace {

int sheet_rank(const std::string& sheet) {
  if (sheet == "settings") return 1;
  if (sheet == "survey") return 2;
  return sheet == "choices" ? 3 : 0;
}

}  // namespace

bool XlsFormResult::ok() const {
  return std::none_of(issues.begin(), issues.end(), [](const FormIssue& issue) { return issue.error; });
}

XlsFormResult convert_xlsform(ByteView xlsx) {
  XlsFormResult result;
  const auto sheets = read_xlsx(xlsx, {"survey", "choices", "settings"});
  if (!sheets) {
    result.issues.push_back({true, "", 0, "", sheets.error().message});
    return result;
  }
  XlsForm form = read_xlsform(*sheets);
  result.form_id = form.form_id;
  result.version = form.version;
  result.title = form.title;
  std::string xml = write_xform(form);
  result.issues = std::move(form.issues);
  if (result.ok()) {
    // What rows alone cannot show, such as calculations in a circle, the compiler finds.
    if (const auto compiled = compile_xform(xml); compiled)
      result.xform_xml = std::move(xml);
    else
      result.issues.push_back({true, "survey", 0, "", compiled.error().message});
  }
  std::stable_sort(result.issues.begin(), result.issues.end(), [](const FormIssue& a, const FormIssue& b) {
    return std::pair(sheet_rank(a.sheet), a.row) < std::pair(sheet_rank(b.sheet), b.row);
  });
  return result;
}

}  // namespace terreno::forms
