#include "server/api/tenant_day.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace terreno::server {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

bool read_number(std::string_view digits, int& value) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() && value >= 0;
}

}  // namespace

std::string day_of(WallMs at_ms, std::int32_t utc_offset_minutes) {
  const milliseconds local(at_ms + std::int64_t{utc_offset_minutes} * 60'000);
  const year_month_day date(sys_days(std::chrono::floor<days>(local)));
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return out.data();
}

std::optional<Period> period_of(std::string_view day, std::int32_t utc_offset_minutes) {
  int year = 0;
  int month = 0;
  int number = 0;
  if (day.size() != 10 || day[4] != '-' || day[7] != '-') return std::nullopt;
  if (!read_number(day.substr(0, 4), year) || !read_number(day.substr(5, 2), month) ||
      !read_number(day.substr(8, 2), number)) {
    return std::nullopt;
  }
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(number))};
  if (!date.ok()) return std::nullopt;
  const WallMs midnight_utc = milliseconds(sys_days(date).time_since_epoch()).count();
  const WallMs begin = midnight_utc - std::int64_t{utc_offset_minutes} * 60'000;
  return Period{begin, begin + kDay_ms};
}

AskedDay asked_day(const Call& call) {
  const std::int32_t offset = call.tenant.policy.utc_offset_minutes;
  std::string day(call.query("day"));
  if (day.empty()) day = day_of(call.services.clock.wall_ms(), offset);
  const auto period = period_of(day, offset);
  if (!period) {
    throw Error(ErrorCode::InvalidArgument, call.say("server.api.bad_value", {{"field", "day"}}));
  }
  return {std::move(day), *period};
}

}  // namespace terreno::server
