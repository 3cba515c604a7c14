#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace terreno::forms {

struct SheetCell {
  int column = 0;  ///< from 0
  std::string text;
};

struct SheetRow {
  int number = 0;                ///< as Excel shows it, from 1
  std::vector<SheetCell> cells;  ///< those with content, by column
};

struct Sheet {
  std::string name;
  std::vector<SheetRow> rows;  ///< those with content
};

/// Reads the cells of a workbook as text: a number as Excel's general format would show it, TRUE and FALSE
/// for booleans, formulas by their stored value. Sheets not in `wanted` (lower case) are left out. Within the
/// limits of limits.hpp; MalformedBytes or TooLarge say what is wrong.
Result<std::vector<Sheet>> read_xlsx(ByteView xlsx, const std::vector<std::string>& wanted);

/// "A" for 0, "AB" for 27.
std::string column_letters(int column);

}  // namespace terreno::forms
