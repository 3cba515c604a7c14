#include <fstream>

#include "core/base/error.hpp"
#include "server/reports/table_writer.hpp"

namespace terreno::server {
namespace {

/// Whether a spreadsheet that opens the file would take the text for a formula.
bool looks_like_formula(const std::string& text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

void append_field(std::string& out, const std::string& text, bool is_text) {
  const bool quoted = text.find_first_of(",\"\r\n") != std::string::npos;
  if (quoted) out.push_back('"');
  if (is_text && looks_like_formula(text)) out.push_back('\'');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  if (quoted) out.push_back('"');
}

class CsvFile final : public TableWriter {
 public:
  CsvFile(const std::filesystem::path& to, std::size_t only)
      : file_(to, std::ios::binary | std::ios::trunc), only_(only) {
    file_ << "\xEF\xBB\xBF";
  }

  void begin(const std::string&, const std::vector<std::vector<std::string>>& head) override {
    if (begun_++ != only_) return;
    for (const auto& names : head) {
      line_.clear();
      for (const std::string& name : names) {
        if (!line_.empty() || &name != &names.front()) line_.push_back(',');
        append_field(line_, name, true);
      }
      put_line();
    }
  }

  void row(std::size_t table, const std::vector<Cell>& cells) override {
    if (table != only_) return;
    line_.clear();
    for (const Cell& cell : cells) {
      if (&cell != &cells.front()) line_.push_back(',');
      append_field(line_, cell.text, cell.kind == Cell::Kind::Text);
    }
    put_line();
  }

  void finish() override {
    file_.flush();
    if (!file_) throw Error(ErrorCode::DiskFull, "the table could not be written");
  }

 private:
  void put_line() {
    line_ += "\r\n";
    file_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
    if (!file_) throw Error(ErrorCode::DiskFull, "the table could not be written");
  }

  std::ofstream file_;
  const std::size_t only_;
  std::size_t begun_ = 0;
  std::string line_;
};

}  // namespace

std::unique_ptr<TableWriter> open_csv(const std::filesystem::path& to, std::size_t only) {
  return std::make_unique<CsvFile>(to, only);
}

}  // namespace terreno::server
