#pragma once

#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/forms/sheet.hpp"

namespace terreno::forms {

/// The sheets of an XLSForm in any of its forms: .xlsx, .xls, Markdown tables or CSV; the bytes say which.
/// Within limits.hpp; MalformedBytes or TooLarge say what is wrong.
Result<std::vector<Sheet>> read_form_file(ByteView file);

/// Tables of Markdown: the name of a sheet stands in the first column, before its rows; "|" may be written
/// "\|". Rows without content are not counted.
Result<std::vector<Sheet>> read_markdown_sheets(std::string_view text);

/// One CSV for all sheets: the name of a sheet stands in the first column, before its rows.
Result<std::vector<Sheet>> read_csv_sheets(std::string_view text);

}  // namespace terreno::forms
