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
  constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
  if (std::fabs(value) < kExactIntegers && value == std::trunc(value)) {
    std::array<char, 24> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<std::int64_t>(value));
    return {digits.data(), end.ptr};
  }
  std::array<char, 400> buffer;  // the longest: 1.8e308 has 309 digits, 4.9e-324 has 326
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

bool plain_number(std::string_view text, double& value) noexcept {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  value = kNone;
  text = trimmed(text);
  if (text.empty()) return true;
  const bool negative = text.front() == '-';
  const std::string_view digits = negative ? text.substr(1) : text;
  const bool may_be_number = !digits.empty() && ((digits[0] >= '0' && digits[0] <= '9') ||
                                                 (digits[0] == '.' && digits.size() > 1 && digits[1] != '.'));
  if (!may_be_number) return true;
  constexpr std::size_t kExactDigits = 15;  // so many a double holds exactly
  if (digits.size() <= kExactDigits) {
    std::int64_t whole = 0;
    std::size_t at = 0;
    while (at < digits.size() && digits[at] >= '0' && digits[at] <= '9')
      whole = whole * 10 + (digits[at++] - '0');
    if (at == digits.size()) {
      value = negative ? -static_cast<double>(whole) : static_cast<double>(whole);
      return true;
    }
  }
  double read = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), read, std::chars_format::general);
  const char* const last = text.data() + text.size();
  if (end.ptr == last) {
    if (end.ec == std::errc{}) value = read;
    return true;
  }
  if (end.ec == std::errc{} && end.ptr + 1 == last && *end.ptr == '.') {  // "0."
    value = read;
    return true;
  }
  return false;
}

double text_to_number(std::string_view text, std::int32_t utc_offset_minutes) noexcept {
  double value = 0;
  if (plain_number(text, value)) return value;
  return parse_date_time(trimmed(text), utc_offset_minutes)
      .value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace terreno::forms
