#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/forms/limits.hpp"
#include "core/forms/xpath_ast.hpp"
#include "core/forms/xpath_host.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {

/// Thrown inside an evaluation: an unknown function was called, an argument has the wrong type, the budget is
/// spent.
struct XPathError {
  std::string message;
};

/// Where a part of an expression is evaluated.
struct Scope {
  NodeRef node;
  std::uint32_t position = 1;
  std::uint32_t size = 1;
};

/// Evaluates one expression once. Small; made on the stack for each evaluation.
class Evaluator {
 public:
  /// `current` is the question the expression belongs to: what current() gives, and "." at the top.
  Evaluator(const ExpressionCode& code, ExprId root, XPathHost& host, NodeRef current)
      : code_(code), root_(root), host_(host), current_(current) {}
  Evaluator(const Expression& expression, XPathHost& host, NodeRef current)
      : Evaluator(expression.code, expression.root, host, current) {}

  Result<Value> run();
  /// These three give the empty text, NaN and false when the evaluation fails.
  std::string run_text();
  double run_number();
  bool run_boolean();

  Value value(ExprId id, const Scope& scope);
  double number(ExprId id, const Scope& scope);
  bool boolean(ExprId id, const Scope& scope);
  std::string text(ExprId id, const Scope& scope);
  /// As text(), without a copy when a node or a literal holds it; else it is put together in `scratch`.
  std::string_view text_view(ExprId id, const Scope& scope, std::string& scratch);
  /// Throws when the expression yields no node-set.
  NodeSet nodes(ExprId id, const Scope& scope);

  double to_number(const Value& value) const;
  bool to_boolean(const Value& value) const;
  std::string to_text(const Value& value) const;
  std::string text_of(NodeRef node) const;
  double number_of(NodeRef node) const;

  XPathHost& host() { return host_; }
  const XPathHost& host() const { return host_; }
  const ExpressionCode& code() const { return code_; }
  NodeRef current() const { return current_; }
  Node node(NodeRef ref) const { return host_.tree(ref.tree)[ref.node]; }
  /// Counts work; throws when an expression looks at more nodes than kMaxEvaluationSteps.
  void spend(std::uint64_t steps = 1);
  /// Puts a node-set in document order and drops what is in it twice.
  void order(NodeSet& nodes) const;

 private:
  Scope top() const { return {current_, 1, 1}; }
  Value call(const ExprNode& node, const Scope& scope);
  double arithmetic(const ExprNode& node, const Scope& scope);
  bool compare(const ExprNode& node, const Scope& scope);
  /// A value that is no node-set, its text not copied.
  struct Single {
    ValueKind kind = ValueKind::Text;
    bool boolean = false;
    double number = 0;
    std::string_view text;
  };
  /// How many values an operand of a comparison stands for: none for an empty node-set.
  enum class Count : std::uint8_t { None, One, Unknown };
  Count single(ExprId id, const Scope& scope, Single& out, std::string& scratch);
  static Single single_of(const Value& value);
  bool compare_nodes(Op op, const Value& left, const Value& right);
  bool compare_single(Op op, const Single& left, const Single& right) const;
  double number_of_text(std::string_view text) const;
  std::string_view view_of(NodeRef node, std::string& scratch) const;
  /// The one node of a path that needs no walk: a bound one, or the cell of a row. False for any other path.
  bool straight(const ExprNode& node, const Scope& scope, NodeRef& found) const;
  // xpath_tables.cpp: rows of lists.
  struct Equality;
  struct RowTest;
  RowTest row_test(const DataTable& table, ExprId id, const Scope& scope);
  void number_test(const DataTable& table, const ExprNode& node, const Scope& scope, RowTest& test);
  void text_test(const DataTable& table, const ExprNode& node, const Scope& scope, RowTest& test);
  bool row_holds(const DataTable& table, const RowTest& test, const Scope& scope);
  bool rows_of_table(const Step& step, NodeRef from, NodeSet& out);
  void scan_rows(const DataTable& table, ExprId predicate, std::uint32_t tree, NodeSet& out);
  void indexed_rows(const DataTable& table, std::vector<Equality>& equalities,
                    const std::vector<ExprId>& others, std::uint32_t tree, NodeSet& out);
  bool equality_of(const DataTable& table, ExprId id, const Scope& scope, Equality& out);
  std::uint32_t column_of(const DataTable& table, ExprId id, bool& is_column) const;
  bool is_independent(ExprId id) const;
  NodeSet path_nodes(const Path& path, const Scope& scope);
  NodeSet path_start(const Path& path, const Scope& scope, std::uint32_t& skip);
  NodeSet step_nodes(const Step& step, const NodeSet& from, bool& flat);
  void walk_axis(const Step& step, NodeRef from, NodeSet& out);
  void filter(std::uint32_t first, std::uint32_t count, NodeSet& nodes);
  bool matches(const Step& step, const Node& node) const;

  const ExpressionCode& code_;
  ExprId root_;
  XPathHost& host_;
  NodeRef current_;
  std::uint64_t spent_ = 0;
};

}  // namespace terreno::forms
