#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/forms/data_table.hpp"
#include "core/forms/xml_node.hpp"

namespace terreno::forms {

/// The names of a form and of its expressions, so that a name test is one comparison of integers.
class NameTable {
 public:
  NameTable();
  NameId intern(std::string_view text);
  /// kNoName when the table does not hold it. Safe from any thread once nobody interns.
  NameId find(std::string_view text) const;
  const std::string& text(NameId id) const { return texts_[id]; }

 private:
  std::size_t place_of(std::string_view text, std::size_t hash) const;
  void grow();

  std::vector<std::string> texts_;
  std::vector<std::size_t> hashes_;  ///< by name
  std::vector<NameId> places_;       ///< open addressing: name + 1, 0 where free; a power of two of them
};

/// A document: the primary instance, a secondary one, one of a test. Its nodes stand in vectors, or it is a
/// table of rows whose nodes are computed; what changes nodes is for the first kind alone. Node 0 is the
/// document.
class NodeTree {
 public:
  NodeTree();
  explicit NodeTree(std::shared_ptr<const DataTable> table) : table_(std::move(table)) {}

  Node operator[](NodeId id) const { return table_ ? table_->node(id) : nodes_[id]; }
  NodeId size() const { return table_ ? table_->node_count() : static_cast<NodeId>(nodes_.size()); }
  void reserve(std::size_t nodes);
  /// What a node itself holds; of an element its text when it has no text nodes of its own.
  std::string_view value(NodeId id) const {
    return table_ ? table_->value(id) : std::string_view(values_[id]);
  }
  std::string& value(NodeId id) { return values_[id]; }
  bool is_relevant(NodeId id) const { return table_ || nodes_[id].relevant; }
  void set_relevant(NodeId id, bool relevant) { nodes_[id].relevant = relevant; }
  /// Nothing when the nodes stand in vectors.
  const DataTable* table() const { return table_.get(); }

  /// A node without a place yet.
  NodeId make(NodeKind kind, NameId local, NameId uri, NameId qualified);
  void append_child(NodeId parent, NodeId child);
  /// Links `child` under `parent` behind `after`; kNoNode means first.
  void insert_child(NodeId parent, NodeId child, NodeId after);
  void append_attribute(NodeId element, NodeId attribute);
  /// Takes a node with all beneath it out of the tree; its ids stay taken.
  void unlink(NodeId node);

  /// The document element, kNoNode in an empty tree.
  NodeId document_element() const;
  /// The string-value of XPath: an element's text with that of all its descendants.
  std::string string_value(NodeId id) const;
  /// As string_value, without a copy when one node holds it all; else it is put together in `scratch`.
  std::string_view text_of(NodeId id, std::string& scratch) const;
  /// The node after `id` in document order (attributes left out) inside `top`; kNoNode at the end.
  NodeId next_in_document(NodeId id, NodeId top) const;
  /// True when a stands before b in document order; an attribute stands behind its element.
  bool before(NodeId a, NodeId b) const;

 private:
  void append_text(NodeId id, std::string& out) const;
  std::vector<Node> nodes_;
  std::vector<std::string> values_;  ///< by node
  std::shared_ptr<const DataTable> table_;
};

}  // namespace terreno::forms
