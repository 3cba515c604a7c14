#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace terreno::forms {

// Dates inside expressions are days since 1970-01-01T00:00 UTC as a number with a fraction, so that midnight
// in Mexico City (UTC-6) is a quarter past a whole day. A text without an offset is local time of the visit.

struct CivilDate {
  std::int64_t year;
  int month;  ///< 1-12
  int day;    ///< 1-31
};

struct LocalTime {
  CivilDate date;
  int hour, minute, second, millisecond;
  int weekday;  ///< 0 is Sunday
};

/// Days since 1970-01-01 of the proleptic Gregorian calendar, and back (H. Hinnant, chrono-compatible date
/// algorithms).
std::int64_t days_from_civil(CivilDate date) noexcept;
CivilDate civil_from_days(std::int64_t days) noexcept;

/// "2026-11-21", with an optional time "T10:30", "T10:30:15.250" and offset "Z", "-06:00", "-0600", "-06".
/// Nothing when the text is anything else or no such day exists.
std::optional<double> parse_date_time(std::string_view text, std::int32_t utc_offset_minutes) noexcept;
/// True when the text is a date without a time.
bool is_plain_date(std::string_view text) noexcept;
/// "HH:MM[:SS[.fff]][offset]" as a fraction of the local day, from 0 to below 1.
std::optional<double> parse_time(std::string_view text, std::int32_t utc_offset_minutes) noexcept;

LocalTime local_time(double days, std::int32_t utc_offset_minutes) noexcept;
std::string iso_date(double days, std::int32_t utc_offset_minutes);
/// "2026-11-21T10:30:15.250-06:00"
std::string iso_date_time(double days, std::int32_t utc_offset_minutes);
/// A bare date when it is local midnight, else date and time; empty when `days` is not a number.
std::string iso_shortest(double days, std::int32_t utc_offset_minutes);
bool is_representable_date(double days) noexcept;

inline double days_from_ms(std::int64_t ms) noexcept { return static_cast<double>(ms) / 86'400'000.0; }

}  // namespace terreno::forms
