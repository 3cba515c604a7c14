#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace terreno::forms {

/// The characters of a text; a byte that is no valid UTF-8 counts as one character.
std::vector<std::string_view> utf8_characters(std::string_view text);
/// The same text with every byte that is no valid UTF-8 replaced by U+FFFD.
std::string utf8_repaired(std::string_view text);
/// A code point as UTF-8; U+FFFD for what is none.
std::string utf8_from_code_point(char32_t code);
/// The code point of one element of utf8_characters().
char32_t code_point_of(std::string_view character) noexcept;

}  // namespace terreno::forms
