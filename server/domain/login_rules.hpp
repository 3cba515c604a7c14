#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace terreno::server {

inline constexpr std::size_t kMaxLoginBytes = 60;
inline constexpr std::size_t kMaxNameBytes = 120;

/// The login that a new user gets: lower-case letters without accents, digits and . _ - @ +, so that it is
/// typed alike on every keyboard and in every file. Capitals become small; nothing for anything else.
std::optional<std::string> usable_login(std::string_view typed);

/// Whether a person may be called so.
bool usable_name(std::string_view name);

}  // namespace terreno::server
