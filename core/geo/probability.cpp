#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/geo/gate.hpp"

namespace terreno::geo {
namespace {

/// Beyond so many σ the Gaussian adds less than 1e-11.
constexpr double kReach = 7.0;
/// Steps of the trapezoidal rule, in σ. Its error on a Gaussian is about exp(−2π²/step²).
constexpr double kStep = 0.75;

}  // namespace

// The Gaussian's mass in the circle, cut into strips across the line from the pin to the position:
//   ∫ φ((x − d)/σ)/σ · erf(√(R² − x²)/(σ√2)) dx,  x from −R to R.
// With x = R sin θ the integrand is smooth and periodic, so that equal steps converge exponentially
// (Trefethen and Weideman 2014) and neither Bessel functions nor long series are needed.
double inside_circle_probability(double distance_m, double sigma_m, double radius_m) {
  if (!(sigma_m > 0) || !(radius_m > 0) || !std::isfinite(distance_m) || !std::isfinite(sigma_m)) return 0;
  const double d = std::abs(distance_m) / sigma_m, r = radius_m / sigma_m;
  if (d - r > kReach) return 0;
  if (r - d > kReach) return 1;
  const double half_pi = std::numbers::pi / 2;
  const double strips = std::max(16.0, std::ceil(std::numbers::pi * r / kStep));
  const double step = std::numbers::pi / strips;
  // Strips farther than kReach from the position hold nothing.
  const double first = std::asin(std::clamp((d - kReach) / r, -1.0, 1.0));
  const double last = std::asin(std::clamp((d + kReach) / r, -1.0, 1.0));
  double sum = 0;
  for (double j = std::floor((first + half_pi) / step); j < strips; ++j) {
    const double theta = -half_pi + (j + 0.5) * step;
    if (theta > last) break;
    const double off = r * std::sin(theta) - d, half_chord = r * std::cos(theta);
    sum += std::exp(-off * off / 2) * std::erf(half_chord * std::numbers::sqrt2 / 2) * half_chord;
  }
  const double mass = sum * step * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  return std::clamp(mass, 0.0, 1.0);
}

}  // namespace terreno::geo
