#include "core/forms/utf8.hpp"

namespace terreno::forms {
namespace {

/// Length of the valid sequence at the front, 0 when there is none (RFC 3629: no overlong forms, no
/// surrogates).
std::size_t sequence_length(std::string_view text) {
  auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  auto follows = [&byte](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first <= 0xDFU) return follows(1) ? 2 : 0;
  if (first >= 0xE0U && first <= 0xEFU) {
    const bool overlong = first == 0xE0U && byte(1) < 0xA0U;
    const bool surrogate = first == 0xEDU && byte(1) > 0x9FU;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0U && first <= 0xF4U) {
    const bool overlong = first == 0xF0U && byte(1) < 0x90U;
    const bool beyond = first == 0xF4U && byte(1) > 0x8FU;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::vector<std::string_view> utf8_characters(std::string_view text) {
  std::vector<std::string_view> found;
  found.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, sequence_length(text));
    found.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return found;
}

std::string utf8_repaired(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0)
      made += "\xEF\xBF\xBD";
    else
      made += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return made;
}

std::string utf8_from_code_point(char32_t code) {
  if (code > 0x10FFFFU || (code >= 0xD800U && code <= 0xDFFFU)) code = 0xFFFDU;
  auto tail = [code](unsigned shift) { return static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80U) return {static_cast<char>(code)};
  if (code < 0x800U) return {static_cast<char>(0xC0U | (code >> 6U)), tail(0)};
  if (code < 0x10000U) return {static_cast<char>(0xE0U | (code >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | (code >> 18U)), tail(12), tail(6), tail(0)};
}

char32_t code_point_of(std::string_view character) noexcept {
  if (character.empty()) return 0;
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x80U ? first : 0xFFFDU;
  char32_t code = character.size() == 2   ? first & 0x1FU
                  : character.size() == 3 ? first & 0x0FU
                                          : first & 0x07U;
  for (std::size_t i = 1; i < character.size(); ++i)
    code = (code << 6U) | (static_cast<unsigned char>(character[i]) & 0x3FU);
  return code;
}

}  // namespace terreno::forms
