#pragma once

#include <map>
#include <string>
#include <vector>

namespace terreno::field_day {

/// Reads a gzipped CSV with a heading line by line, by the names of its columns. No quotes are expected.
class GzipCsv {
 public:
  /// Throws NotFound.
  explicit GzipCsv(const std::string& path);
  ~GzipCsv();
  GzipCsv(const GzipCsv&) = delete;
  GzipCsv& operator=(const GzipCsv&) = delete;

  /// False at the end.
  bool next();
  /// Empty when there is no such column.
  const std::string& text(const std::string& column) const;
  /// `otherwise` when the cell is empty or no number.
  double number(const std::string& column, double otherwise) const;

 private:
  bool read_line(std::vector<std::string>& cells);
  void* file_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::string> cells_;
};

}  // namespace terreno::field_day
