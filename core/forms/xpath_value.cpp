#include "core/forms/xpath_value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/forms/dates.hpp"

namespace terreno::forms {

Value Value::of_boolean(bool value) {
  Value made;
  made.kind = ValueKind::Boolean;
  made.boolean = value;
  return made;
}

Value Value::of_number(double value) {
  Value made;
  made.kind = ValueKind::Number;
  made.number = value;
  return made;
}

Value Value::of_text(std::string value) {
  Value made;
  made.text = std::move(value);
  return made;
}

Value Value::of_date(double days) {
  Value made;
  made.kind = ValueKind::Date;
  made.number = days;
  return made;
}

Value Value::of_nodes(NodeSet nodes) {
  Value made;
  made.kind = ValueKind::Nodes;
  made.nodes = std::move(nodes);
  return made;
}

std::string number_to_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (value == 0) return "0";
  std::array<char, 400> buffer{};  // the longest: 1.8e308 has 309 digits, 4.9e-324 has 326
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return {buffer.data(), end.ptr};
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

double text_to_number(std::string_view text, std::int32_t utc_offset_minutes) noexcept {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  text = trimmed(text);
  if (text.empty()) return kNone;
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  const bool may_be_number = !digits.empty() && ((digits[0] >= '0' && digits[0] <= '9') ||
                                                 (digits[0] == '.' && digits.size() > 1 && digits[1] != '.'));
  if (!may_be_number) return kNone;
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::general);
  const char* const last = text.data() + text.size();
  if (end.ptr == last) return end.ec == std::errc{} ? value : kNone;
  if (end.ec == std::errc{} && end.ptr + 1 == last && *end.ptr == '.') return value;  // "0."
  return parse_date_time(text, utc_offset_minutes).value_or(kNone);
}

}  // namespace terreno::forms
