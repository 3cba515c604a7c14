#pragma once

#include <string>
#include <vector>

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

/// "A" for 0, "AB" for 27.
std::string column_letters(int column);

}  // namespace terreno::forms
