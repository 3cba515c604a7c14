#include "core/forms/xlsx_reader.hpp"

#include <minizip/unzip.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>
#include <memory>
#include <pugixml.hpp>

#include "core/forms/limits.hpp"
#include "core/forms/xml_tree.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

Error broken(std::string what) {
  return {ErrorCode::MalformedBytes, "The file is no Excel workbook (.xlsx): " + std::move(what)};
}
Error too_large(std::string what) { return {ErrorCode::TooLarge, std::move(what)}; }

/// Lets minizip read from memory.
struct MemoryFile {
  ByteView bytes;
  std::uint64_t at = 0;
};

voidpf open_memory(voidpf opaque, const void*, int) { return opaque; }
uLong read_memory(voidpf, voidpf stream, void* out, uLong size) {
  auto* const file = static_cast<MemoryFile*>(stream);
  const std::uint64_t left = file->bytes.size() - std::min<std::uint64_t>(file->at, file->bytes.size());
  const std::uint64_t count = std::min<std::uint64_t>(size, left);
  if (count > 0) std::memcpy(out, file->bytes.data() + file->at, count);
  file->at += count;
  return static_cast<uLong>(count);
}
uLong write_memory(voidpf, voidpf, const void*, uLong) { return 0; }
ZPOS64_T tell_memory(voidpf, voidpf stream) { return static_cast<MemoryFile*>(stream)->at; }
long seek_memory(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  auto* const file = static_cast<MemoryFile*>(stream);
  std::uint64_t base = 0;
  if (origin == ZLIB_FILEFUNC_SEEK_CUR) base = file->at;
  if (origin == ZLIB_FILEFUNC_SEEK_END) base = file->bytes.size();
  if (base + offset > file->bytes.size()) return -1;
  file->at = base + offset;
  return 0;
}
int close_memory(voidpf, voidpf) { return 0; }
int error_memory(voidpf, voidpf) { return 0; }

/// An open zip archive; every entry is unpacked within its limit.
class Archive {
 public:
  explicit Archive(ByteView bytes) : file_{bytes, 0} {
    zlib_filefunc64_def functions{};
    functions.zopen64_file = open_memory;
    functions.zread_file = read_memory;
    functions.zwrite_file = write_memory;
    functions.ztell64_file = tell_memory;
    functions.zseek64_file = seek_memory;
    functions.zclose_file = close_memory;
    functions.zerror_file = error_memory;
    functions.opaque = &file_;
    zip_ = unzOpen2_64("", &functions);
  }
  ~Archive() {
    if (zip_) unzClose(zip_);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  bool is_open() const { return zip_ != nullptr; }

  bool too_many_entries() const {
    unz_global_info64 info{};
    return unzGetGlobalInfo64(zip_, &info) != UNZ_OK || info.number_entry > kMaxZipEntries;
  }

  /// The unpacked entry; NotFound when the archive has none of this name.
  Result<std::string> entry(const std::string& name) {
    constexpr int kIgnoreCase = 2;
    if (unzLocateFile(zip_, name.c_str(), kIgnoreCase) != UNZ_OK)
      return Error(ErrorCode::NotFound, "it has no " + name + ".");
    if (unzOpenCurrentFile(zip_) != UNZ_OK) return broken(name + " cannot be unpacked.");
    std::string out;
    std::vector<char> piece(64U << 10U);
    int count = 0;
    // The size the archive claims is not believed; what comes out is counted.
    while ((count = unzReadCurrentFile(zip_, piece.data(), static_cast<unsigned>(piece.size()))) > 0) {
      out.append(piece.data(), static_cast<std::size_t>(count));
      if (out.size() > kMaxZipEntryBytes) break;
    }
    unzCloseCurrentFile(zip_);
    if (out.size() > kMaxZipEntryBytes)
      return too_large("The workbook's part " + name + " is too large when unpacked.");
    if (count < 0) return broken(name + " is damaged.");
    return out;
  }

 private:
  MemoryFile file_;
  unzFile zip_ = nullptr;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool is_form_sheet(std::string_view name) {
  return name == "survey" || name == "choices" || name == "settings" || name == "entities" ||
         name == "external_choices" || name == "osm";
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& found : node.children()) {
    if (local_part(found.name()) == name) return found;
  }
  return {};
}

/// The text of a shared or inline string: its own <t> or those of its rich runs, without phonetic hints.
std::string string_item(const pugi::xml_node& item) {
  std::string text;
  for (const pugi::xml_node& part : item.children()) {
    if (local_part(part.name()) == "t") text += part.text().get();
    if (local_part(part.name()) == "r") text += child(part, "t").text().get();
  }
  return text;
}

Result<std::vector<std::string>> shared_strings(Archive& archive) {
  std::vector<std::string> strings;
  auto xml = archive.entry("xl/sharedStrings.xml");
  if (!xml && xml.error().code == ErrorCode::NotFound) return strings;
  if (!xml) return xml.error();
  pugi::xml_document document;
  if (const auto parsed = parse_xml(*xml, document); !parsed)
    return broken("sharedStrings.xml: " + parsed.error().message);
  for (const pugi::xml_node& item : document.document_element().children()) {
    if (local_part(item.name()) == "si") strings.push_back(string_item(item));
  }
  return strings;
}

/// Relationship id to path inside the archive.
Result<std::map<std::string, std::string>> relations(Archive& archive) {
  auto xml = archive.entry("xl/_rels/workbook.xml.rels");
  if (!xml) return broken("it has no list of sheets.");
  pugi::xml_document document;
  if (const auto parsed = parse_xml(*xml, document); !parsed)
    return broken("workbook.xml.rels: " + parsed.error().message);
  std::map<std::string, std::string> paths;
  for (const pugi::xml_node& relation : document.document_element().children()) {
    std::string target = relation.attribute("Target").value();
    target = target.starts_with('/') ? target.substr(1) : "xl/" + target;
    paths[relation.attribute("Id").value()] = std::move(target);
  }
  return paths;
}

/// "AB12" to column 27; -1 when it is no reference or beyond the limit.
int column_of(std::string_view reference) {
  int column = 0;
  std::size_t i = 0;
  for (; i < reference.size() && reference[i] >= 'A' && reference[i] <= 'Z'; ++i) {
    column = column * 26 + (reference[i] - 'A' + 1);
    if (column > static_cast<int>(kMaxSheetColumns)) return -1;
  }
  return i == 0 ? -1 : column - 1;
}

std::string general_number(const std::string& raw) {
  double value = 0;
  const auto read = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  return read.ec == std::errc{} && read.ptr == raw.data() + raw.size() ? number_to_text(value) : raw;
}

std::string cell_text(const pugi::xml_node& cell, const std::vector<std::string>& strings) {
  const std::string type = cell.attribute("t").value();
  if (type == "inlineStr") return string_item(child(cell, "is"));
  const std::string raw = child(cell, "v").text().get();
  if (type == "s") {
    std::size_t index = strings.size();
    std::from_chars(raw.data(), raw.data() + raw.size(), index);
    return index < strings.size() ? strings[index] : std::string();
  }
  if (type == "b") return raw == "1" ? "TRUE" : "FALSE";
  if (type == "str" || type == "e" || type == "d") return raw;
  return general_number(raw);
}

/// Reads one row; false when a limit is reached.
bool read_row(const pugi::xml_node& source, const std::vector<std::string>& strings, int fallback_number,
              Sheet& sheet, std::size_t& cells) {
  SheetRow row;
  row.number = source.attribute("r").as_int(fallback_number);
  int next_column = 0;
  for (const pugi::xml_node& cell : source.children()) {
    if (local_part(cell.name()) != "c") continue;
    const pugi::xml_attribute reference = cell.attribute("r");
    const int column = reference ? column_of(reference.value()) : next_column;
    std::string text = cell_text(cell, strings);
    if (column >= 0) next_column = column + 1;
    // Formatted cells without content may lie anywhere.
    if (trimmed(text).empty()) continue;
    if (column < 0 || column >= static_cast<int>(kMaxSheetColumns)) return false;
    if (++cells > kMaxSheetCells) return false;
    row.cells.push_back({column, std::move(text)});
  }
  if (!row.cells.empty()) sheet.rows.push_back(std::move(row));
  return sheet.rows.size() <= kMaxSheetRows;
}

Result<Sheet> read_sheet(Archive& archive, const std::string& path, std::string name,
                         const std::vector<std::string>& strings) {
  auto xml = archive.entry(path);
  if (!xml) return xml.error().code == ErrorCode::NotFound ? broken(xml.error().message) : xml.error();
  pugi::xml_document document;
  if (const auto parsed = parse_xml(*xml, document); !parsed)
    return broken("sheet " + name + ": " + parsed.error().message);
  Sheet sheet{std::move(name), {}};
  std::size_t cells = 0;
  int number = 0;
  for (const pugi::xml_node& row : child(document.document_element(), "sheetData").children()) {
    if (local_part(row.name()) != "row") continue;
    ++number;
    if (!read_row(row, strings, number, sheet, cells)) {
      return too_large("The sheet '" + sheet.name + "' has more than " + std::to_string(kMaxSheetRows) +
                       " rows, " + std::to_string(kMaxSheetColumns) + " columns or " +
                       std::to_string(kMaxSheetCells) + " cells.");
    }
  }
  return sheet;
}

}  // namespace

Result<std::vector<Sheet>> read_xlsx(ByteView xlsx) {
  if (xlsx.size() > kMaxXlsxBytes)
    return too_large("The workbook is over " + std::to_string(kMaxXlsxBytes >> 20U) + " MB.");
  Archive archive(xlsx);
  if (!archive.is_open()) return broken("it is no zip archive. Save the form as .xlsx and upload it again.");
  if (archive.too_many_entries()) return too_large("The workbook holds too many parts.");
  auto xml = archive.entry("xl/workbook.xml");
  if (!xml) return xml.error().code == ErrorCode::NotFound ? broken("it has no workbook.xml.") : xml.error();
  pugi::xml_document document;
  if (const auto parsed = parse_xml(*xml, document); !parsed)
    return broken("workbook.xml: " + parsed.error().message);
  const auto paths = relations(archive);
  if (!paths) return paths.error();
  const auto strings = shared_strings(archive);
  if (!strings) return strings.error();
  std::vector<Sheet> sheets;
  std::size_t count = 0;
  const pugi::xml_node list = child(document.document_element(), "sheets");
  const bool only_one = !list.first_child().next_sibling();
  for (const pugi::xml_node& entry : list.children()) {
    if (++count > kMaxSheets)
      return too_large("The workbook has more than " + std::to_string(kMaxSheets) + " sheets.");
    const std::string name(trimmed(entry.attribute("name").value()));
    if (!only_one && !is_form_sheet(lower(name))) {
      sheets.push_back({name, {}});
      continue;
    }
    std::string id;
    for (const pugi::xml_attribute& attribute : entry.attributes()) {
      if (local_part(attribute.name()) == "id") id = attribute.value();
    }
    const auto path = paths->find(id);
    if (path == paths->end()) return broken("sheet '" + name + "' has no content.");
    auto sheet = read_sheet(archive, path->second, name, *strings);
    if (!sheet) return sheet.error();
    sheets.push_back(std::move(*sheet));
  }
  return sheets;
}

}  // namespace terreno::forms
