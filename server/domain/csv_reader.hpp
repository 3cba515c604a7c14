#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace terreno::server {

/// One record of a CSV file.
struct CsvRecord {
  std::uint32_t line = 0;       ///< where it begins, from 1
  std::uint32_t last_line = 0;  ///< where it ends: later when a quoted cell has line breaks
  /// Text goes on after a closing quote: inner quotes are not doubled, or a quote that was never closed has
  /// swallowed lines up to the next one.
  bool loose_quote = false;
  std::vector<std::string> cells;
};

/// Reads RFC 4180 with what people's spreadsheets make of it: comma, semicolon or tab (whichever the first
/// line has most of), quotes with doubled quotes and line breaks inside, LF or CRLF, a byte-order mark. Blank
/// lines are passed over.
class CsvReader {
 public:
  /// `text` must outlive the reader.
  explicit CsvReader(std::string_view text);

  /// The next record; nothing at the end.
  std::optional<CsvRecord> next();
  /// The line of a quote that was never closed: the record that next() gave last holds all that followed.
  std::optional<std::uint32_t> open_quote_line() const { return open_quote_line_; }
  char separator() const { return separator_; }

 private:
  CsvRecord read_record();
  std::string read_quoted(bool& loose);

  std::string_view rest_;
  std::uint32_t line_ = 1;
  char separator_ = ',';
  std::optional<std::uint32_t> open_quote_line_;
};

/// Where text stops being UTF-8.
struct EncodingFault {
  std::uint32_t line = 0;    ///< from 1
  std::uint32_t column = 0;  ///< byte in the line, from 1
  std::uint8_t byte = 0;
};
std::optional<EncodingFault> find_encoding_fault(std::string_view text);

}  // namespace terreno::server
