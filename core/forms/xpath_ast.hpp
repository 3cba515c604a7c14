#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/forms/node_tree.hpp"

namespace terreno::forms {

using ExprId = std::uint32_t;
inline constexpr ExprId kNoExpr = 0xFFFFFFFFU;

/// A node of the form's definition (form_model.hpp); here because a path may be bound to one.
using DefId = std::uint32_t;
inline constexpr DefId kNoDef = 0xFFFFFFFFU;

enum class Op : std::uint8_t {
  Number,  ///< number
  Text,    ///< texts[a]
  Path,    ///< paths[a]
  Call,    ///< function over arguments[a .. a+b)
  Or,      ///< operators: left a, right b
  And,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
  Negate,  ///< operand a
  Union
};

struct ExprNode {
  Op op = Op::Number;
  std::uint16_t function = 0;  ///< of a call: the row of the function table
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  double number = 0;
};

enum class Axis : std::uint8_t {
  Child,
  Descendant,
  Parent,
  Ancestor,
  FollowingSibling,
  PrecedingSibling,
  Following,
  Preceding,
  Attribute,
  Namespace,
  Self,
  DescendantOrSelf,
  AncestorOrSelf
};

enum class NodeTest : std::uint8_t { Name, AnyName, AnyInNamespace, AnyNode, Text, Comment, Instruction };

struct Step {
  Axis axis = Axis::Child;
  NodeTest test = NodeTest::AnyNode;
  bool any_namespace = false;  ///< of a name: only its local part counts
  NameId uri = kNoName;
  NameId local = kNoName;
  std::uint32_t first_predicate = 0;  ///< in ExpressionCode::predicates
  std::uint32_t predicate_count = 0;
};

inline constexpr std::uint32_t kNoCollection = 0xFFFFFFFFU;

enum class PathStart : std::uint8_t { Root, Context, Expression };

struct Path {
  PathStart start = PathStart::Context;
  ExprId start_expression = kNoExpr;
  std::uint32_t first_predicate = 0;  ///< of the start expression: "(a | b)[1]"
  std::uint32_t predicate_count = 0;
  std::uint32_t first_step = 0;
  std::uint32_t step_count = 0;

  // Filled in when a form binds the expression to its place; left alone for a path over any other document.
  DefId direct = kNoDef;         ///< the path names this one node: of the context's own repeat instances
  DefId start_def = kNoDef;      ///< an absolute path begins at this ancestor of the current question...
  std::uint32_t skip_steps = 0;  ///< ...and leaves out these steps, which led there
  bool holds_truth = false;  ///< the one node it leads to is of type boolean: "0" and "false" in it are false
  std::uint32_t collection = kNoCollection;  ///< it names all nodes of this collection of the model
};

/// The code of any number of expressions in common vectors, immutable once bound, shared by all fillings. A
/// node's operands stand before it.
struct ExpressionCode {
  std::vector<ExprNode> nodes;
  std::vector<std::string> texts;
  std::vector<Path> paths;
  std::vector<Step> steps;
  std::vector<ExprId> arguments;
  std::vector<ExprId> predicates;
};

/// One expression with code of its own.
struct Expression {
  ExprId root = kNoExpr;
  ExpressionCode code;
};

}  // namespace terreno::forms
