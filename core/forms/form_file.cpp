#include "core/forms/form_file.hpp"

#include <algorithm>

#include "core/forms/limits.hpp"
#include "core/forms/xls_reader.hpp"
#include "core/forms/xlsx_reader.hpp"

namespace terreno::forms {
namespace {

std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool begins_as(ByteView file, std::string_view mark) { return as_text(file).starts_with(mark); }

}  // namespace

Result<std::vector<Sheet>> read_form_file(ByteView file) {
  if (file.size() > kMaxXlsxBytes)
    return Error(ErrorCode::TooLarge, "the file is over " + std::to_string(kMaxXlsxBytes >> 20U) + " MB.");
  if (begins_as(file, "PK")) return read_xlsx(file);
  if (begins_as(file, "\xD0\xCF\x11\xE0")) return read_xls(file);
  const std::string_view text = as_text(file);
  constexpr std::size_t kLookedAt = 5000;
  const std::string_view head = text.substr(0, kLookedAt);
  if (head.find('\0') == std::string_view::npos) {
    // The smallest form that does anything has five bars or four commas.
    if (std::count(head.begin(), head.end(), '|') >= 5) return read_markdown_sheets(text);
    if (std::count(head.begin(), head.end(), ',') >= 4) return read_csv_sheets(text);
  }
  return Error(ErrorCode::MalformedBytes,
               "it is no zip archive (.xlsx), no .xls workbook, no table in Markdown and no CSV.");
}

}  // namespace terreno::forms
