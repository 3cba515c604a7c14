// Functions over nodes: names, positions, instances, repeats.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/crypto.hpp"
#include "core/forms/functions.hpp"

namespace terreno::forms {
namespace {

Value position(Call& call) {
  if (call.count() == 0) return Value::of_number(call.scope().position);
  const NodeSet given = call.nodes(0);
  if (given.empty()) return Value::of_number(std::nan(""));
  if (const std::uint32_t place = call.host().position_of(given.front()); place > 0)
    return Value::of_number(place);
  const NodeTree& tree = call.host().tree(given.front().tree);
  const NodeId self = given.front().node;
  double place = 1;
  for (NodeId id = tree[self].previous; id != kNoNode; id = tree[id].previous) {
    if (tree[id].kind == tree[self].kind && tree[id].local == tree[self].local &&
        tree[id].uri == tree[self].uri)
      ++place;
    call.evaluator().spend();
  }
  return Value::of_number(place);
}

Value last(Call& call) { return Value::of_number(call.scope().size); }

/// The node whose name is asked for: the argument's first, or the context.
NodeRef named_node(Call& call) {
  if (call.count() == 0) return call.scope().node;
  const NodeSet given = call.nodes(0);
  return given.empty() ? NodeRef{} : given.front();
}

template <NameId Node::*Member>
Value name_member(Call& call) {
  const NodeRef ref = named_node(call);
  if (!ref.exists()) return Value::of_text("");
  return Value::of_text(call.host().names().text(call.evaluator().node(ref).*Member));
}

Value current(Call& call) { return Value::of_nodes({call.evaluator().current()}); }

Value instance(Call& call) {
  const std::string id = call.text(0);
  const NodeRef found = call.host().instance(id);
  if (!found.exists()) throw XPathError{"The form has no instance '" + id + "'."};
  return Value::of_nodes({found});
}

/// id(): without a schema, an attribute named "id" is one.
Value id(Call& call) {
  std::vector<std::string> wanted;
  for (const std::string& text : call.texts_from(0)) {
    std::size_t at = 0;
    while ((at = text.find_first_not_of(" \t\r\n", at)) != std::string::npos) {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
      wanted.push_back(text.substr(at, end - at));
      at = end;
    }
  }
  const std::uint32_t index = call.scope().node.tree;
  const NodeTree& tree = call.host().tree(index);
  NodeSet found;
  for (NodeId node = 0; node != kNoNode; node = tree.next_in_document(node, 0)) {
    call.evaluator().spend();
    for (NodeId a = tree[node].first_attribute; a != kNoNode; a = tree[a].next) {
      if (tree[a].kind != NodeKind::Attribute || call.host().names().text(tree[a].qualified) != "id")
        continue;
      if (std::find(wanted.begin(), wanted.end(), tree.value(a)) == wanted.end()) continue;
      // The first element of a document order keeps an id that a broken document gives twice.
      wanted.erase(std::remove(wanted.begin(), wanted.end(), tree.value(a)), wanted.end());
      found.push_back({index, node});
    }
  }
  return Value::of_nodes(std::move(found));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

Value lang(Call& call) {
  const std::string wanted = call.text(0);
  const NodeTree& tree = call.host().tree(call.scope().node.tree);
  for (NodeId node = call.scope().node.node; node != kNoNode; node = tree[node].parent) {
    for (NodeId a = tree[node].first_attribute; a != kNoNode; a = tree[a].next) {
      if (call.host().names().text(tree[a].qualified) != "xml:lang") continue;
      const std::string_view value = tree.value(a);
      const bool longer = value.size() > wanted.size() && value[wanted.size()] == '-';
      return Value::of_boolean(same_letters(value, wanted) ||
                               (longer && same_letters(value.substr(0, wanted.size()), wanted)));
    }
  }
  return Value::of_boolean(false);
}

/// Place of a node among the siblings of its name, from 1.
double place_among_siblings(const NodeTree& tree, NodeId id) {
  double place = 1;
  for (NodeId before = tree[id].previous; before != kNoNode; before = tree[before].previous) {
    if (tree[before].local == tree[id].local && tree[before].uri == tree[id].uri) ++place;
  }
  return place;
}

/// How far the way down to `a` is shared with the way down to `b`.
std::size_t shared_depth(const NodeTree& tree, NodeId a, NodeId b) {
  auto way = [&tree](NodeId id) {
    std::vector<NodeId> ids;
    for (; id != kNoNode; id = tree[id].parent) ids.push_back(id);
    std::reverse(ids.begin(), ids.end());
    return ids;
  };
  const std::vector<NodeId> x = way(a);
  const std::vector<NodeId> y = way(b);
  std::size_t depth = 0;
  while (depth < x.size() && depth < y.size() && x[depth] == y[depth]) ++depth;
  return depth;
}

/// Keeps the nodes that stand inside the index-th instance of a repeat.
void keep_in_instance(Call& call, const NodeSet& repeats, double index, NodeSet& candidates) {
  std::erase_if(candidates, [&](NodeRef candidate) {
    call.evaluator().spend();
    const NodeTree& tree = call.host().tree(candidate.tree);
    for (NodeId up = tree[candidate.node].parent; up != kNoNode; up = tree[up].parent) {
      if (tree[up].kind != NodeKind::Element) continue;
      const bool is_repeat = std::any_of(repeats.begin(), repeats.end(), [&](NodeRef repeat) {
        return repeat.tree == candidate.tree && tree[repeat.node].local == tree[up].local &&
               tree[repeat.node].uri == tree[up].uri &&
               (repeat.node == up || tree[repeat.node].parent == tree[up].parent);
      });
      if (is_repeat) return place_among_siblings(tree, up) != index;
    }
    return true;
  });
}

Value indexed_repeat(Call& call) {
  if (call.count() % 2 == 0)
    throw XPathError{"indexed-repeat() takes a question and pairs of repeat and index."};
  NodeSet candidates = call.nodes(0);
  for (std::size_t i = 1; i + 1 < call.count(); i += 2) {
    keep_in_instance(call, call.nodes(i), call.number(i + 1), candidates);
  }
  if (candidates.empty()) return Value::of_text("");
  // With an outer repeat left open, the instances that the question itself stands in are meant, where it
  // stands in one.
  const NodeId self = call.evaluator().current().node;
  const NodeTree& tree = call.host().tree(candidates.front().tree);
  std::size_t nearest = 0;
  for (const NodeRef candidate : candidates)
    nearest = std::max(nearest, shared_depth(tree, candidate.node, self));
  std::erase_if(candidates,
                [&](NodeRef candidate) { return shared_depth(tree, candidate.node, self) < nearest; });
  return Value::of_nodes(std::move(candidates));
}

/// A column of a row in a list: "name" is a child element, "@name" an attribute.
struct Column {
  bool is_attribute = false;
  NameId name = kNoName;
};

Column column_named(Call& call, std::size_t i) {
  const std::string name = call.text(i);
  const bool is_attribute = name.starts_with('@');
  return {is_attribute,
          call.host().names().find(is_attribute ? std::string_view(name).substr(1) : std::string_view(name))};
}

NodeId cell_of(const NodeTree& tree, NodeId row, Column column) {
  NodeId id = column.is_attribute ? tree[row].first_attribute : tree[row].first_child;
  while (id != kNoNode && tree[id].local != column.name) id = tree[id].next;
  return id;
}

/// pulldata(instance, wanted, key, value): the first row whose `key` is `value`.
Value pulldata(Call& call) {
  const std::string instance_id = call.text(0);
  const NodeRef document = call.host().instance(instance_id);
  if (!document.exists()) throw XPathError{"The form has no instance '" + instance_id + "'."};
  const Column wanted = column_named(call, 1);
  const Column key = column_named(call, 2);
  const std::string value = call.text(3);
  const NodeTree& tree = call.host().tree(document.tree);
  const NodeId root = tree.document_element();
  if (wanted.name == kNoName || key.name == kNoName || root == kNoNode) return Value::of_text("");
  std::string scratch;
  for (NodeId row = tree[root].first_child; row != kNoNode; row = tree[row].next) {
    call.evaluator().spend();
    const NodeId at = cell_of(tree, row, key);
    if (at == kNoNode || tree.text_of(at, scratch) != value) continue;
    const NodeId found = cell_of(tree, row, wanted);
    return Value::of_text(found == kNoNode ? std::string() : tree.string_value(found));
  }
  return Value::of_text("");
}

/// Park and Miller's generator ("Random number generators: good ones are hard to find", 1988), as ODK's
/// clients use it.
class ParkMiller {
 public:
  explicit ParkMiller(std::int64_t seed) : state_(seed % kModulus) {
    if (state_ <= 0) state_ += kModulus - 1;
  }
  double next() {
    state_ = state_ * 16807 % kModulus;
    return static_cast<double>(state_ - 1) / static_cast<double>(kModulus - 1);
  }

 private:
  static constexpr std::int64_t kModulus = 2147483647;
  std::int64_t state_;
};

std::int64_t seed_of(Call& call) {
  if (call.count() < 2) return static_cast<std::int64_t>(call.host().random_bits() >> 1U);
  const Value given = call.value(1);
  const double number = call.evaluator().to_number(given);
  constexpr double kLargest = 9e15;
  if (!std::isnan(number)) return static_cast<std::int64_t>(std::clamp(number, -kLargest, kLargest));
  // A text that is no number stands for the first eight bytes of its SHA-256.
  const Sha256 hash = sha256(as_bytes(call.evaluator().to_text(given)));
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = (bits << 8U) | hash[i];
  return static_cast<std::int64_t>(bits);
}

/// The inside-out shuffle of Fisher and Yates.
Value randomize(Call& call) {
  const NodeSet given = call.nodes(0);
  ParkMiller generator(seed_of(call));
  NodeSet shuffled;
  shuffled.reserve(given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto j = static_cast<std::size_t>(generator.next() * static_cast<double>(i + 1));
    if (j == i) {
      shuffled.push_back(given[i]);
    } else {
      shuffled.push_back(shuffled[j]);
      shuffled[j] = given[i];
    }
  }
  return Value::of_nodes(std::move(shuffled));
}

constexpr std::array kRows{
    FunctionRow{"position", 0, 1, position},
    FunctionRow{"last", 0, 0, last},
    FunctionRow{"name", 0, 1, name_member<&Node::qualified>},
    FunctionRow{"local-name", 0, 1, name_member<&Node::local>},
    FunctionRow{"namespace-uri", 0, 1, name_member<&Node::uri>},
    FunctionRow{"current", 0, 0, current},
    FunctionRow{"instance", 1, 1, instance},
    FunctionRow{"id", 1, 1, id},
    FunctionRow{"lang", 1, 1, lang},
    FunctionRow{"indexed-repeat", 3, 7, indexed_repeat},
    FunctionRow{"pulldata", 4, 4, pulldata},
    FunctionRow{"randomize", 1, 2, randomize},
};

}  // namespace

std::span<const FunctionRow> node_functions() { return kRows; }

}  // namespace terreno::forms
