#include "server/reports/cells.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>

namespace terreno::server {
namespace {

constexpr double kUnixEpoch = 25'569;  ///< 1970-01-01 as spreadsheets count days
constexpr double kFirstSafeDay = 61;   ///< 1900-03-01: before it Excel counts a day that never was
constexpr double kMsOfDay = 86'400'000;
constexpr std::size_t kExactDigits = 15;

std::optional<double> number_of(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > kExactDigits + 1) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// Numbers that a calculation made, and no keys such as 007 or 1e5.
bool is_plain_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return false;
  return !text.starts_with('.') && (text.size() < 2 || text[0] != '0' || text[1] == '.');
}

bool read_digits(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0;
}

std::optional<double> day_of(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !read_digits(text.substr(0, 4), year) ||
      !read_digits(text.substr(5, 2), month) || !read_digits(text.substr(8, 2), day)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const double serial =
      kUnixEpoch + static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
  if (serial < kFirstSafeDay) return std::nullopt;
  return serial;
}

/// "10:05", "10:05:30", "10:05:30.250-06:00": the wall's time as a part of the day.
std::optional<double> time_of(std::string_view text) {
  int hour = 0;
  int minute = 0;
  if (text.size() < 5 || text[2] != ':' || !read_digits(text.substr(0, 2), hour) ||
      !read_digits(text.substr(3, 2), minute) || hour > 23 || minute > 59) {
    return std::nullopt;
  }
  double seconds = 0;
  if (text.size() >= 8 && text[5] == ':') {
    const auto [end, error] =
        std::from_chars(text.data() + 6, text.data() + text.size(), seconds, std::chars_format::fixed);
    if (error != std::errc() || seconds < 0 || seconds >= 60) return std::nullopt;
  }
  return (hour * 3600 + minute * 60 + seconds) / 86'400.0;
}

std::optional<double> moment_of(std::string_view text) {
  const auto day = day_of(text.substr(0, 10));
  if (!day || text.size() < 16 || text[10] != 'T') return std::nullopt;
  const auto time = time_of(text.substr(11));
  if (!time) return std::nullopt;
  return *day + *time;
}

Cell made(Cell::Kind kind, std::string_view text, std::optional<double> number) {
  return number ? Cell{kind, std::string(text), *number} : text_cell(text);
}

}  // namespace

Cell text_cell(std::string_view text) { return {Cell::Kind::Text, std::string(text), 0}; }

Cell answer_cell(forms::AnswerKind kind, std::string_view value) {
  using Kind = forms::AnswerKind;
  switch (kind) {
    case Kind::Number:
      return made(Cell::Kind::Number, value, number_of(value));
    case Kind::Worked:
      if (!is_plain_number(value)) return text_cell(value);
      return made(Cell::Kind::Number, value, number_of(value));
    case Kind::Date:
      return made(Cell::Kind::Date, value, day_of(value));
    case Kind::Time:
      return made(Cell::Kind::Time, value, time_of(value));
    case Kind::DateTime:
      return made(Cell::Kind::DateTime, value, moment_of(value));
    default:
      return text_cell(value);
  }
}

std::string offset_text(std::int32_t utc_offset_minutes) {
  std::array<char, 16> out{};
  const int size = std::abs(utc_offset_minutes);
  std::snprintf(out.data(), out.size(), "%c%02d:%02d", utc_offset_minutes < 0 ? '-' : '+', size / 60,
                size % 60);
  return out.data();
}

Cell moment_cell(WallMs at_ms, std::int32_t utc_offset_minutes) {
  // A phone's clock may say anything; what no calendar shows stands as it is.
  constexpr WallMs kFarthest = 253'402'300'799'000;  // the end of the year 9999
  if (at_ms < 0 || at_ms > kFarthest) return text_cell(std::to_string(at_ms));
  const WallMs local_ms = at_ms + std::int64_t{utc_offset_minutes} * 60'000;
  const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds(local_ms)};
  const auto midnight = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(midnight);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(moment - midnight).count();
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60));
  const double whole_seconds = std::floor(static_cast<double>(local_ms) / 1000) * 1000;
  return {Cell::Kind::DateTime, out.data() + offset_text(utc_offset_minutes),
          kUnixEpoch + whole_seconds / kMsOfDay};
}

}  // namespace terreno::server
