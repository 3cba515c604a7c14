#include "tests/conformance/json_lines.hpp"

#include <charconv>
#include <stdexcept>

namespace terreno::test {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Json value() {
    space();
    switch (peek()) {
      case '{':
        return object();
      case '[':
        return array();
      case '"':
        return {string()};
      case 't':
        return word("true", {true});
      case 'f':
        return word("false", {false});
      case 'n':
        return word("null", {nullptr});
      default:
        return {number()};
    }
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
  }
  bool accept(char c) {
    space();
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) throw std::runtime_error("broken JSON");
  }
  Json word(std::string_view spelled, Json made) {
    if (text_.substr(at_, spelled.size()) != spelled) throw std::runtime_error("broken JSON");
    at_ += spelled.size();
    return made;
  }
  double number() {
    double made = 0;
    const auto end = std::from_chars(text_.data() + at_, text_.data() + text_.size(), made);
    if (end.ec != std::errc{}) throw std::runtime_error("broken JSON");
    at_ = static_cast<std::size_t>(end.ptr - text_.data());
    return made;
  }
  unsigned hexadecimal() {
    unsigned code = 0;
    std::from_chars(text_.data() + at_, text_.data() + at_ + 4, code, 16);
    at_ += 4;
    return code;
  }
  static void append(std::string& out, unsigned code) {
    auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80U) {
      out += static_cast<char>(code);
    } else if (code < 0x800U) {
      out += static_cast<char>(0xC0U | (code >> 6U));
      tail(0);
    } else if (code < 0x10000U) {
      out += static_cast<char>(0xE0U | (code >> 12U));
      tail(6);
      tail(0);
    } else {
      out += static_cast<char>(0xF0U | (code >> 18U));
      tail(12);
      tail(6);
      tail(0);
    }
  }
  void escape(std::string& out) {
    const char c = text_.at(at_++);
    switch (c) {
      case 'n':
        out += '\n';
        return;
      case 't':
        out += '\t';
        return;
      case 'r':
        out += '\r';
        return;
      case 'b':
        out += '\b';
        return;
      case 'f':
        out += '\f';
        return;
      case 'u': {
        unsigned code = hexadecimal();
        if (code >= 0xD800U && code < 0xDC00U && text_.substr(at_, 2) == "\\u") {
          at_ += 2;
          code = 0x10000U + ((code - 0xD800U) << 10U) + (hexadecimal() - 0xDC00U);
        }
        return append(out, code);
      }
      default:
        out += c;
    }
  }
  std::string string() {
    std::string made;
    expect('"');
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_++];
      if (c == '\\')
        escape(made);
      else
        made += c;
    }
    ++at_;
    return made;
  }
  Json array() {
    auto made = std::make_shared<Json::Array>();
    expect('[');
    if (accept(']')) return {made};
    do made->push_back(value());
    while (accept(','));
    expect(']');
    return {made};
  }
  Json object() {
    auto made = std::make_shared<Json::Object>();
    expect('{');
    if (accept('}')) return {made};
    do {
      space();
      std::string key = string();
      expect(':');
      made->insert_or_assign(std::move(key), value());
    } while (accept(','));
    expect('}');
    return {made};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool Json::truthy() const {
  if (value.index() == 1) return std::get<bool>(value);
  return !is_null();
}

const Json& Json::operator[](const std::string& key) const {
  static const Json kNull{nullptr};
  const auto found = object().find(key);
  return found == object().end() ? kNull : found->second;
}

Json parse_json(std::string_view text) { return Reader(text).value(); }

}  // namespace terreno::test
