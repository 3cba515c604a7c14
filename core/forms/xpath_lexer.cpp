#include "core/forms/xpath_lexer.hpp"

#include <charconv>

namespace terreno::forms {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Bytes above ASCII belong to letters of UTF-8: names in Spanish have accents.
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) { return starts_name(c) || is_digit(c) || c == '-' || c == '.'; }

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Token>& tokens) : text_(text), tokens_(tokens) {}

  std::string run() {
    tokens_.clear();
    while (error_.empty()) {
      skip_space();
      if (at_ >= text_.size()) break;
      next();
    }
    push(TokenKind::End, 0);
    return std::move(error_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  void fail(std::string what) { error_ = std::move(what) + " at character " + std::to_string(at_ + 1); }

  void push(TokenKind kind, std::size_t length) {
    tokens_.push_back({kind, text_.substr(std::min(at_, text_.size()), length), 0, at_});
    at_ += length;
  }

  // XPath 1.0, 3.7: after anything that can end an operand, a name or '*' must be an operator.
  bool operator_expected() const {
    if (tokens_.empty()) return false;
    switch (tokens_.back().kind) {
      case TokenKind::At:
      case TokenKind::Axis:
      case TokenKind::OpenRound:
      case TokenKind::OpenSquare:
      case TokenKind::Comma:
      case TokenKind::Operator:
      case TokenKind::Slash:
      case TokenKind::DoubleSlash:
        return false;
      default:
        return true;
    }
  }

  void next() {
    const char c = peek();
    if (c == '"' || c == '\'') return literal(c);
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (starts_name(c)) return name();
    punctuation(c);
  }

  void literal(char quote) {
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return fail("A quote is not closed");
    ++at_;
    push(TokenKind::Literal, end - at_);
    ++at_;
  }

  void number() {
    std::size_t end = at_;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    if (end < text_.size() && text_[end] == '.') {
      ++end;
      while (end < text_.size() && is_digit(text_[end])) ++end;
    }
    end = exponent_end(end);
    double value = 0;
    // A lone trailing point ("1.") is allowed by the grammar of XPath but not by from_chars before C++23's
    // fix: it simply stops in front of it.
    std::from_chars(text_.data() + at_, text_.data() + end, value);
    push(TokenKind::Number, end - at_);
    tokens_.back().number = value;
  }

  /// XPath 1.0 has no exponents, the engines of the field read them.
  std::size_t exponent_end(std::size_t from) const {
    if (from >= text_.size() || (text_[from] != 'e' && text_[from] != 'E')) return from;
    std::size_t end = from + 1;
    if (end < text_.size() && (text_[end] == '-' || text_[end] == '+')) ++end;
    if (end >= text_.size() || !is_digit(text_[end])) return from;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    return end;
  }

  std::size_t name_end(std::size_t from) const {
    while (from < text_.size() && continues_name(text_[from])) ++from;
    return from;
  }

  void name() {
    std::size_t end = name_end(at_);
    const std::string_view first = text_.substr(at_, end - at_);
    if (operator_expected()) {
      for (const std::string_view word : {"and", "or", "mod", "div"}) {
        // "2div1" is legal: a digit ends the operator.
        const bool ends =
            first.size() == word.size() || (first.size() > word.size() && is_digit(first[word.size()]));
        if (first.starts_with(word) && ends) return push(TokenKind::Operator, word.size());
      }
      return fail("An operator is missing before '" + std::string(first) + "'");
    }
    if (end + 1 < text_.size() && text_[end] == ':' && text_[end + 1] == '*') {
      push(TokenKind::AnyInPrefix, end - at_);
      at_ += 2;
      return;
    }
    if (end + 1 < text_.size() && text_[end] == ':' && starts_name(text_[end + 1])) end = name_end(end + 1);
    const std::string_view whole = text_.substr(at_, end - at_);
    std::size_t after = end;
    while (after < text_.size() && is_space(text_[after])) ++after;
    if (text_.substr(after, 2) == "::") {
      push(TokenKind::Axis, end - at_);
      at_ = after + 2;
      return;
    }
    if (after < text_.size() && text_[after] == '(')
      return push(is_node_type(whole) ? TokenKind::NodeType : TokenKind::Function, end - at_);
    push(TokenKind::Name, end - at_);
  }

  static bool is_node_type(std::string_view name) {
    return name == "node" || name == "text" || name == "comment" || name == "processing-instruction";
  }

  void punctuation(char c) {
    const char d = peek(1);
    switch (c) {
      case '(':
        return push(TokenKind::OpenRound, 1);
      case ')':
        return push(TokenKind::CloseRound, 1);
      case '[':
        return push(TokenKind::OpenSquare, 1);
      case ']':
        return push(TokenKind::CloseSquare, 1);
      case ',':
        return push(TokenKind::Comma, 1);
      case '@':
        return push(TokenKind::At, 1);
      case '.':
        return d == '.' ? push(TokenKind::DoubleDot, 2) : push(TokenKind::Dot, 1);
      case '/':
        return d == '/' ? push(TokenKind::DoubleSlash, 2) : push(TokenKind::Slash, 1);
      case '*':
        return push(operator_expected() ? TokenKind::Operator : TokenKind::AnyName, 1);
      case '|':
      case '+':
      case '-':
      case '=':
        return push(TokenKind::Operator, 1);
      case '<':
      case '>':
        return push(TokenKind::Operator, d == '=' ? 2 : 1);
      case '!':
        if (d == '=') return push(TokenKind::Operator, 2);
        return fail("'!' is no operator; write not(...) or '!='");
      case '$':
        return fail("'$' has no meaning here; in an XLSForm write ${name}");
      default:
        return fail(std::string("The character '") + c + "' has no meaning");
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token>& tokens_;
  std::string error_;
};

}  // namespace

std::string lex_xpath(std::string_view expression, std::vector<Token>& tokens) {
  return Lexer(expression, tokens).run();
}

}  // namespace terreno::forms
