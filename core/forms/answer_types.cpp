// Which texts are answers of which type, and how they are stored.
#include <algorithm>
#include <cmath>

#include "core/forms/dates.hpp"
#include "core/forms/session_state.hpp"

namespace terreno::forms {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Strips a plus and leading zeros, so that one number has one text.
bool normalise_integer(std::string& value) {
  const bool negative = value.starts_with('-');
  if (negative || value.starts_with('+')) value.erase(0, 1);
  constexpr std::size_t kMostDigits = 15;  // a double holds every integer up to here
  if (!all_digits(value) || value.size() > kMostDigits) return false;
  value.erase(0, std::min(value.find_first_not_of('0'), value.size() - 1));
  if (negative && value != "0") value.insert(0, 1, '-');
  return true;
}

bool normalise_decimal(std::string& value) {
  if (value.starts_with('+')) value.erase(0, 1);
  const std::string_view digits =
      value.starts_with('-') ? std::string_view(value).substr(1) : std::string_view(value);
  if (digits.find_first_not_of("0123456789.") != std::string_view::npos) return false;
  const double number = text_to_number(value, 0);
  if (!std::isfinite(number) || std::fabs(number) > 1e15) return false;
  value = number_to_text(number);
  return true;
}

/// A date, 'T', a time and perhaps a zone such as "-06:00" or "Z".
bool is_date_time(std::string_view text) {
  const std::size_t mark = text.find('T');
  if (mark == std::string_view::npos) return false;
  const std::string_view time = text.substr(mark + 1);
  const std::size_t zone = time.find_first_of("+-");
  return zone == std::string_view::npos || time.find(':', zone) != std::string_view::npos;
}

/// "lat lon", "lat lon alt" or "lat lon alt accuracy".
bool is_point(std::string_view text) {
  int parts = 0;
  for (text = trimmed(text); !text.empty(); ++parts) {
    const std::size_t gap = std::min(text.find(' '), text.size());
    const double number = text_to_number(text.substr(0, gap), 0);
    const double most = parts == 0 ? 90 : parts == 1 ? 180 : 1e6;
    if (!(std::fabs(number) <= most)) return false;
    text = trimmed(text.substr(gap));
  }
  return parts >= 2 && parts <= 4;
}

bool are_points(std::string_view text) {
  while (!text.empty()) {
    const std::size_t mark = std::min(text.find(';'), text.size());
    if (!is_point(text.substr(0, mark))) return false;
    text = trimmed(text.substr(std::min(mark + 1, text.size())));
  }
  return true;
}

}  // namespace

std::optional<std::string_view> fault_of_type(DataType type, std::string& value,
                                              std::int32_t utc_offset_minutes) {
  if (type == DataType::Text || type == DataType::Binary || type == DataType::Barcode) return std::nullopt;
  value = std::string(trimmed(value));
  if (value.empty()) return std::nullopt;
  auto unless = [](bool fits, std::string_view key) { return fits ? std::nullopt : std::optional(key); };
  switch (type) {
    case DataType::Integer:
      return unless(normalise_integer(value), "form.expects_integer");
    case DataType::Decimal:
      return unless(normalise_decimal(value), "form.expects_decimal");
    case DataType::Boolean:
      return unless(value == "true" || value == "false" || value == "1" || value == "0",
                    "form.expects_boolean");
    case DataType::Date:
      return unless(is_plain_date(value), "form.expects_date");
    case DataType::Time:
      return unless(parse_time(value, utc_offset_minutes).has_value(), "form.expects_time");
    case DataType::DateTime:
      return unless(is_date_time(value) && parse_date_time(value, utc_offset_minutes).has_value(),
                    "form.expects_date_time");
    case DataType::Geopoint:
      return unless(is_point(value), "form.expects_geopoint");
    case DataType::Geotrace:
    case DataType::Geoshape:
      return unless(are_points(value), "form.expects_geopoint");
    default:
      return std::nullopt;
  }
}

}  // namespace terreno::forms
