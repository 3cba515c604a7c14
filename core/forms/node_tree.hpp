#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace terreno::forms {

/// An interned string. Two names of one NameTable are equal exactly when their ids are.
using NameId = std::uint32_t;
inline constexpr NameId kNoName =
    0;  ///< the empty string, and every name that a finished table does not hold

/// The names of a form and of its expressions, so that a name test is one comparison of integers.
class NameTable {
 public:
  NameTable();
  NameId intern(std::string_view text);
  /// kNoName when the table does not hold it. Safe from any thread once nobody interns.
  NameId find(std::string_view text) const;
  const std::string& text(NameId id) const { return texts_[id]; }

 private:
  std::size_t place_of(std::string_view text, std::uint32_t hash) const;
  void grow();

  std::vector<std::string> texts_;
  std::vector<std::uint32_t> hashes_;  ///< by name
  std::vector<NameId> places_;         ///< open addressing: name + 1, 0 where free; a power of two of them
};

enum class NodeKind : std::uint8_t { Document, Element, Attribute, Text, Comment, Instruction, Namespace };

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = 0xFFFFFFFFU;

struct Node {
  NodeKind kind = NodeKind::Element;
  bool relevant = true;        ///< a node that is not is left out of what expressions see
  NameId local = kNoName;      ///< the name without its prefix; an instruction's target
  NameId uri = kNoName;        ///< its namespace
  NameId qualified = kNoName;  ///< the name as written
  NodeId parent = kNoNode;
  NodeId first_child = kNoNode;
  NodeId last_child = kNoNode;
  NodeId previous = kNoNode;
  NodeId next = kNoNode;             ///< the next sibling; of an attribute the next attribute
  NodeId first_attribute = kNoNode;  ///< attributes, then namespace nodes
};

/// XML as vectors and indexes: the primary instance, secondary instances and test documents. Node 0 is the
/// document.
class NodeTree {
 public:
  NodeTree();

  const Node& operator[](NodeId id) const { return nodes_[id]; }
  NodeId size() const { return static_cast<NodeId>(nodes_.size()); }
  void reserve(std::size_t nodes);
  /// What a node itself holds; of an element its text when it has no text nodes of its own.
  const std::string& value(NodeId id) const { return values_[id]; }
  std::string& value(NodeId id) { return values_[id]; }
  void set_relevant(NodeId id, bool relevant) { nodes_[id].relevant = relevant; }

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
};

}  // namespace terreno::forms
