#include "tests/unit/forms/workbook_maker.hpp"

#include <array>
#include <sstream>

#include "core/forms/sheet.hpp"
#include "core/forms/xml_element.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::test {
namespace {

std::uint32_t crc32_of(std::string_view text) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

void put(Bytes& out, std::uint64_t value, int size) {
  // Shifted byte by byte: fields of more than eight bytes are padding.
  for (int i = 0; i < size; ++i, value >>= 8) out.push_back(static_cast<std::uint8_t>(value));
}

void put(Bytes& out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }

/// What local header and directory entry share: version to date, checksum, sizes, length of the name.
void put_description(Bytes& out, const std::string& name, const std::string& content) {
  put(out, 20, 2);
  put(out, 0, 2);
  put(out, 0, 2);
  put(out, 0, 4);
  put(out, crc32_of(content), 4);
  put(out, content.size(), 4);
  put(out, content.size(), 4);
  put(out, name.size(), 2);
  put(out, 0, 2);
}

std::string sheet_xml(const Table& rows) {
  std::string out =
      "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += "<row r=\"" + std::to_string(r + 1) + "\">";
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      if (rows[r][c].empty()) continue;
      out += "<c r=\"" + forms::column_letters(static_cast<int>(c)) + std::to_string(r + 1) +
             "\" t=\"inlineStr\"><is><t>" + forms::xml_escaped(rows[r][c]) + "</t></is></c>";
    }
    out += "</row>";
  }
  return out + "</sheetData></worksheet>";
}

}  // namespace

Bytes make_zip(const std::vector<std::pair<std::string, std::string>>& entries) {
  Bytes out;
  Bytes directory;
  for (const auto& [name, content] : entries) {
    const std::size_t offset = out.size();
    put(out, 0x04034B50, 4);
    put_description(out, name, content);
    put(out, name);
    put(out, content);
    put(directory, 0x02014B50, 4);
    put(directory, 20, 2);
    put_description(directory, name, content);
    put(directory, 0, 2 + 2 + 2 + 4);
    put(directory, offset, 4);
    put(directory, name);
  }
  const std::size_t start = out.size();
  out.insert(out.end(), directory.begin(), directory.end());
  put(out, 0x06054B50, 4);
  put(out, 0, 4);
  put(out, entries.size(), 2);
  put(out, entries.size(), 2);
  put(out, directory.size(), 4);
  put(out, start, 4);
  put(out, 0, 2);
  return out;
}

Bytes make_workbook(const std::vector<std::pair<std::string, Table>>& sheets) {
  std::string list;
  std::string links;
  std::vector<std::pair<std::string, std::string>> parts;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    list += "<sheet name=\"" + sheets[i].first + "\" sheetId=\"" + number + "\" r:id=\"rId" + number + "\"/>";
    links += "<Relationship Id=\"rId" + number + "\" Target=\"worksheets/sheet" + number + ".xml\"/>";
    parts.emplace_back("xl/worksheets/sheet" + number + ".xml", sheet_xml(sheets[i].second));
  }
  parts.emplace_back("xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets>" + list + "</sheets></workbook>");
  parts.emplace_back("xl/_rels/workbook.xml.rels", "<Relationships>" + links + "</Relationships>");
  return make_zip(parts);
}

Table table(std::string_view lines) {
  Table rows;
  std::istringstream in{std::string(forms::trimmed(lines))};
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> row;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '|');) row.emplace_back(forms::trimmed(cell));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace terreno::test
