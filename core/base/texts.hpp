#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace terreno {

enum class Language : std::uint8_t { Spanish = 0, English = 1, Portuguese = 2 };

/// "es", "en", "pt" with or without a region; anything else is Spanish.
Language language_from_tag(std::string_view tag) noexcept;

/// Looks up `key` in schema/texts/core.csv and replaces each {name}. An unknown key throws Internal: every
/// key is written in code, so it is a bug that a test finds.
std::string text(Language language, std::string_view key,
                 std::initializer_list<std::pair<std::string_view, std::string>> arguments = {});

}  // namespace terreno
