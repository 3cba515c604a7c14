#include "core/forms/xls_reader.hpp"

#include <freexl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>

#include "core/forms/limits.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

Error broken(std::string what) {
  return {ErrorCode::MalformedBytes, "The file is no Excel workbook (.xls): " + std::move(what)};
}
Error too_large() {
  return {ErrorCode::TooLarge, "the workbook has too many sheets, rows, columns or cells."};
}

/// The library reads files only: the bytes get a name that lives as long as this.
class MemoryFile {
 public:
  explicit MemoryFile(ByteView bytes) : descriptor_(memfd_create("workbook", 0)) {
    for (std::size_t written = 0; descriptor_ >= 0 && written < bytes.size();) {
      const ssize_t now = write(descriptor_, bytes.data() + written, bytes.size() - written);
      if (now <= 0) return;
      written += static_cast<std::size_t>(now);
    }
    complete_ = descriptor_ >= 0;
  }
  ~MemoryFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  bool complete() const { return complete_; }
  std::string name() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_ = -1;
  bool complete_ = false;
};

struct Closer {
  void operator()(const void* workbook) const { freexl_close(workbook); }
};
using Workbook = std::unique_ptr<const void, Closer>;

std::string cell_text(const FreeXL_CellValue& cell) {
  switch (cell.type) {
    case FREEXL_CELL_INT:
      return std::to_string(cell.value.int_value);
    case FREEXL_CELL_DOUBLE:
      return number_to_text(cell.value.double_value);
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME:
      return cell.value.text_value == nullptr ? std::string() : std::string(cell.value.text_value);
    default:
      return {};
  }
}

/// Reads the active sheet; false when it is beyond a limit.
bool read_cells(const void* workbook, Sheet& sheet, std::size_t& cells) {
  unsigned rows = 0;
  unsigned short columns = 0;
  if (freexl_worksheet_dimensions(workbook, &rows, &columns) != FREEXL_OK) return true;
  if (columns > kMaxSheetColumns) columns = static_cast<unsigned short>(kMaxSheetColumns);
  for (unsigned r = 0; r < rows; ++r) {
    SheetRow row{static_cast<int>(r) + 1, {}};
    for (unsigned short c = 0; c < columns; ++c) {
      FreeXL_CellValue value{};
      if (freexl_get_cell_value(workbook, r, c, &value) != FREEXL_OK) continue;
      std::string text = cell_text(value);
      if (trimmed(text).empty()) continue;
      row.cells.push_back({c, std::move(text)});
    }
    cells += row.cells.size();
    if (!row.cells.empty()) sheet.rows.push_back(std::move(row));
    if (sheet.rows.size() > kMaxSheetRows || cells > kMaxSheetCells) return false;
  }
  return true;
}

}  // namespace

Result<std::vector<Sheet>> read_xls(ByteView xls) {
  const MemoryFile file(xls);
  if (!file.complete()) return broken("it cannot be read.");
  const void* handle = nullptr;
  if (freexl_open(file.name().c_str(), &handle) != FREEXL_OK) return broken("its content is damaged.");
  const Workbook workbook(handle);
  unsigned sheets = 0;
  if (freexl_get_info(handle, FREEXL_BIFF_SHEET_COUNT, &sheets) != FREEXL_OK)
    return broken("it has no sheets.");
  if (sheets > kMaxSheets) return too_large();
  std::vector<Sheet> made;
  std::size_t cells = 0;
  for (unsigned short i = 0; i < sheets; ++i) {
    const char* name = nullptr;
    if (freexl_get_worksheet_name(handle, i, &name) != FREEXL_OK || name == nullptr) continue;
    made.push_back({name, {}});
    if (freexl_select_active_worksheet(handle, i) != FREEXL_OK) continue;
    if (!read_cells(handle, made.back(), cells)) return too_large();
  }
  return made;
}

}  // namespace terreno::forms
