#include "tests/conformance/fixture_files.hpp"

#include <fstream>
#include <iterator>

#include "core/forms/compiled_form.hpp"
#include "core/forms/list_reader.hpp"
#include "core/forms/xlsform.hpp"

namespace terreno::test {
namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string form_refusal(const std::string& content, const std::filesystem::path& file) {
  if (file.extension() == ".xml" || file.extension() == ".xhtml") {
    const auto form = forms::compile_xform(content);
    return form ? "" : form.error().message;
  }
  forms::XlsFormOptions options;
  options.language = Language::English;
  options.form_id = file.stem().string();
  const auto converted = forms::convert_xlsform(as_bytes(content), options);
  for (const forms::FormIssue& issue : converted.issues) {
    if (issue.error) return issue.sheet + (issue.cell.empty() ? "" : " " + issue.cell) + ": " + issue.message;
  }
  return {};
}

std::string list_refusal(const std::string& content, const std::filesystem::path& file) {
  forms::NameTable names;
  const auto list = forms::read_list_file(file.filename().string(), content, names);
  return list ? "" : list.error().message;
}

}  // namespace

FixtureKind fixture_kind(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  const bool of_pyxform = file.string().find("/pyxform/") != std::string::npos;
  if (extension == ".xml" || extension == ".xhtml" || extension == ".xlsx" || extension == ".xls")
    return FixtureKind::Form;
  if (extension == ".md") return of_pyxform ? FixtureKind::Form : FixtureKind::Other;
  if (extension == ".csv") return of_pyxform ? FixtureKind::Form : FixtureKind::List;
  return extension == ".geojson" ? FixtureKind::List : FixtureKind::Other;
}

std::string fixture_refusal(const std::filesystem::path& file) {
  const std::string content = content_of(file);
  return fixture_kind(file) == FixtureKind::List ? list_refusal(content, file) : form_refusal(content, file);
}

}  // namespace terreno::test
