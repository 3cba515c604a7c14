// Dates and times. Everything local is local to the visit: FormContext::utc_offset_minutes.
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/forms/dates.hpp"
#include "core/forms/functions.hpp"

namespace terreno::forms {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::int32_t offset_of(Call& call) { return call.host().utc_offset_minutes(); }

Value now(Call& call) {
  return Value::of_text(iso_date_time(days_from_ms(call.host().now_ms()), offset_of(call)));
}

Value today(Call& call) {
  return Value::of_text(iso_date(days_from_ms(call.host().now_ms()), offset_of(call)));
}

/// date(): a number is days, a text must be a date; anything else is no date, which is false and empty.
Value date(Call& call) {
  const Value given = call.value(0);
  if (given.kind == ValueKind::Boolean) return Value::of_date(kNaN);
  const double days = call.evaluator().to_number(given);
  return Value::of_date(is_representable_date(days) ? days : kNaN);
}

Value decimal_date_time(Call& call) { return Value::of_number(call.number(0)); }

Value decimal_time(Call& call) {
  const std::string text = call.text(0);
  if (const auto days = parse_date_time(trimmed(text), offset_of(call))) {
    const double local = *days + offset_of(call) / 1440.0;
    return Value::of_number(local - std::floor(local));
  }
  return Value::of_number(parse_time(trimmed(text), offset_of(call)).value_or(kNaN));
}

struct CalendarNames {
  std::array<std::string_view, 12> months;
  std::array<std::string_view, 7> days;
};
constexpr CalendarNames kEnglish{
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}};
constexpr CalendarNames kSpanish{
    {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
    {"dom", "lun", "mar", "mié", "jue", "vie", "sáb"}};
constexpr CalendarNames kPortuguese{
    {"jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"},
    {"dom", "seg", "ter", "qua", "qui", "sex", "sáb"}};

const CalendarNames& calendar_names(std::string_view tag) {
  if (tag.starts_with("es")) return kSpanish;
  if (tag.starts_with("pt")) return kPortuguese;
  return kEnglish;
}

std::string digits(long long value, int width) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%0*lld", width, value);
  return buffer.data();
}

std::string date_part(char code, const LocalTime& t, const CalendarNames& names) {
  switch (code) {
    case 'Y':
      return digits(t.date.year, 4);
    case 'y':
      return digits(((t.date.year % 100) + 100) % 100, 2);
    case 'm':
      return digits(t.date.month, 2);
    case 'n':
      return digits(t.date.month, 1);
    case 'b':
      return std::string(names.months[static_cast<std::size_t>(t.date.month - 1)]);
    case 'd':
      return digits(t.date.day, 2);
    case 'e':
      return digits(t.date.day, 1);
    case 'a':
      return std::string(names.days[static_cast<std::size_t>(t.weekday)]);
    case 'H':
      return digits(t.hour, 2);
    case 'h':
      return digits(t.hour, 1);
    case 'M':
      return digits(t.minute, 2);
    case 'S':
      return digits(t.second, 2);
    case '3':
      return digits(t.millisecond, 3);
    case '%':
      return "%";
    default:
      throw XPathError{std::string("format-date() does not know %") + code + "."};
  }
}

Value format_date(Call& call) {
  const double days = call.number(0);
  if (!is_representable_date(days)) return Value::of_text("");
  const LocalTime local = local_time(days, offset_of(call));
  const CalendarNames& names = calendar_names(call.host().language_tag());
  const std::string format = call.text(1);
  std::string made;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%')
      made += format[i];
    else if (++i < format.size())
      made += date_part(format[i], local, names);
  }
  return Value::of_text(std::move(made));
}

constexpr std::array kRows{
    FunctionRow{"now", 0, 0, now},
    FunctionRow{"today", 0, 0, today},
    FunctionRow{"date", 1, 1, date},
    FunctionRow{"date-time", 1, 1, date},
    FunctionRow{"decimal-date-time", 1, 1, decimal_date_time},
    FunctionRow{"decimal-time", 1, 1, decimal_time},
    FunctionRow{"format-date", 2, 2, format_date},
    FunctionRow{"format-date-time", 2, 2, format_date},
};

}  // namespace

std::span<const FunctionRow> date_functions() { return kRows; }

}  // namespace terreno::forms
