#include "server/api/form_intake.hpp"

#include <filesystem>

#include "core/forms/compiled_form.hpp"

namespace terreno::server {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_xml(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '<';
}

void refuse(forms::XlsFormResult& result, std::string message) {
  forms::FormIssue issue;
  issue.message = std::move(message);
  result.issues.push_back(std::move(issue));
  result.xform_xml.clear();
}

/// The compiler's faults are lines of one message.
void add_faults(std::string_view message, forms::XlsFormResult& result) {
  while (!message.empty()) {
    const std::size_t end = message.find('\n');
    forms::FormIssue issue;
    issue.message = message.substr(0, end);
    result.issues.push_back(std::move(issue));
    message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
  }
}

forms::XlsFormResult read_xform_file(std::string_view xml) {
  forms::XlsFormResult result;
  const auto form = forms::compile_xform(xml);
  if (!form) {
    add_faults(form.error().message, result);
    return result;
  }
  result.form_id = (*form)->form_id();
  result.version = (*form)->version();
  result.title = (*form)->title();
  result.xform_xml = xml;
  return result;
}

}  // namespace

forms::XlsFormResult read_form_file(ByteView file, std::string_view file_name, Language language) {
  forms::XlsFormOptions options;
  options.language = language;
  options.form_id = std::filesystem::path(file_name).stem().string();
  forms::XlsFormResult result =
      is_xml(as_text(file)) ? read_xform_file(as_text(file)) : forms::convert_xlsform(file, options);
  if (result.ok() && result.xform_xml.size() > kMaxFormBytes) {
    refuse(result, text(language, "server.forms.too_large",
                        {{"bytes", std::to_string(result.xform_xml.size())},
                         {"limit", std::to_string(kMaxFormBytes)}}));
  }
  return result;
}

Result<FormIntake> take_form(Storage& storage, const Uuid& tenant_id, FormAddition addition,
                             Language language) {
  FormIntake intake;
  intake.form = read_form_file(addition.source, addition.file_name, language);
  if (intake.form.ok() && (intake.form.version.empty() || intake.form.form_id.empty())) {
    refuse(intake.form, text(language, "server.forms.no_version"));
  }
  if (!intake.form.ok()) return intake;
  const FormVersion version{intake.form.form_id, intake.form.version, intake.form.title,
                            intake.form.xform_xml};
  const auto added = storage.add_form(tenant_id, version, addition);
  if (!added && added.error().code == ErrorCode::AlreadyExists) {
    return Error(ErrorCode::AlreadyExists, text(language, "server.forms.taken",
                                                {{"version", version.version}, {"form", version.form_id}}));
  }
  if (!added) return added.error();
  intake.stored = true;
  return intake;
}

}  // namespace terreno::server
