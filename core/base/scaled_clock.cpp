#include "core/base/scaled_clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <vector>

namespace terreno {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMaxNightMs = 20 * 3'600'000;

std::vector<double> numbers_of(std::string_view text) {
  std::vector<double> numbers;
  std::stringstream stream{std::string(text)};
  for (std::string field; std::getline(stream, field, ',');) {
    char* end = nullptr;
    const double number = std::strtod(field.c_str(), &end);
    if (field.empty() || *end != '\0' || !std::isfinite(number) || std::abs(number) > 1e15) return {};
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

WallMs TimePlan::shown_at(WallMs real_ms) const noexcept {
  const auto passed = static_cast<std::int64_t>(static_cast<double>(real_ms - real_origin_ms) * speed);
  if (night_ms == 0) return shown_origin_ms + passed;
  const std::int64_t until_night = night_begin_ms - shown_origin_ms;
  if (passed < until_night) return shown_origin_ms + passed;
  const std::int64_t nights = (passed - until_night) / (kDayMs - night_ms) + 1;
  return shown_origin_ms + passed + nights * night_ms;
}

std::int64_t TimePlan::real_until(WallMs shown_ms, WallMs real_ms) const noexcept {
  // Demo time without the nights; it passes evenly.
  const auto waking_ms = [this](WallMs shown) {
    if (night_ms == 0 || shown < night_begin_ms) return shown;
    const std::int64_t since = shown - night_begin_ms;
    const std::int64_t today = std::max<std::int64_t>(0, since % kDayMs - night_ms);
    return night_begin_ms + since / kDayMs * (kDayMs - night_ms) + today;
  };
  const std::int64_t to_pass = waking_ms(shown_ms) - waking_ms(shown_at(real_ms));
  return to_pass <= 0 ? 0 : static_cast<std::int64_t>(std::ceil(static_cast<double>(to_pass) / speed));
}

Result<TimePlan> TimePlan::parse(std::string_view text) {
  const auto numbers = numbers_of(text);
  if (numbers.size() != 3 && numbers.size() != 5)
    return Error(ErrorCode::InvalidArgument,
                 "the demo clock is given as REAL_MS,SHOWN_MS,SPEED[,NIGHT_BEGIN_MS,NIGHT_MS]");
  TimePlan plan;
  plan.real_origin_ms = static_cast<WallMs>(numbers[0]);
  plan.shown_origin_ms = static_cast<WallMs>(numbers[1]);
  plan.speed = numbers[2];
  if (numbers.size() == 5) {
    plan.night_begin_ms = static_cast<WallMs>(numbers[3]);
    plan.night_ms = static_cast<std::int64_t>(numbers[4]);
  }
  if (plan.speed < 0.01 || plan.speed > 10'000 || plan.night_ms < 0 || plan.night_ms > kMaxNightMs ||
      (plan.night_ms > 0 && plan.night_begin_ms < plan.shown_origin_ms))
    return Error(ErrorCode::InvalidArgument,
                 "the demo clock's speed must be 0.01 to 10000, its nights 0 to 20 h long and after its "
                 "beginning");
  return plan;
}

std::string TimePlan::to_string() const {
  std::ostringstream out;
  out << real_origin_ms << ',' << shown_origin_ms << ',' << speed;
  if (night_ms != 0) out << ',' << night_begin_ms << ',' << night_ms;
  return out.str();
}

}  // namespace terreno
