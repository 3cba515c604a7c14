#include "tools/field_day/sensors.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace terreno::field_day {
namespace {

constexpr double kNextFixCorrelation = 0.66;
constexpr double kFixInterval_ms = 10'000;
constexpr double kOutlierShare = 0.03;
constexpr double kMeanOffline_ms = 25 * 60'000.0;
constexpr double kMeanOnline_ms = 140 * 60'000.0;

}  // namespace

LocationService::LocationService(town::Dice dice, Platform platform)
    : dice_(dice), platform_(platform), honesty_(dice_.lognormal(1.0, 0.12)) {}

LocationService::Reading LocationService::read(WallMs at_ms, double sigma_m) {
  const double gap = static_cast<double>(std::max<WallMs>(at_ms - last_ms_, 0)) / kFixInterval_ms;
  const double kept = last_ms_ == 0 ? 0 : std::pow(kNextFixCorrelation, std::min(gap, 60.0));
  const double fresh = std::sqrt(1 - kept * kept);
  error_ = {error_.x * kept + dice_.normal() * fresh, error_.y * kept + dice_.normal() * fresh};
  last_ms_ = at_ms;
  // Android claims the radius of 68 %, iOS the root of both axes' variances.
  const double claim = platform_ == Platform::Ios ? 1.414 : 1.51;
  const double accuracy = std::max(3.0, sigma_m * claim * honesty_ * dice_.lognormal(1.0, 0.2));
  if (!dice_.chance(kOutlierShare)) return {error_ * sigma_m, std::round(accuracy * 10) / 10};
  const double away = std::min(300.0, 60 + dice_.exponential(55));
  const double direction = dice_.uniform(0, 2 * std::numbers::pi);
  // Most outliers confess.
  const double claimed = dice_.chance(0.85) ? away * dice_.uniform(0.9, 1.5) : accuracy;
  return {{away * std::cos(direction), away * std::sin(direction)}, std::round(claimed)};
}

Battery::Battery(town::Dice dice)
    : level_(dice.uniform(85, 100)), per_hour_(std::clamp(dice.normal(6, 2), 2.0, 11.0)) {}

void Battery::pass(double hours) {
  level_ += charging_ ? 38 * hours : -per_hour_ * hours;
  level_ = std::clamp(level_, 3.0, 100.0);
  if (level_ < 15) charging_ = true;
  if (level_ > 72) charging_ = false;
}

std::uint8_t Battery::percent() const { return static_cast<std::uint8_t>(std::clamp(level_, 0.0, 100.0)); }

Reception::Reception(town::Dice dice, WallMs from_ms)
    : dice_(dice), until_ms_(from_ms + static_cast<WallMs>(dice_.exponential(kMeanOnline_ms))) {}

bool Reception::online(WallMs at_ms) {
  while (at_ms >= until_ms_) {
    online_ = !online_;
    until_ms_ += static_cast<WallMs>(dice_.exponential(online_ ? kMeanOnline_ms : kMeanOffline_ms)) + 1;
  }
  return online_;
}

}  // namespace terreno::field_day
