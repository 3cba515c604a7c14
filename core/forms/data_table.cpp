#include "core/forms/data_table.hpp"

#include <functional>

namespace terreno::forms {

std::size_t TextPool::place_of(std::string_view text) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t at = std::hash<std::string_view>{}(text)&mask;
  while (places_[at] != 0 && this->text(places_[at] - 1) != text) at = (at + 1) & mask;
  return at;
}

void TextPool::grow() {
  places_.assign(places_.empty() ? 64 : places_.size() * 2, 0);
  for (std::uint32_t id = 0; id < size(); ++id) places_[place_of(text(id))] = id + 1;
}

std::uint32_t TextPool::intern(std::string_view text) {
  if (ends_.size() * 2 >= places_.size()) grow();
  const std::size_t at = place_of(text);
  if (places_[at] != 0) return places_[at] - 1;
  bytes_ += text;
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  places_[at] = size();
  return size() - 1;
}

std::uint32_t TextPool::find(std::string_view text) const {
  if (places_.empty()) return kNone;
  const std::uint32_t place = places_[place_of(text)];
  return place == 0 ? kNone : place - 1;
}

void TextPool::shrink_to_fit() {
  bytes_.shrink_to_fit();
  ends_.shrink_to_fit();
}

std::uint32_t DataTable::insert_column(Name name, std::uint32_t place) {
  auto made = std::make_unique<Column>();
  made->name = name;
  made->cells.assign(row_count_, TextPool::kNone);
  columns_.insert(columns_.begin() + place, std::move(made));
  return place;
}

void DataTable::add_row() {
  ++row_count_;
  for (const auto& column : columns_) column->cells.push_back(TextPool::kNone);
}

void DataTable::finish() {
  texts_.shrink_to_fit();
  for (const auto& column : columns_) column->cells.shrink_to_fit();
}

std::uint32_t DataTable::column_named(NameId local, NameId uri, bool any_namespace) const {
  for (std::uint32_t i = 0; i < columns(); ++i) {
    const Name& name = columns_[i]->name;
    if (name.local == local && (any_namespace || name.uri == uri)) return i;
  }
  return kNoColumn;
}

/// Counting sort: rows by the number of their text.
void DataTable::sort(const Column& column) const {
  column.begins.assign(texts_.size() + 1, 0);
  for (const std::uint32_t text : column.cells) {
    if (text != TextPool::kNone) ++column.begins[text + 1];
  }
  for (std::size_t i = 1; i < column.begins.size(); ++i) column.begins[i] += column.begins[i - 1];
  std::vector<std::uint32_t> at(column.begins.begin(), column.begins.end() - 1);
  column.rows.resize(column.begins.back());
  for (std::uint32_t row = 0; row < row_count_; ++row) {
    const std::uint32_t text = column.cells[row];
    if (text != TextPool::kNone) column.rows[at[text]++] = row;
  }
}

std::span<const std::uint32_t> DataTable::rows_with(std::uint32_t index, std::uint32_t text) const {
  if (text == TextPool::kNone) return {};
  const Column& column = *columns_[index];
  std::call_once(column.sorted, [&] { sort(column); });
  return std::span(column.rows).subspan(column.begins[text], column.begins[text + 1] - column.begins[text]);
}

std::uint32_t DataTable::present_from(std::uint32_t row, std::uint32_t column) const {
  while (column < columns() && cell(row, column) == TextPool::kNone) ++column;
  return column;
}

/// The cell before `column` in the row, kNoNode when it is the first.
NodeId DataTable::present_before(std::uint32_t row, std::uint32_t column) const {
  while (column > 0) {
    if (cell(row, --column) != TextPool::kNone) return cell_node(row, column);
  }
  return kNoNode;
}

Node DataTable::node(NodeId id) const {
  Node made;
  if (id == 0) {
    made.kind = NodeKind::Document;
    made.first_child = made.last_child = 1;
    return made;
  }
  if (id == 1) {
    made.local = root_.local;
    made.uri = root_.uri;
    made.qualified = root_.qualified;
    made.parent = 0;
    if (row_count_ > 0) {
      made.first_child = row_node(0);
      made.last_child = row_node(row_count_ - 1);
    }
    return made;
  }
  const std::uint32_t row = row_of(id);
  const bool is_a_row = is_row(id);
  const std::uint32_t column = id - row_node(row) - 1;  // of a cell
  const Name& name = is_a_row ? row_ : columns_[column]->name;
  made.local = name.local;
  made.uri = name.uri;
  made.qualified = name.qualified;
  if (is_a_row) {
    made.parent = 1;
    if (row > 0) made.previous = row_node(row - 1);
    if (row + 1 < row_count_) made.next = row_node(row + 1);
    if (const std::uint32_t first = present_from(row, 0); first < columns())
      made.first_child = cell_node(row, first);
    made.last_child = present_before(row, columns());
    return made;
  }
  made.parent = row_node(row);
  made.previous = present_before(row, column);
  if (const std::uint32_t after = present_from(row, column + 1); after < columns())
    made.next = cell_node(row, after);
  return made;
}

std::string_view DataTable::value(NodeId id) const {
  if (id < 2 || is_row(id)) return {};
  const std::uint32_t row = row_of(id);
  const std::uint32_t text = cell(row, id - row_node(row) - 1);
  return text == TextPool::kNone ? std::string_view{} : texts_.text(text);
}

}  // namespace terreno::forms
