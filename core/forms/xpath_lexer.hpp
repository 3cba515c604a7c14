#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace terreno::forms {

enum class TokenKind : std::uint8_t {
  Number,
  Literal,      ///< text holds it without its quotes
  Name,         ///< a name test: "a", "jr:a"
  AnyName,      ///< "*"
  AnyInPrefix,  ///< "jr:*"; text holds the prefix
  Function,     ///< a name before "("
  NodeType,     ///< node, text, comment or processing-instruction before "("
  Axis,         ///< a name before "::"; text holds it
  Operator,     ///< and or mod div * + - = != < <= > >= |
  Slash,
  DoubleSlash,
  Dot,
  DoubleDot,
  At,
  Comma,
  OpenRound,
  CloseRound,
  OpenSquare,
  CloseSquare,
  End
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::string_view text;  ///< points into the expression
  double number = 0;
  std::size_t offset = 0;  ///< bytes from the start of the expression
};

/// Cuts an expression into tokens by the rules of XPath 1.0, 3.7, with its rule for telling operators from
/// names. Replaces `tokens`, which then end with End. Gives what is wrong; empty when all is well.
std::string lex_xpath(std::string_view expression, std::vector<Token>& tokens);

}  // namespace terreno::forms
