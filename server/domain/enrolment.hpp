#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/crypto.hpp"

namespace terreno::server {

/// A new one-time code as it is read aloud: ABCD-EFGH-JKMN, 60 random bits without letters that sound or look
/// alike.
std::string make_enrolment_code();
/// By the real clock, in a demo too: people type codes in their own time.
inline constexpr std::int64_t kEnrolmentCodeLifeMs = 24LL * 60 * 60 * 1000;

/// A code as people type it, brought to one form: upper case, without hyphens and blanks.
std::string normalised_code(std::string_view typed);

/// What the server keeps of an enrolment code; never the code itself.
Sha256 enrolment_code_hash(std::string_view typed);

/// What the server keeps of a bearer token or a session cookie.
Sha256 token_hash(std::string_view token);

}  // namespace terreno::server
