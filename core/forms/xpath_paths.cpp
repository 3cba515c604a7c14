// The part of the evaluator that walks documents: axes, node tests, predicates, document order.
#include <algorithm>
#include <cmath>

#include "core/forms/xpath_eval.hpp"

namespace terreno::forms {
namespace {

bool is_reverse(Axis axis) {
  return axis == Axis::Parent || axis == Axis::Ancestor || axis == Axis::AncestorOrSelf ||
         axis == Axis::Preceding || axis == Axis::PrecedingSibling;
}

bool looks_down(Axis axis) {
  return axis == Axis::Child || axis == Axis::Attribute || axis == Axis::Namespace ||
         axis == Axis::Descendant || axis == Axis::DescendantOrSelf || axis == Axis::Self;
}

bool is_beside(NodeKind kind) { return kind == NodeKind::Attribute || kind == NodeKind::Namespace; }

/// The last node of the subtree of `id` in document order.
NodeId last_inside(const NodeTree& tree, NodeId id) {
  while (tree[id].last_child != kNoNode) id = tree[id].last_child;
  return id;
}

/// The position of every node of a tree in document order; attributes right behind their element.
std::vector<std::uint32_t> document_positions(const NodeTree& tree) {
  std::vector<std::uint32_t> positions(tree.size(), 0);
  std::uint32_t next = 0;
  for (NodeId id = 0; id != kNoNode; id = tree.next_in_document(id, 0)) {
    positions[id] = next++;
    for (NodeId a = tree[id].first_attribute; a != kNoNode; a = tree[a].next) positions[a] = next++;
  }
  return positions;
}

}  // namespace

void Evaluator::order(NodeSet& set) const {
  if (set.size() < 2) return;
  constexpr std::size_t kFewNodes = 8;
  std::stable_sort(set.begin(), set.end(), [](NodeRef a, NodeRef b) { return a.tree < b.tree; });
  auto first = set.begin();
  while (first != set.end()) {
    const std::uint32_t index = first->tree;
    const auto last = std::find_if(first, set.end(), [index](NodeRef ref) { return ref.tree != index; });
    const NodeTree& tree = host_.tree(index);
    if (tree.table()) {
      std::sort(first, last, [](NodeRef a, NodeRef b) { return a.node < b.node; });
    } else if (static_cast<std::size_t>(last - first) <= kFewNodes) {
      std::sort(first, last, [&tree](NodeRef a, NodeRef b) { return tree.before(a.node, b.node); });
    } else {
      const std::vector<std::uint32_t> positions = document_positions(tree);
      std::sort(first, last,
                [&positions](NodeRef a, NodeRef b) { return positions[a.node] < positions[b.node]; });
    }
    first = last;
  }
  set.erase(std::unique(set.begin(), set.end()), set.end());
}

bool Evaluator::matches(const Step& step, const Node& node) const {
  const NodeKind principal = step.axis == Axis::Attribute   ? NodeKind::Attribute
                             : step.axis == Axis::Namespace ? NodeKind::Namespace
                                                            : NodeKind::Element;
  switch (step.test) {
    case NodeTest::AnyNode:
      return true;
    case NodeTest::AnyName:
      return node.kind == principal;
    case NodeTest::AnyInNamespace:
      return node.kind == principal && (step.any_namespace || node.uri == step.uri);
    case NodeTest::Name:
      return node.kind == principal && node.local == step.local &&
             (step.any_namespace || node.uri == step.uri);
    case NodeTest::Text:
      return node.kind == NodeKind::Text;
    case NodeTest::Comment:
      return node.kind == NodeKind::Comment;
    case NodeTest::Instruction:
      return node.kind == NodeKind::Instruction && (step.any_namespace || node.local == step.local);
  }
  return false;
}

void Evaluator::walk_axis(const Step& step, NodeRef from, NodeSet& out) {
  const NodeTree& tree = host_.tree(from.tree);
  const NodeId self = from.node;
  auto offer = [&](NodeId id) {
    spend();
    // What is hidden is left out on the way down; the way up always leads to what holds the question itself.
    const Node node = tree[id];
    if (matches(step, node) && (node.relevant || !looks_down(step.axis) || id == self))
      out.push_back({from.tree, id});
  };
  switch (step.axis) {
    case Axis::Self:
      return offer(self);
    case Axis::Child:
      for (NodeId id = tree[self].first_child; id != kNoNode; id = tree[id].next) offer(id);
      return;
    case Axis::Attribute:
    case Axis::Namespace: {
      if (tree[self].kind != NodeKind::Element) return;
      const NodeKind wanted = step.axis == Axis::Attribute ? NodeKind::Attribute : NodeKind::Namespace;
      for (NodeId id = tree[self].first_attribute; id != kNoNode; id = tree[id].next) {
        if (tree[id].kind == wanted) offer(id);
      }
      return;
    }
    case Axis::Parent:
      if (tree[self].parent != kNoNode) offer(tree[self].parent);
      return;
    case Axis::Ancestor:
    case Axis::AncestorOrSelf:
      for (NodeId id = step.axis == Axis::Ancestor ? tree[self].parent : self; id != kNoNode;
           id = tree[id].parent)
        offer(id);
      return;
    case Axis::Descendant:
    case Axis::DescendantOrSelf:
      if (step.axis == Axis::DescendantOrSelf) offer(self);
      if (is_beside(tree[self].kind)) return;
      for (NodeId id = tree.next_in_document(self, self); id != kNoNode; id = tree.next_in_document(id, self))
        offer(id);
      return;
    case Axis::FollowingSibling:
      if (is_beside(tree[self].kind)) return;
      for (NodeId id = tree[self].next; id != kNoNode; id = tree[id].next) offer(id);
      return;
    case Axis::PrecedingSibling:
      if (is_beside(tree[self].kind)) return;
      for (NodeId id = tree[self].previous; id != kNoNode; id = tree[id].previous) offer(id);
      return;
    case Axis::Following: {
      // What follows an attribute are its element's children and all behind them.
      NodeId id = is_beside(tree[self].kind) ? tree.next_in_document(tree[self].parent, 0)
                                             : tree.next_in_document(last_inside(tree, self), 0);
      for (; id != kNoNode; id = tree.next_in_document(id, 0)) offer(id);
      return;
    }
    case Axis::Preceding: {
      const NodeId base = is_beside(tree[self].kind) ? tree[self].parent : self;
      for (NodeId up = base; up != kNoNode; up = tree[up].parent) {
        for (NodeId beside = tree[up].previous; beside != kNoNode; beside = tree[beside].previous) {
          // Reverse document order inside the sibling: deepest last child first, the sibling itself at the
          // end.
          NodeId id = last_inside(tree, beside);
          for (;;) {
            offer(id);
            if (id == beside) break;
            id = tree[id].previous != kNoNode ? last_inside(tree, tree[id].previous) : tree[id].parent;
          }
        }
      }
      return;
    }
  }
}

void Evaluator::filter(std::uint32_t first, std::uint32_t count, NodeSet& set) {
  for (std::uint32_t i = first; i < first + count; ++i) {
    const ExprId predicate = code_.predicates[i];
    NodeSet kept;
    const auto size = static_cast<std::uint32_t>(set.size());
    for (std::uint32_t at = 0; at < size; ++at) {
      const Scope scope{set[at], at + 1, size};
      const Value verdict = value(predicate, scope);
      const bool keep =
          verdict.kind == ValueKind::Number ? verdict.number == scope.position : to_boolean(verdict);
      if (keep) kept.push_back(set[at]);
    }
    set = std::move(kept);
  }
}

NodeSet Evaluator::step_nodes(const Step& step, const NodeSet& from, bool& flat) {
  NodeSet all;
  NodeSet found;
  for (const NodeRef ref : from) {
    if (rows_of_table(step, ref, all)) continue;
    found.clear();
    walk_axis(step, ref, step.predicate_count == 0 ? all : found);
    if (step.predicate_count == 0) continue;
    filter(step.first_predicate, step.predicate_count, found);
    all.insert(all.end(), found.begin(), found.end());
  }
  // Going down from nodes of which none holds another keeps document order; so does any axis from one node.
  const bool ordered = looks_down(step.axis) ? flat || from.size() <= 1 : from.size() <= 1;
  if (!ordered) {
    order(all);
  } else if (is_reverse(step.axis)) {
    std::reverse(all.begin(), all.end());
  }
  const bool stays_flat = step.axis == Axis::Child || step.axis == Axis::Attribute ||
                          step.axis == Axis::Self || step.axis == Axis::FollowingSibling ||
                          step.axis == Axis::PrecedingSibling;
  flat = all.size() <= 1 || (stays_flat && flat);
  return all;
}

NodeSet Evaluator::path_start(const Path& path, const Scope& scope, std::uint32_t& skip) {
  skip = 0;
  switch (path.start) {
    case PathStart::Context:
      return {scope.node};
    case PathStart::Root:
      if (path.start_def != kNoDef) {
        skip = path.skip_steps;
        const NodeRef start = host_.bound_node(path.start_def, current_);
        return start.exists() ? NodeSet{start} : NodeSet{};
      }
      return {host_.absolute_root()};
    case PathStart::Expression:
      break;
  }
  NodeSet start = nodes(path.start_expression, scope);
  filter(path.first_predicate, path.predicate_count, start);
  return start;
}

NodeSet Evaluator::path_nodes(const Path& path, const Scope& scope) {
  std::uint32_t skip = 0;
  NodeSet set = path_start(path, scope, skip);
  bool flat = set.size() <= 1;
  for (std::uint32_t i = skip; i < path.step_count && !set.empty(); ++i) {
    set = step_nodes(code_.steps[path.first_step + i], set, flat);
  }
  return set;
}

}  // namespace terreno::forms
