#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/forms/xml_node.hpp"

namespace terreno::forms {

/// Texts, each held once, numbered from 0 in the order in which they came.
class TextPool {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  std::uint32_t intern(std::string_view text);
  /// kNone when no such text came.
  std::uint32_t find(std::string_view text) const;
  std::string_view text(std::uint32_t id) const {
    const std::uint32_t begin = id == 0 ? 0 : ends_[id - 1];
    return std::string_view(bytes_).substr(begin, ends_[id] - begin);
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }
  void shrink_to_fit();

 private:
  std::size_t place_of(std::string_view text) const;
  void grow();

  std::string bytes_;
  std::vector<std::uint32_t> ends_;    ///< by text: where it ends in bytes_
  std::vector<std::uint32_t> places_;  ///< open addressing: text + 1, 0 where free
};

/// A list of rows, held as columns of interned texts: twenty bytes a row where nodes would take a thousand.
/// To expressions it is the document <root><item><column>text</column>...</item>...</root>, whose nodes are
/// computed from row and column. Immutable once filled; any number of threads may read it.
class DataTable {
 public:
  struct Name {
    NameId local = kNoName;
    NameId uri = kNoName;
    NameId qualified = kNoName;
  };
  static constexpr std::uint32_t kNoColumn = 0xFFFFFFFFU;

  DataTable(Name root, Name row) : root_(root), row_(row) {}

  // Filling.
  /// A new column stands before the one at `place`.
  std::uint32_t insert_column(Name name, std::uint32_t place);
  void add_row();
  /// The cell of the row added last.
  void set(std::uint32_t column, std::string_view text) {
    columns_[column]->cells.back() = texts_.intern(text);
  }
  bool is_set(std::uint32_t column) const { return columns_[column]->cells.back() != TextPool::kNone; }
  void finish();

  std::uint32_t rows() const { return row_count_; }
  std::uint32_t columns() const { return static_cast<std::uint32_t>(columns_.size()); }
  const Name& row_name() const { return row_; }
  const Name& column_name(std::uint32_t column) const { return columns_[column]->name; }
  /// The column of this local name (and namespace, unless any will do); kNoColumn when there is none.
  std::uint32_t column_named(NameId local, NameId uri, bool any_namespace) const;
  /// The number of a cell's text, TextPool::kNone where the row has no such cell.
  std::uint32_t cell(std::uint32_t row, std::uint32_t column) const { return columns_[column]->cells[row]; }
  const TextPool& texts() const { return texts_; }
  /// The rows whose cell holds this text, in order. The first call for a column sorts it, safely from any
  /// thread.
  std::span<const std::uint32_t> rows_with(std::uint32_t column, std::uint32_t text) const;

  // The document that expressions see: 0 is the document, 1 the root, then each row followed by its cells.
  Node node(NodeId id) const;
  std::string_view value(NodeId id) const;
  NodeId node_count() const { return 2 + row_count_ * stride(); }
  bool is_row(NodeId id) const { return id >= 2 && (id - 2) % stride() == 0; }
  NodeId row_node(std::uint32_t row) const { return 2 + row * stride(); }
  NodeId cell_node(std::uint32_t row, std::uint32_t column) const { return row_node(row) + 1 + column; }
  std::uint32_t row_of(NodeId id) const { return (id - 2) / stride(); }

 private:
  struct Column {
    Name name;
    std::vector<std::uint32_t> cells;  ///< by row: a text, or TextPool::kNone
    mutable std::once_flag sorted;
    mutable std::vector<std::uint32_t> begins;  ///< by text, and one more: where its rows begin
    mutable std::vector<std::uint32_t> rows;
  };
  std::uint32_t stride() const { return columns() + 1; }
  void sort(const Column& column) const;
  /// The first column from `column` on that the row has; columns() when there is none.
  std::uint32_t present_from(std::uint32_t row, std::uint32_t column) const;
  NodeId present_before(std::uint32_t row, std::uint32_t column) const;

  Name root_;
  Name row_;
  std::uint32_t row_count_ = 0;
  std::vector<std::unique_ptr<Column>> columns_;
  TextPool texts_;
};

}  // namespace terreno::forms
