#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/api/call.hpp"

namespace terreno::server {

inline constexpr std::int64_t kDay_ms = 86'400'000;

/// The tenant's calendar day that holds a moment, as yyyy-mm-dd.
std::string day_of(WallMs at_ms, std::int32_t utc_offset_minutes);
/// The day's span; nothing when the text is no date.
std::optional<Period> period_of(std::string_view day, std::int32_t utc_offset_minutes);

/// A day that a request asks for: ?day=, else the tenant's today. Throws InvalidArgument.
struct AskedDay {
  std::string day;
  Period period;
};
AskedDay asked_day(const Call& call);

}  // namespace terreno::server
