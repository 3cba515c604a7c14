// Arithmetic, and what is counted over node-sets.
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/forms/functions.hpp"

namespace terreno::forms {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <double (*Function)(double)>
Value unary(Call& call) {
  return Value::of_number(Function(call.number(0)));
}

double exp10_of(double x) { return std::pow(10.0, x); }

Value power(Call& call) { return Value::of_number(std::pow(call.number(0), call.number(1))); }
Value arc_tangent_of_two(Call& call) { return Value::of_number(std::atan2(call.number(0), call.number(1))); }
Value pi(Call&) { return Value::of_number(std::numbers::pi); }

/// Halves go away from zero, as JavaRosa and web-forms have it; a second argument says how many decimals
/// stay.
Value round_number(Call& call) {
  const double value = call.number(0);
  if (call.count() == 1) return Value::of_number(std::round(value));
  const double decimals = std::trunc(call.number(1));
  if (std::isnan(decimals)) return Value::of_number(kNaN);
  if (!std::isfinite(value) || decimals > 15) return Value::of_number(value);
  const double factor = std::pow(10.0, std::fabs(decimals));
  const double scaled = decimals < 0 ? value / factor : value * factor;
  // The text of a decimal such as 1.005 lies a hair below it in binary; a nudge of two units lets its half
  // round up.
  const double nudged = std::nextafter(std::nextafter(scaled, scaled * 2), scaled * 2);
  const double whole = std::round(nudged);
  return Value::of_number(decimals < 0 ? whole * factor : whole / factor);
}

template <typename Visit>
void each_number(Call& call, Visit visit) {
  for (std::size_t i = 0; i < call.count(); ++i) {
    const Value found = call.value(i);
    if (found.kind != ValueKind::Nodes)
      visit(call.evaluator().to_number(found));
    else
      for (const NodeRef node : found.nodes) visit(call.evaluator().number_of(node));
  }
}

/// The smallest or largest of all arguments; NaN when there is none or one of them is no number.
template <bool Smallest>
Value extreme(Call& call) {
  double best = kNaN;
  bool first = true;
  each_number(call, [&](double number) {
    const bool better = Smallest ? number < best : number > best;
    if (first || std::isnan(number) || (!std::isnan(best) && better)) best = number;
    first = false;
  });
  return Value::of_number(best);
}

Value sum(Call& call) {
  if (const auto known = call.host().sum_of(call.collection(0))) return Value::of_number(*known);
  double total = 0;
  for (const NodeRef node : call.nodes(0)) total += call.evaluator().number_of(node);
  return Value::of_number(total);
}

Value count(Call& call) {
  if (const auto known = call.host().count_of(call.collection(0))) return Value::of_number(*known);
  return Value::of_number(static_cast<double>(call.nodes(0).size()));
}

/// A node counts when it has a text or holds other elements.
Value count_non_empty(Call& call) {
  double total = 0;
  for (const NodeRef node : call.nodes(0)) {
    const NodeTree& tree = call.host().tree(node.tree);
    NodeId child = tree[node.node].first_child;
    while (child != kNoNode && tree[child].kind != NodeKind::Element) child = tree[child].next;
    total += child == kNoNode && call.evaluator().text_of(node).empty() ? 0 : 1;
  }
  return Value::of_number(total);
}

bool within(double total, double least, double most) {
  return (least < 0 || total >= least) && (most < 0 || total <= most);
}

/// One answer of a checklist counts when it is true, a number above zero or a text that is no number.
bool counts(Call& call, const Value& value) {
  if (value.kind == ValueKind::Boolean) return value.boolean;
  const double number = call.evaluator().to_number(value);
  if (value.kind == ValueKind::Text && std::isnan(number)) return !value.text.empty();
  return number > 0;
}

double count_true(Call& call, const Value& value) {
  if (value.kind != ValueKind::Nodes) return counts(call, value) ? 1 : 0;
  double total = 0;
  for (const NodeRef node : value.nodes) total += call.evaluator().number_of(node) > 0 ? 1 : 0;
  return total;
}

Value checklist(Call& call) {
  double total = 0;
  for (std::size_t i = 2; i < call.count(); ++i) total += count_true(call, call.value(i));
  return Value::of_boolean(within(total, call.number(0), call.number(1)));
}

std::vector<double> numbers_of(Call& call, std::size_t i) {
  const Value found = call.value(i);
  if (found.kind != ValueKind::Nodes) return {call.evaluator().to_number(found)};
  std::vector<double> numbers;
  for (const NodeRef node : found.nodes) numbers.push_back(call.evaluator().number_of(node));
  return numbers;
}

Value weighted_checklist(Call& call) {
  if (call.count() % 2 != 0) throw XPathError{"weighted-checklist() takes answers and weights in pairs."};
  double total = 0;
  for (std::size_t i = 2; i < call.count(); i += 2) {
    const std::vector<double> answers = numbers_of(call, i);
    const std::vector<double> weights = numbers_of(call, i + 1);
    for (std::size_t k = 0; k < answers.size() && k < weights.size(); ++k)
      total += answers[k] > 0 ? weights[k] : 0;
  }
  return Value::of_boolean(within(total, call.number(0), call.number(1)));
}

constexpr std::array kRows{
    FunctionRow{"int", 1, 1, unary<std::trunc>},
    FunctionRow{"round", 1, 2, round_number},
    FunctionRow{"floor", 1, 1, unary<std::floor>},
    FunctionRow{"ceiling", 1, 1, unary<std::ceil>},
    FunctionRow{"abs", 1, 1, unary<std::fabs>},
    FunctionRow{"sqrt", 1, 1, unary<std::sqrt>},
    FunctionRow{"exp", 1, 1, unary<std::exp>},
    FunctionRow{"exp10", 1, 1, unary<exp10_of>},
    FunctionRow{"log", 1, 1, unary<std::log>},
    FunctionRow{"log10", 1, 1, unary<std::log10>},
    FunctionRow{"sin", 1, 1, unary<std::sin>},
    FunctionRow{"cos", 1, 1, unary<std::cos>},
    FunctionRow{"tan", 1, 1, unary<std::tan>},
    FunctionRow{"asin", 1, 1, unary<std::asin>},
    FunctionRow{"acos", 1, 1, unary<std::acos>},
    FunctionRow{"atan", 1, 1, unary<std::atan>},
    FunctionRow{"atan2", 2, 2, arc_tangent_of_two},
    FunctionRow{"pi", 0, 0, pi},
    FunctionRow{"pow", 2, 2, power},
    FunctionRow{"min", 1, kManyArguments, extreme<true>},
    FunctionRow{"max", 1, kManyArguments, extreme<false>},
    FunctionRow{"sum", 1, 1, sum},
    FunctionRow{"count", 1, 1, count},
    FunctionRow{"count-non-empty", 1, 1, count_non_empty},
    FunctionRow{"checklist", 3, kManyArguments, checklist},
    FunctionRow{"weighted-checklist", 4, kManyArguments, weighted_checklist},
};

}  // namespace

std::span<const FunctionRow> number_functions() { return kRows; }

}  // namespace terreno::forms
