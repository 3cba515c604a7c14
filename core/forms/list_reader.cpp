#include "core/forms/list_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <pugixml.hpp>

#include "core/forms/json_value.hpp"
#include "core/forms/limits.hpp"

namespace terreno::forms {
namespace {

DataTable::Name name_of(std::string_view qualified, NameTable& names, const NamespaceMap& scope) {
  const std::size_t colon = qualified.find(':');
  const std::string_view prefix = colon == std::string_view::npos ? "" : qualified.substr(0, colon);
  const auto uri = scope.find(prefix);
  return {names.intern(local_part(qualified)), uri == scope.end() ? kNoName : names.intern(uri->second),
          names.intern(qualified)};
}

/// The text of an element; nothing when it holds more than text.
bool plain_text(const pugi::xml_node& element, std::string& out) {
  out.clear();
  if (element.first_attribute()) return false;
  for (pugi::xml_node child = element.first_child(); child; child = child.next_sibling()) {
    if (child.type() == pugi::node_element) return false;
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) out += child.value();
  }
  return true;
}

/// Fills a table row by row. A row's cells must follow the order of the columns; one that is new there gets
/// its place behind the cell before it.
class RowReader {
 public:
  RowReader(DataTable& table, NameTable& names, const NamespaceMap& scope)
      : table_(table), names_(names), scope_(scope) {}

  bool row(const pugi::xml_node& element) {
    if (element.first_attribute()) return false;
    table_.add_row();
    std::uint32_t place = 0;
    for (pugi::xml_node child = element.first_child(); child; child = child.next_sibling()) {
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
        if (std::string_view(child.value()).find_first_not_of(" \t\r\n") != std::string_view::npos)
          return false;
        continue;
      }
      if (child.type() != pugi::node_element) continue;
      if (!plain_text(child, text_)) return false;
      const std::uint32_t column = column_from(place, child.name());
      if (column == DataTable::kNoColumn) return false;
      table_.set(column, text_);
      place = column + 1;
    }
    return true;
  }

 private:
  /// The column of this name at `place` or behind it.
  std::uint32_t column_from(std::uint32_t place, std::string_view name) {
    for (std::uint32_t column = 0; column < table_.columns(); ++column) {
      if (names_.text(table_.column_name(column).qualified) == name)
        return column >= place ? column : DataTable::kNoColumn;
    }
    if (table_.columns() >= kMaxListColumns) return DataTable::kNoColumn;
    return table_.insert_column(name_of(name, names_, scope_), place);
  }

  DataTable& table_;
  NameTable& names_;
  const NamespaceMap& scope_;
  std::string text_;
};

pugi::xml_node only_element(const pugi::xml_node& holder) {
  pugi::xml_node found;
  for (pugi::xml_node child = holder.first_child(); child; child = child.next_sibling()) {
    if (child.type() != pugi::node_element) continue;
    if (found) return {};
    found = child;
  }
  return found;
}

/// Root and row are named as ODK names those of a list that comes from no XML.
std::shared_ptr<DataTable> list_table(NameTable& names) {
  const NamespaceMap none;
  return std::make_shared<DataTable>(name_of("root", names, none), name_of("item", names, none));
}

Error broken(std::string_view file, std::size_t line, const std::string& what) {
  return Error(ErrorCode::FormInvalid,
               "File '" + std::string(file) + "', line " + std::to_string(line) + ": " + what);
}

/// RFC 4180, with ';', a tab or '|' between the cells where the heading has one of these and no comma: Excel
/// writes ';' in Spanish. A line ends with LF, CR or both.
class CsvReader {
 public:
  CsvReader(std::string_view file, std::string_view content) : file_(file), rest_(content) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    const std::string_view heading = rest_.substr(0, rest_.find_first_of("\r\n"));
    for (const char candidate : {',', ';', '\t', '|'}) {
      if (heading.find(candidate) == std::string_view::npos) continue;
      separator_ = candidate;
      break;
    }
    ends_ = {separator_, '\r', '\n'};
  }

  Result<NodeTree> run(NameTable& names) {
    const auto table = list_table(names);
    if (!take_line())
      return fault_.empty() ? broken(file_, 1, "the heading is missing.") : broken(file_, line_, fault_);
    if (cells_ > kMaxListColumns)
      return Error(ErrorCode::TooLarge, "File '" + std::string(file_) + "' has more than " +
                                            std::to_string(kMaxListColumns) + " columns.");
    for (std::size_t i = 0; i < cells_; ++i) {
      const std::string_view heading = line_cells_[i];
      if (cells_ == 1 && heading.find_first_of("$^~#&%") != std::string_view::npos)
        return broken(
            file_, 1,
            "cells are separated by ',', ';', '|' or tabs, not as in '" + std::string(heading) + "'.");
      const DataTable::Name name = name_of(heading, names, {});
      if (heading.empty()) return broken(file_, 1, "column " + std::to_string(i + 1) + " has no name.");
      if (table->column_named(name.local, kNoName, true) != DataTable::kNoColumn)
        return broken(file_, 1, "two columns are named '" + std::string(heading) + "'.");
      table->insert_column(name, static_cast<std::uint32_t>(i));
    }
    const std::size_t columns = cells_;
    while (take_line()) {
      if (cells_ == 1 && line_cells_[0].empty()) continue;  // a blank line
      if (cells_ > columns)
        return broken(file_, line_,
                      "has " + std::to_string(cells_) + " cells where the heading names " +
                          std::to_string(columns) + ".");
      if (table->rows() >= kMaxListRows)
        return Error(ErrorCode::TooLarge, "File '" + std::string(file_) + "' has more than " +
                                              std::to_string(kMaxListRows) + " rows.");
      table->add_row();
      for (std::size_t i = 0; i < columns; ++i)
        table->set(static_cast<std::uint32_t>(i), i < cells_ ? std::string_view(line_cells_[i]) : "");
    }
    if (!fault_.empty()) return broken(file_, line_, fault_);
    table->finish();
    return NodeTree(table);
  }

 private:
  std::string& next_cell() {
    if (cells_ == line_cells_.size()) line_cells_.emplace_back();
    line_cells_[cells_].clear();
    return line_cells_[cells_++];
  }

  /// False at the end of the file or when something is wrong.
  bool take_line() {
    cells_ = 0;
    ++line_;
    if (rest_.empty()) return false;
    for (;;) {
      std::string& cell = next_cell();
      if (rest_.starts_with('"')) {
        if (!quoted(cell)) return false;
      } else {
        const std::size_t end = std::min(rest_.find_first_of({ends_.data(), ends_.size()}), rest_.size());
        cell = rest_.substr(0, end);
        rest_.remove_prefix(end);
      }
      if (rest_.starts_with(separator_)) {
        rest_.remove_prefix(1);
        continue;
      }
      if (!rest_.empty() && rest_.front() != '\r' && rest_.front() != '\n') {
        fault_ = "something stands behind a closing quote.";
        return false;
      }
      take_line_end();
      return true;
    }
  }

  /// LF, CR, CR LF, or LF CR.
  void take_line_end() {
    if (rest_.empty()) return;
    const char first = rest_.front();
    rest_.remove_prefix(1);
    if (rest_.starts_with(first == '\r' ? '\n' : '\r')) rest_.remove_prefix(1);
  }

  bool quoted(std::string& cell) {
    rest_.remove_prefix(1);
    for (;;) {
      const std::size_t end = rest_.find('"');
      if (end == std::string_view::npos) {
        fault_ = "a quote is not closed.";
        return false;
      }
      cell += rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      if (!rest_.starts_with('"')) return true;
      cell += '"';
      rest_.remove_prefix(1);
    }
  }

  std::string_view file_;
  std::string_view rest_;
  char separator_ = ',';
  std::array<char, 3> ends_{};  ///< what ends a cell without quotes
  std::size_t line_ = 0;
  std::vector<std::string> line_cells_;  ///< kept for their memory; the first cells_ are of this line
  std::size_t cells_ = 0;
  std::string fault_;
};

/// "latitude longitude altitude accuracy" of a position of GeoJSON, which begins with the longitude.
std::string point_text(const JsonValue& position) {
  auto part = [&](std::size_t i) {
    return i < position.items.size() ? position.items[i].text : std::string("0");
  };
  return part(1) + " " + part(0) + " " + part(2) + " 0";
}

std::string geometry_text(const JsonValue* geometry) {
  const JsonValue* const type = geometry ? geometry->member("type") : nullptr;
  const JsonValue* coordinates = geometry ? geometry->member("coordinates") : nullptr;
  if (!type || !coordinates) return {};
  if (type->text == "Point") return point_text(*coordinates);
  if (type->text == "Polygon")
    coordinates = coordinates->items.empty() ? nullptr : &coordinates->items.front();
  if (!coordinates || (type->text != "Polygon" && type->text != "LineString")) return {};
  std::string made;
  for (const JsonValue& position : coordinates->items)
    made += (made.empty() ? "" : "; ") + point_text(position);
  return made;
}

/// Each feature is a row: its geometry as ODK writes places, its id, its properties.
Result<NodeTree> read_geojson(std::string_view file, std::string_view content, NameTable& names) {
  const Result<JsonValue> parsed = parse_json(content);
  auto wrong = [file](const std::string& what) {
    return Error(ErrorCode::FormInvalid, "File '" + std::string(file) + "': " + what);
  };
  if (!parsed) return wrong(parsed.error().message);
  const JsonValue* const type = parsed->member("type");
  const JsonValue* const features = parsed->member("features");
  if (!type || type->text != "FeatureCollection" || !features)
    return wrong("a GeoJSON list is a FeatureCollection with 'features'.");
  if (features->items.size() > kMaxListRows)
    return Error(ErrorCode::TooLarge,
                 "File '" + std::string(file) + "' has more than " + std::to_string(kMaxListRows) + " rows.");
  const auto table = list_table(names);
  auto set = [&](const std::string& column, std::string_view text) {
    const DataTable::Name name = name_of(column, names, {});
    std::uint32_t place = table->column_named(name.local, kNoName, true);
    if (place == DataTable::kNoColumn && table->columns() < kMaxListColumns)
      place = table->insert_column(name, table->columns());
    if (place != DataTable::kNoColumn) table->set(place, text);
  };
  for (const JsonValue& feature : features->items) {
    table->add_row();
    if (!feature.member("geometry"))
      return wrong("feature " + std::to_string(table->rows()) + " has no geometry.");
    set("geometry", geometry_text(feature.member("geometry")));
    if (const JsonValue* const id = feature.member("id")) set("id", id->text);
    const JsonValue* const properties = feature.member("properties");
    if (!properties) continue;
    for (const auto& [name, value] : properties->members) set(name, value.text);
  }
  table->finish();
  return NodeTree(table);
}

bool ends_with_letters(std::string_view name, std::string_view end) {
  if (name.size() < end.size()) return false;
  return std::equal(end.begin(), end.end(), name.end() - static_cast<std::ptrdiff_t>(end.size()),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
}

}  // namespace

std::shared_ptr<const DataTable> table_of_rows(const pugi::xml_node& root, NameTable& names,
                                               const NamespaceMap& scope) {
  if (!root || root.first_attribute()) return nullptr;
  std::shared_ptr<DataTable> table;
  std::optional<RowReader> reader;
  std::string_view row_name;
  for (pugi::xml_node child = root.first_child(); child; child = child.next_sibling()) {
    if (child.type() != pugi::node_element) continue;
    if (!table) {
      row_name = child.name();
      table =
          std::make_shared<DataTable>(name_of(root.name(), names, scope), name_of(row_name, names, scope));
      reader.emplace(*table, names, scope);
    }
    if (child.name() != row_name || !reader->row(child)) return nullptr;
  }
  if (table) table->finish();
  return table;
}

NodeTree read_xml_list(const pugi::xml_node& holder, NameTable& names, const NamespaceMap& scope) {
  if (auto table = table_of_rows(only_element(holder), names, scope)) return NodeTree(std::move(table));
  NodeTree made;
  append_xml(made, 0, holder, names, scope, TreeContent::Values);
  return made;
}

NodeTree empty_list(NameTable& names) { return NodeTree(list_table(names)); }

Result<NodeTree> read_list_file(std::string_view file_name, std::string_view content, NameTable& names) {
  if (content.size() > kMaxListBytes)
    return Error(ErrorCode::TooLarge, "File '" + std::string(file_name) + "' is over its size limit.");
  if (ends_with_letters(file_name, ".geojson")) return read_geojson(file_name, content, names);
  if (!ends_with_letters(file_name, ".xml")) return CsvReader(file_name, content).run(names);
  pugi::xml_document document;
  if (const Result<void> parsed = parse_xml(content, document); !parsed)
    return Error(ErrorCode::FormInvalid, "File '" + std::string(file_name) + "': " + parsed.error().message);
  return read_xml_list(document, names, {});
}

}  // namespace terreno::forms
