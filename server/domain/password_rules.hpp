#pragma once

#include <string_view>

namespace terreno::server {

inline constexpr std::size_t kMinPassword = 10;  ///< bytes
inline constexpr std::size_t kMaxPassword = 200;

enum class PasswordFault { None, TooShort, TooLong, TooCommon };

/// Refuses what attackers try first (OWASP ASVS 5, 6.2.4): well-known passwords, the login itself, one
/// character or a run repeated.
PasswordFault judge_password(std::string_view password, std::string_view login);

}  // namespace terreno::server
