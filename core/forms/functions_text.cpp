// Functions over texts. Positions count characters of UTF-8, never bytes.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "core/base/crypto.hpp"
#include "core/forms/digests.hpp"
#include "core/forms/functions.hpp"
#include "core/forms/pattern.hpp"
#include "core/forms/utf8.hpp"

namespace terreno::forms {
namespace {

void check_size(const std::string& text) {
  if (text.size() > kMaxTextBytes) throw XPathError{"A text that the expression makes is too long."};
}

Value concat(Call& call) {
  std::string made;
  for (const std::string& part : call.texts_from(0)) made += part;
  check_size(made);
  return Value::of_text(std::move(made));
}

Value join(Call& call) {
  const std::string separator = call.text(0);
  std::string made;
  bool first = true;
  for (const std::string& part : call.texts_from(1)) {
    if (!first) made += separator;
    made += part;
    first = false;
    check_size(made);
  }
  return Value::of_text(std::move(made));
}

/// The part of `text` from character `begin` up to, not including, `end`; both may lie outside.
std::string characters(const std::string& text, double begin, double end) {
  std::string made;
  double at = 0;
  for (const std::string_view letter : utf8_characters(text)) {
    if (at >= begin && at < end) made += letter;
    ++at;
  }
  return made;
}

/// substr() counts from 0; a negative number counts from the end.
Value substr(Call& call) {
  const std::string text = call.text(0);
  const auto length = static_cast<double>(utf8_characters(text).size());
  auto place = [length](double given) {
    const double whole = std::trunc(given);
    return whole < 0 ? std::max(0.0, length + whole) : whole;
  };
  const double begin = call.number(1);
  const double end = call.count() > 2 ? call.number(2) : length;
  if (std::isnan(begin) || std::isnan(end)) return Value::of_text("");
  return Value::of_text(characters(text, place(begin), place(end)));
}

/// substring() of XPath 1.0 counts from 1 and rounds half up.
Value substring(Call& call) {
  const std::string text = call.text(0);
  const double begin = std::floor(call.number(1) + 0.5);
  const double end = call.count() > 2 ? begin + std::floor(call.number(2) + 0.5) : HUGE_VAL;
  std::string made;
  double at = 1;
  for (const std::string_view letter : utf8_characters(text)) {
    if (at >= begin && at < end) made += letter;
    ++at;
  }
  return Value::of_text(std::move(made));
}

Value substring_before(Call& call) {
  const std::string text = call.text(0);
  const std::size_t at = text.find(call.text(1));
  return Value::of_text(at == std::string::npos ? std::string() : text.substr(0, at));
}

Value substring_after(Call& call) {
  const std::string text = call.text(0);
  const std::string mark = call.text(1);
  const std::size_t at = text.find(mark);
  return Value::of_text(at == std::string::npos ? std::string() : text.substr(at + mark.size()));
}

Value translate(Call& call) {
  const std::string text = call.text(0);
  const std::string from_text = call.text(1);
  const std::string to_text = call.text(2);
  const auto from = utf8_characters(from_text);
  const auto to = utf8_characters(to_text);
  std::string made;
  for (const std::string_view letter : utf8_characters(text)) {
    const auto found = std::find(from.begin(), from.end(), letter);
    const auto place = static_cast<std::size_t>(found - from.begin());
    if (found == from.end())
      made += letter;
    else if (place < to.size())
      made += to[place];
  }
  return Value::of_text(std::move(made));
}

Value string_length(Call& call) {
  const std::string text = call.count() > 0 ? call.text(0) : call.evaluator().text_of(call.scope().node);
  return Value::of_number(static_cast<double>(utf8_characters(text).size()));
}

Value normalize_space(Call& call) {
  const std::string text = call.count() > 0 ? call.text(0) : call.evaluator().text_of(call.scope().node);
  std::string made;
  bool gap = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space && gap && !made.empty()) made += ' ';
    if (!space) made += c;
    gap = space;
  }
  return Value::of_text(std::move(made));
}

template <bool (*Holds)(std::string_view, std::string_view)>
Value compare_texts(Call& call) {
  std::string first;
  std::string second;
  const std::string_view text = call.view(0, first);
  return Value::of_boolean(Holds(text, call.view(1, second)));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}
bool starts_with(std::string_view text, std::string_view part) { return text.starts_with(part); }
bool ends_with(std::string_view text, std::string_view part) { return text.ends_with(part); }

Value regex(Call& call) {
  const std::string text = call.text(0);
  const Result<Pattern> pattern = Pattern::compile(call.text(1));
  if (!pattern) throw XPathError{pattern.error().message};
  const std::optional<bool> found = pattern->found_in(text);
  if (!found) throw XPathError{"The pattern of regex() takes too long on this text."};
  return Value::of_boolean(*found);
}

Value digest(Call& call) {
  std::string encoding = call.count() > 2 ? call.text(2) : "base64";
  for (char& c : encoding) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const Result<Bytes> made = digest_of(call.text(1), as_bytes(call.text(0)));
  if (!made) throw XPathError{made.error().message};
  if (encoding == "hex") return Value::of_text(to_hex(*made));
  if (encoding == "base64") return Value::of_text(to_base64(*made));
  throw XPathError{"digest() writes 'hex' or 'base64', not '" + encoding + "'."};
}

Value base64_decode(Call& call) {
  return Value::of_text(utf8_repaired(as_text(from_base64_leniently(call.text(0)))));
}

/// extract-signed(contents, key): base64 of an Ed25519 signature and the message behind it; the message when
/// the signature holds under the public key (base64 too), else nothing.
Value extract_signed(Call& call) {
  const Bytes contents = from_base64_leniently(call.text(0));
  const Bytes key_bytes = from_base64_leniently(call.text(1));
  Signature signature{};
  PublicKey key{};
  if (key_bytes.size() != key.size() || contents.size() < signature.size()) return Value::of_text("");
  std::copy(key_bytes.begin(), key_bytes.end(), key.begin());
  std::copy_n(contents.begin(), signature.size(), signature.begin());
  const ByteView message = ByteView(contents).subspan(signature.size());
  return Value::of_text(verify(message, signature, key) ? utf8_repaired(as_text(message)) : std::string());
}

constexpr std::array kRows{
    FunctionRow{"concat", 0, kManyArguments, concat},
    FunctionRow{"join", 1, kManyArguments, join},
    FunctionRow{"substr", 2, 3, substr},
    FunctionRow{"substring", 2, 3, substring},
    FunctionRow{"substring-before", 2, 2, substring_before},
    FunctionRow{"substring-after", 2, 2, substring_after},
    FunctionRow{"translate", 3, 3, translate},
    FunctionRow{"string-length", 0, 1, string_length},
    FunctionRow{"normalize-space", 0, 1, normalize_space},
    FunctionRow{"contains", 2, 2, compare_texts<contains>},
    FunctionRow{"starts-with", 2, 2, compare_texts<starts_with>},
    FunctionRow{"ends-with", 2, 2, compare_texts<ends_with>},
    FunctionRow{"regex", 2, 2, regex},
    FunctionRow{"digest", 2, 3, digest},
    FunctionRow{"base64-decode", 1, 1, base64_decode},
    FunctionRow{"extract-signed", 2, 2, extract_signed},
};

}  // namespace

std::span<const FunctionRow> text_functions() { return kRows; }

}  // namespace terreno::forms
