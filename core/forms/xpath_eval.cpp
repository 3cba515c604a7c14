#include "core/forms/xpath_eval.hpp"

#include <cmath>
#include <limits>

#include "core/forms/dates.hpp"
#include "core/forms/functions.hpp"

namespace terreno::forms {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool holds(Op op, double a, double b) {
  switch (op) {
    case Op::Equal:
      return a == b;
    case Op::NotEqual:
      return a != b;
    case Op::Less:
      return a < b;
    case Op::LessEqual:
      return a <= b;
    case Op::Greater:
      return a > b;
    default:
      return a >= b;
  }
}

bool is_equality(Op op) { return op == Op::Equal || op == Op::NotEqual; }

bool is_numeric(const Value& value) {
  return value.kind == ValueKind::Number || value.kind == ValueKind::Date;
}

}  // namespace

Result<Value> Evaluator::run() {
  try {
    return value(root_, top());
  } catch (const XPathError& error) {
    return Error(ErrorCode::FormInvalid, error.message);
  }
}

std::string Evaluator::run_text() {
  try {
    return text(root_, top());
  } catch (const XPathError&) {
    return {};
  }
}

double Evaluator::run_number() {
  try {
    return number(root_, top());
  } catch (const XPathError&) {
    return kNaN;
  }
}

bool Evaluator::run_boolean() {
  try {
    return boolean(root_, top());
  } catch (const XPathError&) {
    return false;
  }
}

void Evaluator::spend(std::uint64_t steps) {
  spent_ += steps;
  if (spent_ > kMaxEvaluationSteps) throw XPathError{"The expression looks at too many nodes."};
}

std::string Evaluator::text_of(NodeRef ref) const {
  const NodeTree& tree = host_.tree(ref.tree);
  if (!tree[ref.node].relevant) return {};
  return tree.string_value(ref.node);
}

double Evaluator::number_of(NodeRef ref) const {
  const NodeTree& tree = host_.tree(ref.tree);
  if (!tree[ref.node].relevant) return kNaN;
  std::string scratch;
  return text_to_number(tree.text_of(ref.node, scratch), host_.utc_offset_minutes());
}

double Evaluator::to_number(const Value& value) const {
  switch (value.kind) {
    case ValueKind::Boolean:
      return value.boolean ? 1 : 0;
    case ValueKind::Number:
    case ValueKind::Date:
      return value.number;
    case ValueKind::Text:
      return text_to_number(value.text, host_.utc_offset_minutes());
    case ValueKind::Nodes:
      return value.nodes.empty() ? kNaN : number_of(value.nodes.front());
  }
  return kNaN;
}

bool Evaluator::to_boolean(const Value& value) const {
  switch (value.kind) {
    case ValueKind::Boolean:
      return value.boolean;
    case ValueKind::Number:
      return value.number != 0 && !std::isnan(value.number);
    case ValueKind::Date:
      return !std::isnan(value.number);
    case ValueKind::Text:
      return !value.text.empty();
    case ValueKind::Nodes:
      return !value.nodes.empty();
  }
  return false;
}

std::string Evaluator::to_text(const Value& value) const {
  switch (value.kind) {
    case ValueKind::Boolean:
      return value.boolean ? "true" : "false";
    case ValueKind::Number:
      return number_to_text(value.number);
    case ValueKind::Date:
      return iso_shortest(value.number, host_.utc_offset_minutes());
    case ValueKind::Text:
      return value.text;
    case ValueKind::Nodes:
      return value.nodes.empty() ? std::string() : text_of(value.nodes.front());
  }
  return {};
}

const Path* Evaluator::bound_path(const ExprNode& node) const {
  if (node.op != Op::Path) return nullptr;
  const Path& path = code_.paths[node.a];
  return path.direct == kNoDef ? nullptr : &path;
}

NodeRef Evaluator::bound(const Path& path) const {
  const NodeRef found = host_.bound_node(path.direct, current_);
  return found.exists() && node(found).relevant ? found : NodeRef{};
}

double Evaluator::number(ExprId id, const Scope& scope) {
  const ExprNode& node = code_.nodes[id];
  if (const Path* path = bound_path(node)) {
    const NodeRef found = bound(*path);
    return found.exists() ? number_of(found) : kNaN;
  }
  switch (node.op) {
    case Op::Number:
      return node.number;
    case Op::Negate:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Modulo:
      return arithmetic(node, scope);
    default:
      return to_number(value(id, scope));
  }
}

bool Evaluator::boolean(ExprId id, const Scope& scope) {
  const ExprNode& node = code_.nodes[id];
  if (const Path* path = bound_path(node)) return bound(*path).exists();
  switch (node.op) {
    case Op::Or:
      return boolean(node.a, scope) || boolean(node.b, scope);
    case Op::And:
      return boolean(node.a, scope) && boolean(node.b, scope);
    case Op::Equal:
    case Op::NotEqual:
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
      return compare(node, scope);
    default:
      return to_boolean(value(id, scope));
  }
}

std::string Evaluator::text(ExprId id, const Scope& scope) {
  const ExprNode& node = code_.nodes[id];
  if (node.op == Op::Text) return code_.texts[node.a];
  if (const Path* path = bound_path(node)) {
    const NodeRef found = bound(*path);
    return found.exists() ? text_of(found) : std::string();
  }
  return to_text(value(id, scope));
}

NodeSet Evaluator::nodes(ExprId id, const Scope& scope) {
  Value found = value(id, scope);
  if (found.kind != ValueKind::Nodes) throw XPathError{"A path to questions is expected here, not a value."};
  return std::move(found.nodes);
}

Value Evaluator::value(ExprId id, const Scope& scope) {
  spend();
  const ExprNode& node = code_.nodes[id];
  switch (node.op) {
    case Op::Number:
      return Value::of_number(node.number);
    case Op::Text:
      return Value::of_text(code_.texts[node.a]);
    case Op::Path:
      return Value::of_nodes(path_nodes(code_.paths[node.a], scope));
    case Op::Call:
      return call(node, scope);
    case Op::Or:
    case Op::And:
    case Op::Equal:
    case Op::NotEqual:
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
      return Value::of_boolean(boolean(id, scope));
    case Op::Union: {
      NodeSet both = nodes(node.a, scope);
      const NodeSet right = nodes(node.b, scope);
      both.insert(both.end(), right.begin(), right.end());
      order(both);
      return Value::of_nodes(std::move(both));
    }
    default:
      return Value::of_number(arithmetic(node, scope));
  }
}

Value Evaluator::call(const ExprNode& node, const Scope& scope) {
  if (node.function == kUnknownFunction) {
    const ExprNode& name = code_.nodes[code_.arguments[node.a]];
    throw XPathError{"There is no function " + code_.texts[name.a] + "()."};
  }
  if (!takes_arguments(node.function, node.b)) throw XPathError{argument_count_fault(node.function, node.b)};
  Call arguments(*this, node, scope);
  return function_row(node.function).run(arguments);
}

double Evaluator::arithmetic(const ExprNode& node, const Scope& scope) {
  spend();
  const double a = number(node.a, scope);
  if (node.op == Op::Negate) return -a;
  const double b = number(node.b, scope);
  switch (node.op) {
    case Op::Add:
      return a + b;
    case Op::Subtract:
      return a - b;
    case Op::Multiply:
      return a * b;
    case Op::Divide:
      return a / b;
    default:
      return std::fmod(a, b);
  }
}

Value Evaluator::comparand(ExprId id, const Scope& scope) {
  // A path that leads to one node is by far the most frequent operand: its text compares as the set of it
  // would.
  const Path* path = bound_path(code_.nodes[id]);
  if (!path) return value(id, scope);
  const NodeRef found = bound(*path);
  return found.exists() ? Value::of_text(text_of(found)) : Value::of_nodes({});
}

bool Evaluator::compare(const ExprNode& node, const Scope& scope) {
  spend();
  const Value left = comparand(node.a, scope);
  const Value right = comparand(node.b, scope);
  if (left.kind == ValueKind::Nodes || right.kind == ValueKind::Nodes)
    return compare_nodes(node.op, left, right);
  return compare_single(node.op, left, right);
}

bool Evaluator::compare_nodes(Op op, const Value& left, const Value& right) {
  // XPath 1.0, 3.4: '=' with a boolean turns the whole set into one; all else is compared with each node in
  // turn. The standard would have '<' do as '=', but all engines of the field compare number by number there.
  if (is_equality(op) && (left.kind == ValueKind::Boolean || right.kind == ValueKind::Boolean)) {
    return compare_single(op, Value::of_boolean(to_boolean(left)), Value::of_boolean(to_boolean(right)));
  }
  auto each = [this](const Value& value) {
    std::vector<Value> singles;
    if (value.kind != ValueKind::Nodes) {
      singles.push_back(value);
      return singles;
    }
    singles.reserve(value.nodes.size());
    for (const NodeRef ref : value.nodes) singles.push_back(Value::of_text(text_of(ref)));
    return singles;
  };
  const std::vector<Value> lefts = each(left);
  const std::vector<Value> rights = each(right);
  for (const Value& a : lefts) {
    spend(rights.size());
    for (const Value& b : rights) {
      if (compare_single(op, a, b)) return true;
    }
  }
  return false;
}

bool Evaluator::compare_single(Op op, const Value& left, const Value& right) const {
  if (is_equality(op)) {
    if (left.kind == ValueKind::Boolean || right.kind == ValueKind::Boolean) {
      return (to_boolean(left) == to_boolean(right)) == (op == Op::Equal);
    }
    if (!is_numeric(left) && !is_numeric(right)) return (left.text == right.text) == (op == Op::Equal);
  }
  return holds(op, to_number(left), to_number(right));
}

}  // namespace terreno::forms
