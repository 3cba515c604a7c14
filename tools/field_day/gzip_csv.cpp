#include "tools/field_day/gzip_csv.hpp"

#include <zlib.h>

#include <array>
#include <cstdlib>
#include <sstream>

#include "core/base/error.hpp"

namespace terreno::field_day {

GzipCsv::GzipCsv(const std::string& path) : file_(gzopen(path.c_str(), "rb")) {
  if (file_ == nullptr) throw Error(ErrorCode::NotFound, "cannot read " + path);
  std::vector<std::string> heading;
  read_line(heading);
  for (std::size_t i = 0; i < heading.size(); ++i) columns_[heading[i]] = i;
}

GzipCsv::~GzipCsv() { gzclose(static_cast<gzFile>(file_)); }

bool GzipCsv::read_line(std::vector<std::string>& cells) {
  std::array<char, 2048> line{};
  if (gzgets(static_cast<gzFile>(file_), line.data(), static_cast<int>(line.size())) == nullptr) return false;
  std::string text(line.data());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  cells.clear();
  std::istringstream in(text);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return true;
}

bool GzipCsv::next() { return read_line(cells_); }

const std::string& GzipCsv::text(const std::string& column) const {
  static const std::string nothing;
  const auto found = columns_.find(column);
  return found == columns_.end() || found->second >= cells_.size() ? nothing : cells_[found->second];
}

double GzipCsv::number(const std::string& column, double otherwise) const {
  const std::string& cell = text(column);
  char* end = nullptr;
  const double value = std::strtod(cell.c_str(), &end);
  return cell.empty() || *end != '\0' ? otherwise : value;
}

}  // namespace terreno::field_day
