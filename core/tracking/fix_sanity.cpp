#include "core/tracking/fix_sanity.hpp"

#include <cmath>

namespace terreno {
namespace {

// Also false for NaN.
bool within(double value, double low, double high) { return value >= low && value <= high; }

void forget_outside(std::optional<double>& value, double low, double high) {
  if (value && !within(*value, low, high)) value.reset();
}

}  // namespace

std::optional<Fix> sane_fix(const Fix& fix) {
  // An accuracy over this is an IP address's guess at best and says nothing about a visit.
  constexpr double kMaxAccuracy_m = 1'000'000;
  if (!within(fix.point.lat, -90, 90) || !within(fix.point.lon, -180, 180)) return std::nullopt;
  if (!(fix.accuracy_m > 0) || fix.accuracy_m > kMaxAccuracy_m) return std::nullopt;
  if (fix.captured_at_ms <= 0) return std::nullopt;
  Fix sane = fix;
  forget_outside(sane.speed_mps, 0, 400);
  forget_outside(sane.bearing_deg, 0, 360);
  forget_outside(sane.altitude_m, -1'000, 20'000);
  return sane;
}

}  // namespace terreno
