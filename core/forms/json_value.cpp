#include "core/forms/json_value.hpp"

#include <algorithm>
#include <charconv>

#include "core/forms/limits.hpp"
#include "core/forms/utf8.hpp"

namespace terreno::forms {
namespace {

/// Thrown inside the parser alone.
struct JsonFault {
  std::string what;
};

class Parser {
 public:
  explicit Parser(std::string_view json) : json_(json) {}

  JsonValue run() {
    JsonValue made = value();
    skip_space();
    if (at_ != json_.size()) fail("something stands behind the end");
    return made;
  }

  std::size_t line() const {
    return 1 + static_cast<std::size_t>(
                   std::count(json_.begin(), json_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
  }

 private:
  [[noreturn]] static void fail(std::string what) { throw JsonFault{std::move(what)}; }

  void skip_space() {
    while (at_ < json_.size() && std::string_view(" \t\r\n").find(json_[at_]) != std::string_view::npos)
      ++at_;
  }
  bool accept(char c) {
    skip_space();
    if (at_ >= json_.size() || json_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(std::string("'") + c + "' is missing");
  }

  JsonValue value() {
    if (++values_ > kMaxXmlNodes) fail("the document has too many values");
    if (++depth_ > kMaxXmlDepth) fail("values are nested too deeply");
    JsonValue made;
    if (accept('{')) {
      object(made);
    } else if (accept('[')) {
      array(made);
    } else if (accept('"')) {
      made.text = string();
    } else {
      made.text = word();
    }
    --depth_;
    return made;
  }

  void object(JsonValue& made) {
    if (accept('}')) return;
    do {
      expect('"');
      std::string name = string();
      expect(':');
      made.members.emplace_back(std::move(name), value());
    } while (accept(','));
    expect('}');
  }

  void array(JsonValue& made) {
    if (accept(']')) return;
    do made.items.push_back(value());
    while (accept(','));
    expect(']');
  }

  std::string word() {
    const std::size_t end = std::min(json_.find_first_of(" \t\r\n,]}", at_), json_.size());
    const std::string_view found = json_.substr(at_, end - at_);
    const bool number = !found.empty() && (found[0] == '-' || (found[0] >= '0' && found[0] <= '9')) &&
                        found.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
    if (!number && found != "true" && found != "false" && found != "null") fail("a value is missing");
    at_ = end;
    return found == "null" ? std::string() : std::string(found);
  }

  std::uint32_t four_digits() {
    std::uint32_t code = 0;
    const char* const begin = json_.data() + at_;
    if (at_ + 4 > json_.size() || std::from_chars(begin, begin + 4, code, 16).ptr != begin + 4)
      fail("\\u needs four digits");
    at_ += 4;
    return code;
  }

  void escape(std::string& out) {
    if (at_ >= json_.size()) fail("a quote is not closed");
    const char c = json_[at_++];
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (const std::size_t known = kLetters.find(c); known != std::string_view::npos) {
      out += kMeant[known];
      return;
    }
    if (c != 'u') fail(std::string("\\") + c + " has no meaning");
    std::uint32_t code = four_digits();
    if (code >= 0xD800 && code < 0xDC00 && json_.substr(at_, 2) == "\\u") {
      at_ += 2;
      code = 0x10000 + ((code - 0xD800) << 10U) + ((four_digits() - 0xDC00) & 0x3FFU);
    }
    out += utf8_from_code_point(static_cast<char32_t>(code));
  }

  std::string string() {
    std::string made;
    for (;;) {
      if (at_ >= json_.size()) fail("a quote is not closed");
      const char c = json_[at_++];
      if (c == '"') return utf8_repaired(made);
      if (c == '\\')
        escape(made);
      else
        made += c;
    }
  }

  std::string_view json_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

const JsonValue* JsonValue::member(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [name](const auto& member) { return member.first == name; });
  return found == members.end() ? nullptr : &found->second;
}

Result<JsonValue> parse_json(std::string_view json) {
  Parser parser(json);
  try {
    return parser.run();
  } catch (const JsonFault& fault) {
    return Error(ErrorCode::FormInvalid,
                 "Line " + std::to_string(parser.line()) + ": the JSON is broken (" + fault.what + ").");
  }
}

}  // namespace terreno::forms
