#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/api/http_types.hpp"
#include "server/api/services.hpp"

namespace terreno::server {

inline constexpr std::int64_t kSessionAbsolute_ms = 12 * 3'600'000LL;
inline constexpr std::int64_t kSessionIdle_ms = 60 * 60'000LL;
inline constexpr std::int64_t kSessionTouch_ms = 60'000;  ///< a use is written down at most this often
inline constexpr std::string_view kSessionCookie = "terreno_session";

/// Who a session belongs to.
struct SessionOwner {
  User user;
  Tenant tenant;
};

/// The value of a cookie; empty when the request has none of this name.
std::string_view cookie_of(const Request& request, std::string_view name);

/// Opens a session and gives the Set-Cookie header's value.
std::string open_session(const Services& services, const User& user);
/// The Set-Cookie header's value that takes the cookie away.
std::string closing_cookie(const Services& services);
void close_session(const Services& services, const Request& request);

/// Nothing when there is no session, it has expired or its user is not active.
std::optional<SessionOwner> find_owner(const Services& services, const Request& request);
/// The same by the cookie's value alone, without counting as a use.
std::optional<SessionOwner> peek_owner(const Services& services, std::string_view token);

}  // namespace terreno::server
