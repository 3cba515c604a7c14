#include "core/forms/node_tree.hpp"

namespace terreno::forms {

NameTable::NameTable() { intern(""); }

NameId NameTable::intern(std::string_view text) {
  if (const auto found = ids_.find(text); found != ids_.end()) return found->second;
  const auto id = static_cast<NameId>(texts_.size());
  texts_.emplace_back(text);
  ids_.emplace(std::string(text), id);
  return id;
}

NameId NameTable::find(std::string_view text) const {
  const auto found = ids_.find(text);
  return found == ids_.end() ? kNoName : found->second;
}

NodeTree::NodeTree() {
  nodes_.emplace_back();
  nodes_[0].kind = NodeKind::Document;
}

NodeId NodeTree::make(NodeKind kind, NameId local, NameId uri, NameId qualified) {
  Node& node = nodes_.emplace_back();
  node.kind = kind;
  node.local = local;
  node.uri = uri;
  node.qualified = qualified;
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
  NodeId child = nodes_[0].first_child;
  while (child != kNoNode && nodes_[child].kind != NodeKind::Element) child = nodes_[child].next;
  return child;
}

void NodeTree::append_text(NodeId top, std::string& out) const {
  for (NodeId id = top; id != kNoNode; id = next_in_document(id, top)) {
    const NodeKind kind = nodes_[id].kind;
    if (kind == NodeKind::Element || kind == NodeKind::Text) out += nodes_[id].value;
  }
}

std::string NodeTree::string_value(NodeId id) const {
  std::string scratch;
  return std::string(text_of(id, scratch));
}

std::string_view NodeTree::text_of(NodeId id, std::string& scratch) const {
  const Node& node = nodes_[id];
  if (node.first_child == kNoNode) return node.value;
  if (node.value.empty() && node.first_child == node.last_child &&
      nodes_[node.first_child].kind == NodeKind::Text) {
    return nodes_[node.first_child].value;
  }
  scratch.clear();
  append_text(id, scratch);
  return scratch;
}

NodeId NodeTree::next_in_document(NodeId id, NodeId top) const {
  if (nodes_[id].first_child != kNoNode) return nodes_[id].first_child;
  while (id != top && id != kNoNode) {
    if (nodes_[id].next != kNoNode) return nodes_[id].next;
    id = nodes_[id].parent;
  }
  return kNoNode;
}

bool NodeTree::before(NodeId a, NodeId b) const {
  if (a == b) return false;
  auto depth = [this](NodeId id) {
    std::uint32_t count = 0;
    for (; nodes_[id].parent != kNoNode; id = nodes_[id].parent) ++count;
    return count;
  };
  const std::uint32_t depth_a = depth(a);
  const std::uint32_t depth_b = depth(b);
  NodeId x = a;
  NodeId y = b;
  for (std::uint32_t i = depth_b; i < depth_a; ++i) x = nodes_[x].parent;
  for (std::uint32_t i = depth_a; i < depth_b; ++i) y = nodes_[y].parent;
  if (x == y) return depth_a < depth_b;  // one holds the other
  while (nodes_[x].parent != nodes_[y].parent) {
    x = nodes_[x].parent;
    y = nodes_[y].parent;
  }
  auto beside = [this](NodeId id) {
    return nodes_[id].kind == NodeKind::Attribute || nodes_[id].kind == NodeKind::Namespace;
  };
  if (beside(x) != beside(y)) return beside(x);
  for (NodeId id = nodes_[x].next; id != kNoNode; id = nodes_[id].next) {
    if (id == y) return true;
  }
  return false;
}

}  // namespace terreno::forms
