#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace terreno::server {

/// One field of a table. `text` is the answer as it was given; what a spreadsheet can count with carries its
/// number as well.
struct Cell {
  enum class Kind : std::uint8_t { Text, Number, Date, Time, DateTime };
  Kind kind = Kind::Text;
  std::string text;   ///< empty: the field is empty
  double number = 0;  ///< of Date, Time and DateTime: days since 1899-12-30, as spreadsheets count
};

/// Takes tables row by row and keeps none of them in memory.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  /// Begins the next table; they count from 0. `head` are the rows above its first.
  virtual void begin(const std::string& name, const std::vector<std::vector<std::string>>& head) = 0;
  /// Appends to a table that was begun. TooLarge (thrown) when the format holds no more rows.
  virtual void row(std::size_t table, const std::vector<Cell>& cells) = 0;
  /// Writes what is left. Io or DiskFull (thrown).
  virtual void finish() = 0;
};

/// One table as CSV (RFC 4180, UTF-8 with BOM): table `only`, the others are left out. A text that a
/// spreadsheet would run as a formula gets an apostrophe before it.
std::unique_ptr<TableWriter> open_csv(const std::filesystem::path& to, std::size_t only);

/// All tables as sheets of one workbook: numbers are numbers, dates dates, and a text never is a formula.
std::unique_ptr<TableWriter> open_xlsx(const std::filesystem::path& to);

}  // namespace terreno::server
