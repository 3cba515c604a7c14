#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"

namespace terreno::test {

/// Rows of cells as text, the first row with the headings.
using Table = std::vector<std::vector<std::string>>;

/// An uncompressed zip of the given entries.
Bytes make_zip(const std::vector<std::pair<std::string, std::string>>& entries);

/// A minimal .xlsx with these sheets.
Bytes make_workbook(const std::vector<std::pair<std::string, Table>>& sheets);

/// "type | name | label" lines into a Table; blank lines are rows without content.
Table table(std::string_view lines);

}  // namespace terreno::test
