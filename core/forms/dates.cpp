#include "core/forms/dates.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace terreno::forms {
namespace {

constexpr double kMsPerDay = 86'400'000.0;

/// Reads fixed-width digits and marks from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  char front() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool mark(char c) {
    if (front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool digits(std::size_t count, int& out) {
    if (rest_.size() < count) return false;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = rest_[i];
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    out = value;
    return true;
  }

  /// Digits of a fraction of a second, as milliseconds.
  bool fraction(double& out) {
    double unit = 100;
    bool any = false;
    out = 0;
    while (front() >= '0' && front() <= '9') {
      out += (front() - '0') * unit;
      unit /= 10;
      rest_.remove_prefix(1);
      any = true;
    }
    return any;
  }

 private:
  std::string_view rest_;
};

struct ClockReading {
  double ms = 0;  ///< since local midnight
  std::optional<int> offset_minutes;
};

bool read_offset(Reader& in, ClockReading& out) {
  if (in.done()) return true;
  if (in.mark('Z')) {
    out.offset_minutes = 0;
    return in.done();
  }
  const int sign = in.front() == '-' ? -1 : 1;
  if (!in.mark('+') && !in.mark('-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!in.digits(2, hours)) return false;
  if (!in.done()) {
    in.mark(':');
    if (!in.digits(2, minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  out.offset_minutes = sign * (hours * 60 + minutes);
  return in.done();
}

bool read_clock(Reader& in, ClockReading& out) {
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  double fraction = 0;
  if (!in.digits(2, hours) || !in.mark(':') || !in.digits(2, minutes)) return false;
  if (in.mark(':')) {
    if (!in.digits(2, seconds)) return false;
    if (in.mark('.') && !in.fraction(fraction)) return false;
  }
  if (hours > 23 || minutes > 59 || seconds > 59) return false;
  out.ms = ((hours * 60 + minutes) * 60 + seconds) * 1000.0 + fraction;
  return read_offset(in, out);
}

bool read_date(Reader& in, CivilDate& out) {
  int year = 0;
  if (!in.digits(4, year) || !in.mark('-')) return false;
  out.year = year;
  if (!in.digits(2, out.month) || !in.mark('-') || !in.digits(2, out.day)) return false;
  if (out.month < 1 || out.month > 12 || out.day < 1) return false;
  const CivilDate back = civil_from_days(days_from_civil(out));
  return back.month == out.month && back.day == out.day;
}

std::string formatted(const char* format, auto... values) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, values...);
  return buffer.data();
}

}  // namespace

std::int64_t days_from_civil(CivilDate date) noexcept {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate civil_from_days(std::int64_t days) noexcept {
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

std::optional<double> parse_date_time(std::string_view text, std::int32_t utc_offset_minutes) noexcept {
  // Nearly every text that is asked about is no date, so the cheap test comes first.
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  Reader in(text);
  CivilDate date{};
  if (!read_date(in, date)) return std::nullopt;
  ClockReading clock;
  if (!in.done() && (!in.mark('T') || !read_clock(in, clock))) return std::nullopt;
  const double local_ms = static_cast<double>(days_from_civil(date)) * kMsPerDay + clock.ms;
  return (local_ms - clock.offset_minutes.value_or(utc_offset_minutes) * 60'000.0) / kMsPerDay;
}

bool is_plain_date(std::string_view text) noexcept {
  return text.size() == 10 && parse_date_time(text, 0).has_value();
}

std::optional<double> parse_time(std::string_view text, std::int32_t utc_offset_minutes) noexcept {
  Reader in(text);
  ClockReading clock;
  if (!read_clock(in, clock)) return std::nullopt;
  const int shift = utc_offset_minutes - clock.offset_minutes.value_or(utc_offset_minutes);
  double ms = std::fmod(clock.ms + shift * 60'000.0, kMsPerDay);
  if (ms < 0) ms += kMsPerDay;
  return ms / kMsPerDay;
}

bool is_representable_date(double days) noexcept { return std::isfinite(days) && std::fabs(days) < 1e8; }

LocalTime local_time(double days, std::int32_t utc_offset_minutes) noexcept {
  const double local_ms = std::round(days * kMsPerDay) + utc_offset_minutes * 60'000.0;
  const double whole = std::floor(local_ms / kMsPerDay);
  const auto day = static_cast<std::int64_t>(whole);
  const auto ms = static_cast<std::int64_t>(local_ms - whole * kMsPerDay);
  LocalTime local{};
  local.date = civil_from_days(day);
  local.hour = static_cast<int>(ms / 3'600'000);
  local.minute = static_cast<int>(ms / 60'000 % 60);
  local.second = static_cast<int>(ms / 1000 % 60);
  local.millisecond = static_cast<int>(ms % 1000);
  local.weekday = static_cast<int>(((day + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
  return local;
}

std::string iso_date(double days, std::int32_t utc_offset_minutes) {
  if (!is_representable_date(days)) return {};
  const CivilDate date = local_time(days, utc_offset_minutes).date;
  return formatted("%04lld-%02d-%02d", static_cast<long long>(date.year), date.month, date.day);
}

std::string iso_date_time(double days, std::int32_t utc_offset_minutes) {
  if (!is_representable_date(days)) return {};
  const LocalTime t = local_time(days, utc_offset_minutes);
  const int offset = utc_offset_minutes < 0 ? -utc_offset_minutes : utc_offset_minutes;
  return iso_date(days, utc_offset_minutes) +
         formatted("T%02d:%02d:%02d.%03d%c%02d:%02d", t.hour, t.minute, t.second, t.millisecond,
                   utc_offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
}

std::string iso_shortest(double days, std::int32_t utc_offset_minutes) {
  if (!is_representable_date(days)) return {};
  const LocalTime t = local_time(days, utc_offset_minutes);
  const bool midnight = t.hour == 0 && t.minute == 0 && t.second == 0 && t.millisecond == 0;
  return midnight ? iso_date(days, utc_offset_minutes) : iso_date_time(days, utc_offset_minutes);
}

}  // namespace terreno::forms
