#include "core/forms/node_tree.hpp"

#include <functional>

namespace terreno::forms {

NameTable::NameTable() : places_(64) { intern(""); }

/// Where the name stands, or the free place where it belongs.
std::size_t NameTable::place_of(std::string_view text, std::size_t hash) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash & mask;
  while (places_[at] != 0) {
    const NameId id = places_[at] - 1;
    if (hashes_[id] == hash && texts_[id] == text) break;
    at = (at + 1) & mask;
  }
  return at;
}

void NameTable::grow() {
  places_.assign(places_.size() * 2, 0);
  const std::size_t mask = places_.size() - 1;
  for (NameId id = 0; id < hashes_.size(); ++id) {
    std::size_t at = hashes_[id] & mask;
    while (places_[at] != 0) at = (at + 1) & mask;
    places_[at] = id + 1;
  }
}

NameId NameTable::intern(std::string_view text) {
  const std::size_t hash = std::hash<std::string_view>{}(text);
  std::size_t at = place_of(text, hash);
  if (places_[at] != 0) return places_[at] - 1;
  if (texts_.size() * 2 >= places_.size()) {
    grow();
    at = place_of(text, hash);
  }
  const auto id = static_cast<NameId>(texts_.size());
  texts_.emplace_back(text);
  hashes_.push_back(hash);
  places_[at] = id + 1;
  return id;
}

NameId NameTable::find(std::string_view text) const {
  const NameId place = places_[place_of(text, std::hash<std::string_view>{}(text))];
  return place == 0 ? kNoName : place - 1;
}

NodeTree::NodeTree() : nodes_(1), values_(1) { nodes_[0].kind = NodeKind::Document; }

void NodeTree::reserve(std::size_t nodes) {
  nodes_.reserve(nodes);
  values_.reserve(nodes);
}

NodeId NodeTree::make(NodeKind kind, NameId local, NameId uri, NameId qualified) {
  Node& node = nodes_.emplace_back();
  node.kind = kind;
  node.local = local;
  node.uri = uri;
  node.qualified = qualified;
  values_.emplace_back();
  return static_cast<NodeId>(nodes_.size() - 1);
}

void NodeTree::append_child(NodeId parent, NodeId child) {
  insert_child(parent, child, nodes_[parent].last_child);
}

void NodeTree::insert_child(NodeId parent, NodeId child, NodeId after) {
  Node& above = nodes_[parent];
  Node& node = nodes_[child];
  node.parent = parent;
  node.previous = after;
  node.next = after == kNoNode ? above.first_child : nodes_[after].next;
  (node.previous == kNoNode ? above.first_child : nodes_[node.previous].next) = child;
  (node.next == kNoNode ? above.last_child : nodes_[node.next].previous) = child;
}

void NodeTree::append_attribute(NodeId element, NodeId attribute) {
  nodes_[attribute].parent = element;
  NodeId* link = &nodes_[element].first_attribute;
  while (*link != kNoNode) {
    nodes_[attribute].previous = *link;
    link = &nodes_[*link].next;
  }
  *link = attribute;
}

void NodeTree::unlink(NodeId id) {
  Node& node = nodes_[id];
  if (node.parent == kNoNode) return;
  Node& above = nodes_[node.parent];
  (node.previous == kNoNode ? above.first_child : nodes_[node.previous].next) = node.next;
  (node.next == kNoNode ? above.last_child : nodes_[node.next].previous) = node.previous;
  node.parent = node.previous = node.next = kNoNode;
}

NodeId NodeTree::document_element() const {
  NodeId child = (*this)[0].first_child;
  while (child != kNoNode && (*this)[child].kind != NodeKind::Element) child = (*this)[child].next;
  return child;
}

void NodeTree::append_text(NodeId top, std::string& out) const {
  for (NodeId id = top; id != kNoNode; id = next_in_document(id, top)) {
    const NodeKind kind = (*this)[id].kind;
    if (kind == NodeKind::Element || kind == NodeKind::Text) out += value(id);
  }
}

std::string NodeTree::string_value(NodeId id) const {
  std::string scratch;
  return std::string(text_of(id, scratch));
}

std::string_view NodeTree::text_of(NodeId id, std::string& scratch) const {
  const NodeId first = table_ ? table_->node(id).first_child : nodes_[id].first_child;
  if (first == kNoNode) return value(id);
  if (!table_ && values_[id].empty() && first == nodes_[id].last_child &&
      nodes_[first].kind == NodeKind::Text) {
    return values_[first];
  }
  scratch.clear();
  append_text(id, scratch);
  return scratch;
}

NodeId NodeTree::next_in_document(NodeId id, NodeId top) const {
  Node at = (*this)[id];
  if (at.first_child != kNoNode) return at.first_child;
  while (id != top && id != kNoNode) {
    if (at.next != kNoNode) return at.next;
    id = at.parent;
    if (id != kNoNode) at = (*this)[id];
  }
  return kNoNode;
}

bool NodeTree::before(NodeId a, NodeId b) const {
  if (a == b) return false;
  if (table_) return a < b;
  auto depth = [this](NodeId id) {
    std::uint32_t count = 0;
    for (; (*this)[id].parent != kNoNode; id = (*this)[id].parent) ++count;
    return count;
  };
  const std::uint32_t depth_a = depth(a);
  const std::uint32_t depth_b = depth(b);
  NodeId x = a;
  NodeId y = b;
  for (std::uint32_t i = depth_b; i < depth_a; ++i) x = (*this)[x].parent;
  for (std::uint32_t i = depth_a; i < depth_b; ++i) y = (*this)[y].parent;
  if (x == y) return depth_a < depth_b;  // one holds the other
  while ((*this)[x].parent != (*this)[y].parent) {
    x = (*this)[x].parent;
    y = (*this)[y].parent;
  }
  auto beside = [this](NodeId id) {
    return (*this)[id].kind == NodeKind::Attribute || (*this)[id].kind == NodeKind::Namespace;
  };
  if (beside(x) != beside(y)) return beside(x);
  for (NodeId id = (*this)[x].next; id != kNoNode; id = (*this)[id].next) {
    if (id == y) return true;
  }
  return false;
}

}  // namespace terreno::forms
