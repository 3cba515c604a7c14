// The part of the evaluator that chooses rows of a list: instance('places')/root/item[state = /data/state and
// ...]. An equality of a column and something that is the same for every row is looked up, all else is tried
// row by row.
#include <algorithm>
#include <array>

#include "core/forms/functions.hpp"
#include "core/forms/xpath_eval.hpp"

namespace terreno::forms {

/// column = text
struct Evaluator::Equality {
  std::uint32_t column = 0;
  std::uint32_t text = TextPool::kNone;  ///< TextPool::kNone when no cell of the table holds it
  bool other_exists = true;  ///< false when the other side is an empty node-set, which equals nothing
};

/// A condition on a row, prepared once for all rows.
struct Evaluator::RowTest {
  enum class Kind : std::uint8_t { All, Any, Equality, Inequality, Number, Texts, General };
  Kind kind = Kind::General;
  std::vector<RowTest> parts;  ///< of All and Any
  Equality equality;
  Op op = Op::Equal;  ///< of a comparison with a number: column op number
  double number = 0;
  bool (*texts)(std::string_view, std::string_view) = nullptr;  ///< of the column's text and this one
  std::string text;
  ExprId expression = kNoExpr;  ///< of any other condition
};

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}
bool begins(std::string_view text, std::string_view part) { return text.starts_with(part); }
bool ends(std::string_view text, std::string_view part) { return text.ends_with(part); }

/// Functions that read the row even without an argument, or never give the same twice.
bool varies(std::uint16_t function, std::size_t arguments) {
  constexpr std::array<std::string_view, 5> kAlways{"position", "last", "lang", "random", "uuid"};
  constexpr std::array<std::string_view, 7> kWithoutArgument{
      "string", "number", "string-length", "normalize-space", "name", "local-name", "namespace-uri"};
  const std::string_view name = function_row(function).name;
  auto holds = [name](const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return holds(kAlways) || (arguments == 0 && holds(kWithoutArgument));
}

}  // namespace

bool Evaluator::is_independent(ExprId id) const {
  const ExprNode& node = code_.nodes[id];
  switch (node.op) {
    case Op::Number:
    case Op::Text:
      return true;
    case Op::Path: {
      const Path& path = code_.paths[node.a];
      if (path.direct != kNoDef || path.start == PathStart::Root) return true;
      return path.start == PathStart::Expression && is_independent(path.start_expression);
    }
    case Op::Call:
      if (node.function == kUnknownFunction || varies(node.function, node.b)) return false;
      for (std::uint32_t i = 0; i < node.b; ++i) {
        if (!is_independent(code_.arguments[node.a + i])) return false;
      }
      return true;
    case Op::Negate:
      return is_independent(node.a);
    default:
      return is_independent(node.a) && is_independent(node.b);
  }
}

/// `is_column` says whether the expression is a plain child of the row; the column may still not exist.
std::uint32_t Evaluator::column_of(const DataTable& table, ExprId id, bool& is_column) const {
  is_column = false;
  const ExprNode& node = code_.nodes[id];
  if (node.op != Op::Path) return DataTable::kNoColumn;
  const Path& path = code_.paths[node.a];
  if (path.direct != kNoDef || path.start != PathStart::Context || path.step_count != 1)
    return DataTable::kNoColumn;
  const Step& step = code_.steps[path.first_step];
  is_column = step.axis == Axis::Child && step.test == NodeTest::Name && step.predicate_count == 0;
  return is_column ? table.column_named(step.local, step.uri, step.any_namespace) : DataTable::kNoColumn;
}

bool Evaluator::equality_of(const DataTable& table, ExprId id, const Scope& scope, Equality& out) {
  const ExprNode& node = code_.nodes[id];
  if (node.op != Op::Equal && node.op != Op::NotEqual) return false;
  for (const auto& [column_side, other] : {std::pair(node.a, node.b), std::pair(node.b, node.a)}) {
    bool is_column = false;
    out.column = column_of(table, column_side, is_column);
    if (!is_column || !is_independent(other)) continue;
    const Value wanted = value(other, scope);
    // Two texts are compared as they are; with a number or a boolean it is the value that counts.
    if (wanted.kind == ValueKind::Text) {
      out.text = table.texts().find(wanted.text);
    } else if (wanted.kind == ValueKind::Nodes && wanted.nodes.size() <= 1) {
      std::string scratch;
      out.other_exists = !wanted.nodes.empty();
      out.text =
          wanted.nodes.empty() ? TextPool::kNone : table.texts().find(view_of(wanted.nodes.front(), scratch));
    } else {
      continue;
    }
    if (out.column == DataTable::kNoColumn) out.text = TextPool::kNone;
    return true;
  }
  return false;
}

/// Appends the rows that a step down from the list's root gives; false when the step is no such step.
bool Evaluator::rows_of_table(const Step& step, NodeRef from, NodeSet& out) {
  const DataTable* const table = host_.tree(from.tree).table();
  if (!table || from.node != 1 || step.axis != Axis::Child) return false;
  if (step.test != NodeTest::Name && step.test != NodeTest::AnyName) return false;
  if (table->rows() == 0) return true;
  if (!matches(step, table->node(table->row_node(0)))) return true;
  if (step.predicate_count == 0) {
    out.reserve(out.size() + table->rows());
    for (std::uint32_t row = 0; row < table->rows(); ++row) out.push_back({from.tree, table->row_node(row)});
    return true;
  }
  const Scope scope{{from.tree, table->row_node(0)}, 1, table->rows()};
  std::vector<ExprId> conditions{code_.predicates[step.first_predicate]};
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    while (code_.nodes[conditions[i]].op == Op::And) {
      const ExprNode& both = code_.nodes[conditions[i]];
      conditions.push_back(both.b);
      conditions[i] = both.a;
    }
  }
  std::vector<Equality> equalities;
  std::vector<ExprId> others;
  for (const ExprId condition : conditions) {
    if (Equality found;
        code_.nodes[condition].op == Op::Equal && equality_of(*table, condition, scope, found))
      equalities.push_back(found);
    else
      others.push_back(condition);
  }
  NodeSet chosen;
  if (equalities.empty())
    scan_rows(*table, code_.predicates[step.first_predicate], from.tree, chosen);
  else
    indexed_rows(*table, equalities, others, from.tree, chosen);
  filter(step.first_predicate + 1, step.predicate_count - 1, chosen);
  out.insert(out.end(), chosen.begin(), chosen.end());
  return true;
}

void Evaluator::indexed_rows(const DataTable& table, std::vector<Equality>& equalities,
                             const std::vector<ExprId>& others, std::uint32_t tree, NodeSet& out) {
  auto rows_of = [&table](const Equality& equality) {
    return equality.text == TextPool::kNone ? std::span<const std::uint32_t>{}
                                            : table.rows_with(equality.column, equality.text);
  };
  // The equality with the fewest rows leads.
  for (Equality& equality : equalities) {
    if (rows_of(equality).size() < rows_of(equalities.front()).size())
      std::swap(equality, equalities.front());
  }
  const std::span<const std::uint32_t> candidates = rows_of(equalities.front());
  spend(candidates.size());
  for (const std::uint32_t row : candidates) {
    const bool equal = std::all_of(equalities.begin() + 1, equalities.end(), [&](const Equality& equality) {
      return equality.text != TextPool::kNone && table.cell(row, equality.column) == equality.text;
    });
    if (!equal) continue;
    const Scope scope{{tree, table.row_node(row)}, row + 1, table.rows()};
    const bool holds =
        std::all_of(others.begin(), others.end(), [&](ExprId other) { return boolean(other, scope); });
    if (holds) out.push_back(scope.node);
  }
}

Evaluator::RowTest Evaluator::row_test(const DataTable& table, ExprId id, const Scope& scope) {
  RowTest test;
  test.expression = id;
  const ExprNode& node = code_.nodes[id];
  if (node.op == Op::And || node.op == Op::Or) {
    test.kind = node.op == Op::And ? RowTest::Kind::All : RowTest::Kind::Any;
    test.parts.push_back(row_test(table, node.a, scope));
    test.parts.push_back(row_test(table, node.b, scope));
  } else if ((node.op == Op::Equal || node.op == Op::NotEqual) &&
             equality_of(table, id, scope, test.equality)) {
    test.kind = node.op == Op::Equal ? RowTest::Kind::Equality : RowTest::Kind::Inequality;
  } else if (node.op >= Op::Equal && node.op <= Op::GreaterEqual) {
    number_test(table, node, scope, test);
  } else if (node.op == Op::Call && node.function != kUnknownFunction && node.b == 2) {
    text_test(table, node, scope, test);
  }
  return test;
}

/// column < number, with a number that is the same for every row.
void Evaluator::number_test(const DataTable& table, const ExprNode& node, const Scope& scope, RowTest& test) {
  bool is_column = false;
  test.equality.column = column_of(table, node.a, is_column);
  if (!is_column || !is_independent(node.b)) return;
  const Value wanted = value(node.b, scope);
  const bool orders = node.op != Op::Equal && node.op != Op::NotEqual;
  if (wanted.kind != ValueKind::Number && !(orders && wanted.kind == ValueKind::Text)) return;
  test.kind = RowTest::Kind::Number;
  test.op = node.op;
  test.number = to_number(wanted);
}

/// contains(column, text) and its like.
void Evaluator::text_test(const DataTable& table, const ExprNode& node, const Scope& scope, RowTest& test) {
  const std::string_view name = function_row(node.function).name;
  auto* const holds = name == "contains"      ? contains
                      : name == "starts-with" ? begins
                      : name == "ends-with"   ? ends
                                              : nullptr;
  const ExprId wanted = code_.arguments[node.a + 1];
  bool is_column = false;
  test.equality.column = column_of(table, code_.arguments[node.a], is_column);
  if (!holds || !is_column || !is_independent(wanted)) return;
  test.kind = RowTest::Kind::Texts;
  test.texts = holds;
  test.text = text(wanted, scope);
}

bool Evaluator::row_holds(const DataTable& table, const RowTest& test, const Scope& scope) {
  const std::uint32_t row = scope.position - 1;
  const auto part_holds = [&](const RowTest& part) { return row_holds(table, part, scope); };
  if (test.kind == RowTest::Kind::All) return std::all_of(test.parts.begin(), test.parts.end(), part_holds);
  if (test.kind == RowTest::Kind::Any) return std::any_of(test.parts.begin(), test.parts.end(), part_holds);
  if (test.kind == RowTest::Kind::General) return boolean(test.expression, scope);
  const std::uint32_t column = test.equality.column;
  const std::uint32_t cell = column == DataTable::kNoColumn ? TextPool::kNone : table.cell(row, column);
  const std::string_view text = cell == TextPool::kNone ? std::string_view{} : table.texts().text(cell);
  switch (test.kind) {
    case RowTest::Kind::Equality:
      return cell != TextPool::kNone && cell == test.equality.text;
    case RowTest::Kind::Inequality:
      return cell != TextPool::kNone && test.equality.other_exists && cell != test.equality.text;
    case RowTest::Kind::Number:
      return cell != TextPool::kNone && compare_single(test.op, {ValueKind::Text, false, 0, text},
                                                       {ValueKind::Number, false, test.number, {}});
    default:
      return test.texts(text, test.text);
  }
}

void Evaluator::scan_rows(const DataTable& table, ExprId predicate, std::uint32_t tree, NodeSet& out) {
  const Op op = code_.nodes[predicate].op;
  const Scope first{{tree, table.row_node(0)}, 1, table.rows()};
  const RowTest test = row_test(table, predicate, first);
  const bool may_be_number =
      test.kind == RowTest::Kind::General &&
      (op == Op::Path || op == Op::Call || op == Op::Number || (op >= Op::Add && op <= Op::Negate));
  spend(table.rows());
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    const Scope scope{{tree, table.row_node(row)}, row + 1, table.rows()};
    bool keep = false;
    if (may_be_number) {
      const Value verdict = value(predicate, scope);
      keep = verdict.kind == ValueKind::Number ? verdict.number == scope.position : to_boolean(verdict);
    } else {
      keep = row_holds(table, test, scope);
    }
    if (keep) out.push_back(scope.node);
  }
}

}  // namespace terreno::forms
