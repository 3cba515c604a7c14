#pragma once

#include "server/api/call.hpp"

namespace terreno::server {

/// 429 with Retry-After, for whoever has tried too many passwords.
Response too_many_logins(const Call& call, std::int64_t retry_after_ms);

}  // namespace terreno::server
