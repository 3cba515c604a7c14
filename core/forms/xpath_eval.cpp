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

bool is_numeric(ValueKind kind) { return kind == ValueKind::Number || kind == ValueKind::Date; }

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

std::string_view Evaluator::view_of(NodeRef ref, std::string& scratch) const {
  const NodeTree& tree = host_.tree(ref.tree);
  return tree.is_relevant(ref.node) ? tree.text_of(ref.node, scratch) : std::string_view{};
}

std::string Evaluator::text_of(NodeRef ref) const {
  std::string scratch;
  return std::string(view_of(ref, scratch));
}

double Evaluator::number_of_text(std::string_view text) const {
  double value = 0;
  return plain_number(text, value) ? value : text_to_number(text, host_.utc_offset_minutes());
}

double Evaluator::number_of(NodeRef ref) const {
  std::string scratch;
  return number_of_text(view_of(ref, scratch));
}

double Evaluator::to_number(const Value& value) const {
  switch (value.kind) {
    case ValueKind::Boolean:
      return value.boolean ? 1 : 0;
    case ValueKind::Number:
    case ValueKind::Date:
      return value.number;
    case ValueKind::Text:
      return number_of_text(value.text);
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

bool Evaluator::straight(const ExprNode& node, const Scope& scope, NodeRef& found) const {
  if (node.op != Op::Path) return false;
  const Path& path = code_.paths[node.a];
  if (path.direct != kNoDef) {
    found = host_.bound_node(path.direct, current_);
    if (found.exists() && !host_.tree(found.tree).is_relevant(found.node)) found = {};
    return true;
  }
  if (path.start != PathStart::Context || path.step_count != 1) return false;
  const DataTable* const table = host_.tree(scope.node.tree).table();
  const Step& step = code_.steps[path.first_step];
  if (!table || step.axis != Axis::Child || step.test != NodeTest::Name || step.predicate_count != 0 ||
      !table->is_row(scope.node.node))
    return false;
  const std::uint32_t column = table->column_named(step.local, step.uri, step.any_namespace);
  const std::uint32_t row = table->row_of(scope.node.node);
  const bool present = column != DataTable::kNoColumn && table->cell(row, column) != TextPool::kNone;
  found = present ? NodeRef{scope.node.tree, table->cell_node(row, column)} : NodeRef{};
  return true;
}

double Evaluator::number(ExprId id, const Scope& scope) {
  const ExprNode& node = code_.nodes[id];
  if (NodeRef found; straight(node, scope, found)) return found.exists() ? number_of(found) : kNaN;
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
  if (NodeRef found; straight(node, scope, found)) {
    if (!found.exists() || !code_.paths[node.a].holds_truth) return found.exists();
    std::string scratch;
    const std::string_view truth = view_of(found, scratch);
    return !truth.empty() && truth != "0" && truth != "false";
  }
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
  std::string scratch;
  const std::string_view found = text_view(id, scope, scratch);
  return found.data() == scratch.data() ? std::move(scratch) : std::string(found);
}

std::string_view Evaluator::text_view(ExprId id, const Scope& scope, std::string& scratch) {
  const ExprNode& node = code_.nodes[id];
  if (node.op == Op::Text) return code_.texts[node.a];
  if (NodeRef found; straight(node, scope, found))
    return found.exists() ? view_of(found, scratch) : std::string_view{};
  scratch = to_text(value(id, scope));
  return scratch;
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
    case Op::Path: {
      if (NodeRef found; straight(node, scope, found))
        return Value::of_nodes(found.exists() ? NodeSet{found} : NodeSet{});
      return Value::of_nodes(path_nodes(code_.paths[node.a], scope));
    }
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

Evaluator::Count Evaluator::single(ExprId id, const Scope& scope, Single& out, std::string& scratch) {
  const ExprNode& node = code_.nodes[id];
  if (NodeRef found; straight(node, scope, found)) {
    if (!found.exists()) return Count::None;
    out.text = view_of(found, scratch);
    return Count::One;
  }
  switch (node.op) {
    case Op::Path:
    case Op::Call:
    case Op::Union:
      return Count::Unknown;
    case Op::Text:
      out.text = code_.texts[node.a];
      return Count::One;
    case Op::Number:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Modulo:
    case Op::Negate:
      out.kind = ValueKind::Number;
      out.number = number(id, scope);
      return Count::One;
    default:
      out.kind = ValueKind::Boolean;
      out.boolean = boolean(id, scope);
      return Count::One;
  }
}

Evaluator::Single Evaluator::single_of(const Value& value) {
  return {value.kind, value.boolean, value.number, value.text};
}

bool Evaluator::compare(const ExprNode& node, const Scope& scope) {
  spend();
  Single left;
  Single right;
  std::string left_scratch;
  std::string right_scratch;
  const Count lefts = single(node.a, scope, left, left_scratch);
  const Count rights = single(node.b, scope, right, right_scratch);
  if (lefts == Count::One && rights == Count::One) return compare_single(node.op, left, right);
  auto whole = [&](Count count, ExprId id, const Single& one) {
    if (count == Count::Unknown) return value(id, scope);
    if (count == Count::None) return Value::of_nodes({});
    Value made;
    made.kind = one.kind;
    made.boolean = one.boolean;
    made.number = one.number;
    made.text = one.text;
    return made;
  };
  const Value left_value = whole(lefts, node.a, left);
  const Value right_value = whole(rights, node.b, right);
  if (left_value.kind == ValueKind::Nodes || right_value.kind == ValueKind::Nodes)
    return compare_nodes(node.op, left_value, right_value);
  return compare_single(node.op, single_of(left_value), single_of(right_value));
}

bool Evaluator::compare_nodes(Op op, const Value& left, const Value& right) {
  // XPath 1.0, 3.4: '=' with a boolean turns the whole set into one; all else is compared with each node in
  // turn. The standard would have '<' do as '=', but all engines of the field compare number by number there.
  if (is_equality(op) && (left.kind == ValueKind::Boolean || right.kind == ValueKind::Boolean)) {
    return (to_boolean(left) == to_boolean(right)) == (op == Op::Equal);
  }
  auto count = [](const Value& value) { return value.kind == ValueKind::Nodes ? value.nodes.size() : 1; };
  auto at = [this](const Value& value, std::size_t i, std::string& scratch) {
    if (value.kind != ValueKind::Nodes) return single_of(value);
    return Single{ValueKind::Text, false, 0, view_of(value.nodes[i], scratch)};
  };
  std::string left_scratch;
  std::string right_scratch;
  for (std::size_t i = 0; i < count(left); ++i) {
    const Single a = at(left, i, left_scratch);
    spend(count(right));
    for (std::size_t k = 0; k < count(right); ++k) {
      if (compare_single(op, a, at(right, k, right_scratch))) return true;
    }
  }
  return false;
}

bool Evaluator::compare_single(Op op, const Single& left, const Single& right) const {
  auto truth = [](const Single& one) {
    switch (one.kind) {
      case ValueKind::Boolean:
        return one.boolean;
      case ValueKind::Number:
        return one.number != 0 && !std::isnan(one.number);
      case ValueKind::Date:
        return !std::isnan(one.number);
      default:
        return !one.text.empty();
    }
  };
  auto number = [this](const Single& one) {
    if (one.kind == ValueKind::Boolean) return one.boolean ? 1.0 : 0.0;
    return is_numeric(one.kind) ? one.number : number_of_text(one.text);
  };
  if (is_equality(op)) {
    if (left.kind == ValueKind::Boolean || right.kind == ValueKind::Boolean)
      return (truth(left) == truth(right)) == (op == Op::Equal);
    if (!is_numeric(left.kind) && !is_numeric(right.kind))
      return (left.text == right.text) == (op == Op::Equal);
  }
  return holds(op, number(left), number(right));
}

}  // namespace terreno::forms
