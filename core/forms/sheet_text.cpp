// Sheets written as text: Markdown tables and CSV.
#include <algorithm>

#include "core/forms/form_file.hpp"
#include "core/forms/limits.hpp"
#include "core/forms/xlsform_names.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

/// Collects rows; the first cell names a sheet or is empty.
class SheetMaker {
 public:
  /// False when a limit is reached.
  bool add(const std::vector<std::string>& cells) {
    if (cells.empty()) return true;
    const std::string_view name = trimmed(cells.front());
    if (!name.empty()) {
      if (sheets_.size() == kMaxSheets) return false;
      sheets_.push_back({std::string(name), {}});
    }
    if (sheets_.empty()) return true;
    SheetRow row{static_cast<int>(sheets_.back().rows.size()) + 1, {}};
    for (std::size_t i = 1; i < cells.size(); ++i) {
      const std::string_view text = trimmed(cells[i]);
      if (!text.empty()) row.cells.push_back({static_cast<int>(i) - 1, std::string(text)});
    }
    if (row.cells.empty()) return true;
    cells_ += row.cells.size();
    sheets_.back().rows.push_back(std::move(row));
    return sheets_.back().rows.size() <= kMaxSheetRows && cells.size() <= kMaxSheetColumns &&
           cells_ <= kMaxSheetCells;
  }
  std::vector<Sheet> take() { return std::move(sheets_); }

 private:
  std::vector<Sheet> sheets_;
  std::size_t cells_ = 0;
};

Error too_large() {
  return {ErrorCode::TooLarge, "the tables have too many sheets, rows, columns or cells."};
}

/// The cells between the bars of a line; nothing when the line is no row of a table.
std::vector<std::string> markdown_cells(std::string_view line) {
  line = trimmed(line);
  const std::size_t last_bar = line.rfind('|');
  if (!line.starts_with('|') || last_bar == 0 || last_bar == std::string_view::npos) return {};
  // What follows the last bar is a remark.
  line = line.substr(1, last_bar - 1);
  if (line.find_first_not_of("|-: ") == std::string_view::npos && line.find('-') != std::string_view::npos)
    return {};
  std::vector<std::string> cells(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|')
      cells.back() += line[++i];
    else if (line[i] == '|')
      cells.emplace_back();
    else
      cells.back() += line[i];
  }
  return cells;
}

/// Reads one record, quoted cells and their line breaks included.
std::vector<std::string> csv_record(std::string_view text, std::size_t& at) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c != '"')
        cells.back() += c;
      else if (at + 1 < text.size() && text[at + 1] == '"')
        cells.back() += text[++at];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      ++at;
      return cells;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

}  // namespace

Result<std::vector<Sheet>> read_markdown_sheets(std::string_view text) {
  text = without_mark(text);
  SheetMaker maker;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trimmed(text.substr(at, end - at));
    at = end + 1;
    if (!line.starts_with('#') && !maker.add(markdown_cells(line))) return too_large();
  }
  return maker.take();
}

Result<std::vector<Sheet>> read_csv_sheets(std::string_view text) {
  text = without_mark(text);
  SheetMaker maker;
  for (std::size_t at = 0; at < text.size();) {
    if (!maker.add(csv_record(text, at))) return too_large();
  }
  return maker.take();
}

}  // namespace terreno::forms
