#include <xlsxwriter.h>

#include <algorithm>
#include <set>

#include "core/base/error.hpp"
#include "server/reports/table_writer.hpp"

namespace terreno::server {
namespace {

constexpr std::size_t kMaxCellChars = 32'767;
constexpr std::size_t kMaxSheetName = 31;
constexpr double kColumnWidth = 16;

/// Cut to what a cell holds. Excel counts UTF-16 units, of which a byte of UTF-8 makes at most one.
std::string cut(const std::string& text) {
  if (text.size() <= kMaxCellChars) return text;
  constexpr std::string_view kMore = "…";
  std::size_t end = kMaxCellChars - kMore.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end).append(kMore);
}

class XlsxFile final : public TableWriter {
 public:
  explicit XlsxFile(const std::filesystem::path& to) {
    std::string folder = to.parent_path().string();
    lxw_workbook_options options{};
    // Rows go to a file at once: memory stays the same whatever their number.
    options.constant_memory = LXW_TRUE;
    options.tmpdir = folder.data();
    book_ = workbook_new_opt(to.c_str(), &options);
    if (book_ == nullptr) throw Error(ErrorCode::Io, "the workbook could not be made");
    head_ = format("");
    format_set_bold(head_);
    date_ = format("yyyy-mm-dd");
    time_ = format("hh:mm:ss");
    moment_ = format("yyyy-mm-dd hh:mm:ss");
  }
  ~XlsxFile() override {
    if (book_ != nullptr) workbook_close(book_);
  }
  XlsxFile(const XlsxFile&) = delete;
  XlsxFile& operator=(const XlsxFile&) = delete;

  void begin(const std::string& name, const std::vector<std::vector<std::string>>& head) override {
    Sheet sheet{workbook_add_worksheet(book_, free_name(name).c_str()), 0};
    if (sheet.sheet == nullptr) throw Error(ErrorCode::Io, "the workbook takes no more sheets");
    const auto columns = static_cast<lxw_col_t>(head.empty() ? 0 : head.front().size());
    if (columns > LXW_COL_MAX) throw Error(ErrorCode::TooLarge, "a sheet holds at most 16384 columns");
    if (columns > 0) {
      worksheet_set_column(sheet.sheet, 0, static_cast<lxw_col_t>(columns - 1), kColumnWidth, nullptr);
    }
    worksheet_freeze_panes(sheet.sheet, static_cast<lxw_row_t>(head.size()), 1);
    for (const auto& names : head) {
      lxw_col_t column = 0;
      for (const std::string& one : names) {
        check(worksheet_write_string(sheet.sheet, sheet.next, column++, cut(one).c_str(), head_));
      }
      ++sheet.next;
    }
    sheets_.push_back(sheet);
  }

  void row(std::size_t table, const std::vector<Cell>& cells) override {
    Sheet& sheet = sheets_.at(table);
    if (sheet.next >= LXW_ROW_MAX) throw Error(ErrorCode::TooLarge, "a sheet holds at most 1048576 rows");
    lxw_col_t column = 0;
    for (const Cell& cell : cells) put(sheet, column++, cell);
    ++sheet.next;
  }

  void finish() override {
    lxw_workbook* book = std::exchange(book_, nullptr);
    check(workbook_close(book));
  }

 private:
  struct Sheet {
    lxw_worksheet* sheet;
    lxw_row_t next;
  };

  lxw_format* format(const char* numbers) {
    lxw_format* made = workbook_add_format(book_);
    if (*numbers != '\0') format_set_num_format(made, numbers);
    return made;
  }

  static void check(lxw_error error) {
    if (error != LXW_NO_ERROR)
      throw Error(ErrorCode::DiskFull, std::string("the workbook: ") + lxw_strerror(error));
  }

  void put(const Sheet& sheet, lxw_col_t column, const Cell& cell) {
    if (cell.text.empty()) return;
    switch (cell.kind) {
      case Cell::Kind::Text:
        // Written as a string, which no spreadsheet runs, whatever it begins with.
        return check(
            worksheet_write_string(sheet.sheet, sheet.next, column, cut(cell.text).c_str(), nullptr));
      case Cell::Kind::Number:
        return check(worksheet_write_number(sheet.sheet, sheet.next, column, cell.number, nullptr));
      case Cell::Kind::Date:
        return check(worksheet_write_number(sheet.sheet, sheet.next, column, cell.number, date_));
      case Cell::Kind::Time:
        return check(worksheet_write_number(sheet.sheet, sheet.next, column, cell.number, time_));
      case Cell::Kind::DateTime:
        return check(worksheet_write_number(sheet.sheet, sheet.next, column, cell.number, moment_));
    }
  }

  /// A name that Excel takes, unlike those given before whatever their case.
  std::string free_name(const std::string& wanted) {
    std::string base;
    for (const char c : wanted)
      base.push_back(std::string_view("[]:*?/\\'").find(c) == std::string_view::npos ? c : '_');
    for (int number = 1;; ++number) {
      const std::string tail = number == 1 ? "" : " " + std::to_string(number);
      std::size_t end = std::min(base.size(), kMaxSheetName - tail.size());
      while (end > 0 && end < base.size() && (static_cast<unsigned char>(base[end]) & 0xC0U) == 0x80U) --end;
      std::string name = base.substr(0, end) + tail;
      std::string folded = name;
      std::transform(folded.begin(), folded.end(), folded.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      if (names_.insert(folded).second) return name;
    }
  }

  lxw_workbook* book_ = nullptr;
  lxw_format* head_ = nullptr;
  lxw_format* date_ = nullptr;
  lxw_format* time_ = nullptr;
  lxw_format* moment_ = nullptr;
  std::vector<Sheet> sheets_;
  std::set<std::string> names_;
};

}  // namespace

std::unique_ptr<TableWriter> open_xlsx(const std::filesystem::path& to) {
  return std::make_unique<XlsxFile>(to);
}

}  // namespace terreno::server
