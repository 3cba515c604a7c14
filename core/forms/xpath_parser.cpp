#include "core/forms/xpath_parser.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/forms/functions.hpp"
#include "core/forms/limits.hpp"
#include "core/forms/xpath_lexer.hpp"

namespace terreno::forms {
namespace {

struct AxisName {
  std::string_view name;
  Axis axis;
};
constexpr std::array<AxisName, 13> kAxes{{{"child", Axis::Child},
                                          {"descendant", Axis::Descendant},
                                          {"parent", Axis::Parent},
                                          {"ancestor", Axis::Ancestor},
                                          {"following-sibling", Axis::FollowingSibling},
                                          {"preceding-sibling", Axis::PrecedingSibling},
                                          {"following", Axis::Following},
                                          {"preceding", Axis::Preceding},
                                          {"attribute", Axis::Attribute},
                                          {"namespace", Axis::Namespace},
                                          {"self", Axis::Self},
                                          {"descendant-or-self", Axis::DescendantOrSelf},
                                          {"ancestor-or-self", Axis::AncestorOrSelf}}};

struct OperatorRow {
  std::string_view text;
  Op op;
  int strength;  ///< a higher one binds tighter
};
constexpr std::array<OperatorRow, 14> kOperators{{{"or", Op::Or, 1},
                                                  {"and", Op::And, 2},
                                                  {"=", Op::Equal, 3},
                                                  {"!=", Op::NotEqual, 3},
                                                  {"<", Op::Less, 4},
                                                  {"<=", Op::LessEqual, 4},
                                                  {">", Op::Greater, 4},
                                                  {">=", Op::GreaterEqual, 4},
                                                  {"+", Op::Add, 5},
                                                  {"-", Op::Subtract, 5},
                                                  {"*", Op::Multiply, 6},
                                                  {"div", Op::Divide, 6},
                                                  {"mod", Op::Modulo, 6},
                                                  {"|", Op::Union, 8}}};
constexpr int kNegateStrength = 7;

/// Thrown inside the parser alone; parse_xpath turns it into a Result.
struct SyntaxError {
  std::string message;
};

}  // namespace

/// One call of parse().
class XPathParser::Run {
 public:
  explicit Run(XPathParser& parser)
      : tokens_(parser.tokens_),
        names_(parser.names_),
        out_(parser.code_),
        steps_(parser.steps_),
        operands_(parser.operands_),
        first_node_(parser.code_.nodes.size()) {}

  ExprId run() {
    const ExprId root = expression(0);
    if (peek().kind != TokenKind::End)
      fail("'" + std::string(peek().text) + "' stands where the expression should end");
    return root;
  }

 private:
  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& take() {
    const Token& token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  bool accept(TokenKind kind) {
    if (peek().kind != kind) return false;
    take();
    return true;
  }
  void expect(TokenKind kind, std::string_view what) {
    if (!accept(kind)) fail(std::string(what) + " is missing");
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw SyntaxError{what + " at character " + std::to_string(peek().offset + 1)};
  }

  ExprId add(const ExprNode& node) {
    if (out_.nodes.size() - first_node_ >= kMaxExpressionNodes) fail("The expression is too long");
    out_.nodes.push_back(node);
    return static_cast<ExprId>(out_.nodes.size() - 1);
  }

  static const OperatorRow* operator_of(const Token& token) {
    if (token.kind != TokenKind::Operator) return nullptr;
    for (const OperatorRow& row : kOperators) {
      if (row.text == token.text) return &row;
    }
    return nullptr;
  }

  /// Counts nesting for as long as it lives.
  struct Depth {
    explicit Depth(Run& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxExpressionDepth) parser_.fail("The expression is nested too deeply");
    }
    ~Depth() { --parser_.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    Run& parser_;
  };

  ExprId expression(int weakest) {
    const Depth depth(*this);
    ExprId left = operand();
    while (const OperatorRow* row = operator_of(peek())) {
      if (row->strength < weakest) break;
      take();
      const ExprId right = expression(row->strength + 1);
      left = add({row->op, 0, left, right, 0});
    }
    return left;
  }

  ExprId operand() {
    if (peek().kind == TokenKind::Operator && peek().text == "-") {
      take();
      const ExprId inner = expression(kNegateStrength);
      return add({Op::Negate, 0, inner, 0, 0});
    }
    return path();
  }

  bool begins_step() const {
    switch (peek().kind) {
      case TokenKind::Name:
      case TokenKind::AnyName:
      case TokenKind::AnyInPrefix:
      case TokenKind::NodeType:
      case TokenKind::Axis:
      case TokenKind::At:
      case TokenKind::Dot:
      case TokenKind::DoubleDot:
        return true;
      default:
        return false;
    }
  }

  ExprId path() {
    Path made;
    const std::size_t base = steps_.size();
    if (accept(TokenKind::Slash)) {
      made.start = PathStart::Root;
      if (begins_step()) relative_path(base);
    } else if (accept(TokenKind::DoubleSlash)) {
      made.start = PathStart::Root;
      steps_.push_back({Axis::DescendantOrSelf, NodeTest::AnyNode, false, kNoName, kNoName, 0, 0});
      relative_path(base);
    } else if (begins_step()) {
      relative_path(base);
    } else {
      return filtered(base);
    }
    return finish(made, base);
  }

  /// A primary expression, with its predicates and the steps that may follow.
  ExprId filtered(std::size_t base) {
    const ExprId start = primary();
    Path made;
    made.start = PathStart::Expression;
    made.start_expression = start;
    predicates(made.first_predicate, made.predicate_count);
    const bool continues = peek().kind == TokenKind::Slash || peek().kind == TokenKind::DoubleSlash;
    if (made.predicate_count == 0 && !continues) return start;
    if (continues) further_steps(base);
    return finish(made, base);
  }

  /// Moves the steps from `base` on out of the common stack, which the paths inside their predicates use too.
  ExprId finish(Path& made, std::size_t base) {
    const auto begin = steps_.begin() + static_cast<std::ptrdiff_t>(base);
    made.first_step = static_cast<std::uint32_t>(out_.steps.size());
    made.step_count = static_cast<std::uint32_t>(steps_.size() - base);
    out_.steps.insert(out_.steps.end(), begin, steps_.end());
    steps_.resize(base);
    out_.paths.push_back(made);
    return add({Op::Path, 0, static_cast<std::uint32_t>(out_.paths.size() - 1), 0, 0});
  }

  void relative_path(std::size_t base) {
    steps_.push_back(step());
    further_steps(base);
  }

  void further_steps(std::size_t base) {
    for (;;) {
      if (accept(TokenKind::DoubleSlash)) {
        steps_.push_back({Axis::DescendantOrSelf, NodeTest::AnyNode, false, kNoName, kNoName, 0, 0});
      } else if (!accept(TokenKind::Slash)) {
        return;
      }
      steps_.push_back(step());
      if (steps_.size() - base > kMaxExpressionNodes) fail("The path is too long");
    }
  }

  Step step() {
    if (accept(TokenKind::Dot))
      return with_predicates({Axis::Self, NodeTest::AnyNode, false, kNoName, kNoName, 0, 0});
    if (accept(TokenKind::DoubleDot))
      return with_predicates({Axis::Parent, NodeTest::AnyNode, false, kNoName, kNoName, 0, 0});
    Step made;
    if (accept(TokenKind::At)) {
      made.axis = Axis::Attribute;
    } else if (peek().kind == TokenKind::Axis) {
      made.axis = axis_named(take().text);
    }
    node_test(made);
    return with_predicates(made);
  }

  Axis axis_named(std::string_view name) const {
    for (const AxisName& row : kAxes) {
      if (row.name == name) return row.axis;
    }
    fail("'" + std::string(name) + "' is no axis");
  }

  void node_test(Step& made) {
    const Token token = take();
    switch (token.kind) {
      case TokenKind::Name:
        return name_test(made, token.text);
      case TokenKind::AnyName:
        made.test = NodeTest::AnyName;
        return;
      case TokenKind::AnyInPrefix:
        made.test = NodeTest::AnyInNamespace;
        made.uri = uri_of(token.text, made.any_namespace);
        return;
      case TokenKind::NodeType:
        return type_test(made, token.text);
      default:
        fail("A name is missing");
    }
  }

  void type_test(Step& made, std::string_view type) {
    expect(TokenKind::OpenRound, "'('");
    if (type == "node") made.test = NodeTest::AnyNode;
    if (type == "text") made.test = NodeTest::Text;
    if (type == "comment") made.test = NodeTest::Comment;
    if (type == "processing-instruction") {
      made.test = NodeTest::Instruction;
      made.any_namespace = true;  // any target unless one is named
      if (peek().kind == TokenKind::Literal) {
        made.any_namespace = false;
        made.local = names_.names.intern(take().text);
      }
    }
    expect(TokenKind::CloseRound, "')'");
  }

  void name_test(Step& made, std::string_view name) {
    made.test = NodeTest::Name;
    made.local = names_.names.intern(local_part(name));
    const std::size_t colon = name.find(':');
    if (colon != std::string_view::npos) {
      made.uri = uri_of(name.substr(0, colon), made.any_namespace);
    } else if (names_.unprefixed_matches_any) {
      made.any_namespace = true;
    } else if (made.axis != Axis::Attribute && made.axis != Axis::Namespace && names_.namespaces) {
      const auto found = names_.namespaces->find("");
      if (found != names_.namespaces->end()) made.uri = names_.names.intern(found->second);
    }
  }

  NameId uri_of(std::string_view prefix, bool& any_namespace) {
    if (names_.namespaces) {
      const auto found = names_.namespaces->find(prefix);
      if (found != names_.namespaces->end()) return names_.names.intern(found->second);
    }
    if (prefix == "xml") return names_.names.intern("http://www.w3.org/XML/1998/namespace");
    if (!names_.unprefixed_matches_any) fail("The prefix '" + std::string(prefix) + "' is not declared");
    any_namespace = true;
    return kNoName;
  }

  Step with_predicates(Step made) {
    predicates(made.first_predicate, made.predicate_count);
    return made;
  }

  void predicates(std::uint32_t& first, std::uint32_t& count) {
    const std::size_t base = operands_.size();
    while (accept(TokenKind::OpenSquare)) {
      operands_.push_back(expression(0));
      expect(TokenKind::CloseSquare, "']'");
    }
    first = static_cast<std::uint32_t>(out_.predicates.size());
    count = take_operands(base, out_.predicates);
  }

  std::uint32_t take_operands(std::size_t base, std::vector<ExprId>& out) {
    const auto count = static_cast<std::uint32_t>(operands_.size() - base);
    out.insert(out.end(), operands_.begin() + static_cast<std::ptrdiff_t>(base), operands_.end());
    operands_.resize(base);
    return count;
  }

  ExprId primary() {
    const Token token = peek();
    switch (token.kind) {
      case TokenKind::Number:
        take();
        return add({Op::Number, 0, 0, 0, token.number});
      case TokenKind::Literal:
        take();
        return literal(token.text);
      case TokenKind::OpenRound: {
        take();
        const ExprId inner = expression(0);
        expect(TokenKind::CloseRound, "')'");
        return inner;
      }
      case TokenKind::Function:
        return call();
      case TokenKind::End:
        fail("Something is missing");
      default:
        fail("'" + std::string(token.text) + "' is not expected");
    }
  }

  ExprId literal(std::string_view text) {
    out_.texts.emplace_back(text);
    return add({Op::Text, 0, static_cast<std::uint32_t>(out_.texts.size() - 1), 0, 0});
  }

  ExprId call() {
    const std::string_view name = take().text;
    const std::size_t base = operands_.size();
    const std::uint16_t function = function_named(name);
    if (function == kUnknownFunction) operands_.push_back(literal(name));
    expect(TokenKind::OpenRound, "'('");
    if (peek().kind != TokenKind::CloseRound) {
      do operands_.push_back(expression(0));
      while (accept(TokenKind::Comma));
    }
    expect(TokenKind::CloseRound, "')'");
    const auto first = static_cast<std::uint32_t>(out_.arguments.size());
    const std::uint32_t count = take_operands(base, out_.arguments);
    return add({Op::Call, function, first, count, 0});
  }

  const std::vector<Token>& tokens_;
  const XPathNames& names_;
  ExpressionCode& out_;
  std::vector<Step>& steps_;
  std::vector<ExprId>& operands_;
  std::size_t first_node_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

Result<ExprId> XPathParser::parse(std::string_view text) {
  if (text.size() > kMaxExpressionBytes) return Error(ErrorCode::FormInvalid, "The expression is too long.");
  if (std::string error = lex_xpath(text, tokens_); !error.empty())
    return Error(ErrorCode::FormInvalid, std::move(error));
  steps_.clear();
  operands_.clear();
  try {
    return Run(*this).run();
  } catch (const SyntaxError& error) {
    return Error(ErrorCode::FormInvalid, error.message);
  }
}

Result<Expression> parse_xpath(std::string_view text, const XPathNames& names) {
  Expression made;
  const Result<ExprId> root = XPathParser(names, made.code).parse(text);
  if (!root) return root.error();
  made.root = *root;
  return made;
}

std::vector<std::string> call_faults(const ExpressionCode& code, ExprId first, ExprId end) {
  std::vector<std::string> found;
  for (ExprId id = first; id < end; ++id) {
    const ExprNode& node = code.nodes[id];
    if (node.op != Op::Call) continue;
    if (node.function == kUnknownFunction) {
      found.push_back("There is no function " + code.texts[code.nodes[code.arguments[node.a]].a] + "().");
    } else if (!takes_arguments(node.function, node.b)) {
      found.push_back(argument_count_fault(node.function, node.b));
    }
  }
  return found;
}

std::vector<std::string> call_faults(const Expression& expression) {
  return call_faults(expression.code, 0, static_cast<ExprId>(expression.code.nodes.size()));
}

}  // namespace terreno::forms
