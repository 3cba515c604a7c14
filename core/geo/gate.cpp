#include "core/geo/gate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/geo/distance.hpp"

namespace terreno::geo {
namespace {

double rounded(double value, double steps_per_unit) {
  return std::round(value * steps_per_unit) / steps_per_unit;
}

double probability_at_pin(double sigma_m, double radius_m) {
  return rounded(-std::expm1(-radius_m * radius_m / (2 * sigma_m * sigma_m)), 1e6);
}

/// A threshold that makes no sense is taken as the strictest.
double threshold(double probability, double strictest) {
  return std::isfinite(probability) ? std::clamp(probability, 0.0, 1.0) : strictest;
}

LocationVerdict without_position(GateReason reason) {
  LocationVerdict verdict;
  verdict.answer = GateAnswer::Inconclusive;
  verdict.reason = reason;
  return verdict;
}

/// Where the phone is, as the verdict tells it; the answer comes after.
LocationVerdict measured(const Fence& fence, const FusedPosition& position) {
  LocationVerdict verdict;
  const Course to_pin = course(position.point, fence.centre);
  verdict.distance_m = rounded(to_pin.distance_m, 100);
  verdict.bearing_deg = std::fmod(rounded(to_pin.bearing_deg, 10), 360.0);
  verdict.accuracy_m = rounded(position.accuracy_m(), 100);
  verdict.position = {rounded(position.point.lat, 1e7), rounded(position.point.lon, 1e7)};
  return verdict;
}

void decide(LocationVerdict& verdict, const Fence& fence, const GatePolicy& policy) {
  const double inside_from = threshold(policy.inside_probability, 1);
  const double pin_sigma = sigma_of(fence.precision);
  const double sigma = std::hypot(verdict.accuracy_m / kSigmasIn68, pin_sigma);
  verdict.probability = rounded(inside_circle_probability(verdict.distance_m, sigma, fence.radius_m), 1e6);
  const double at_pin = probability_at_pin(sigma, fence.radius_m);
  const auto answer = [&](GateAnswer what, GateReason why) {
    verdict.answer = what;
    verdict.reason = why;
  };
  if (verdict.probability >= inside_from && verdict.probability > 0) {
    return answer(GateAnswer::Inside, GateReason::Inside);
  }
  // Against what the same precision would give at the pin: a fix of ±500 m is never likely to be inside 50 m,
  // and that alone says nothing about where the phone is.
  const double outside_to = threshold(policy.outside_probability, 0);
  if (verdict.distance_m > fence.radius_m && verdict.probability <= outside_to * at_pin) {
    return answer(GateAnswer::Outside, GateReason::Outside);
  }
  const double best = probability_at_pin(std::hypot(kSigmaFloor_m, pin_sigma), fence.radius_m);
  if (best < inside_from) return answer(GateAnswer::Inconclusive, GateReason::PinUncertain);
  if (at_pin < inside_from) return answer(GateAnswer::Inconclusive, GateReason::WaitBetterFix);
  answer(GateAnswer::Inconclusive, GateReason::MoveCloser);
}

const char* key_of(GateReason reason) {
  switch (reason) {
    case GateReason::Inside:
      return "gate.inside";
    case GateReason::Outside:
      return "gate.outside";
    case GateReason::WaitBetterFix:
      return "gate.wait_better_fix";
    case GateReason::MoveCloser:
      return "gate.move_closer";
    case GateReason::NoFix:
      return "gate.no_fix";
    case GateReason::StaleFix:
      return "gate.stale_fix";
    case GateReason::PinUncertain:
      break;
  }
  return "gate.pin_uncertain";
}

/// "85 m", "1.2 km", "34 km": no more digits than a person walking needs.
std::string length_text(double metres, Language language) {
  char out[40];
  const double whole = std::max(1.0, std::round(metres));
  if (whole < 1000) {
    std::snprintf(out, sizeof out, "%.0f m", whole);
  } else if (whole < 10'000) {
    const double hundreds = std::round(whole / 100);
    const char point = language == Language::Portuguese ? ',' : '.';
    std::snprintf(out, sizeof out, "%.0f%c%.0f km", std::floor(hundreds / 10), point,
                  std::fmod(hundreds, 10));
  } else {
    std::snprintf(out, sizeof out, "%.0f km", std::min(whole / 1000, 99'999.0));
  }
  return out;
}

}  // namespace

double least_provable_radius(PinPrecision precision, double inside_probability) {
  const double p = threshold(inside_probability, 1);
  return std::hypot(kSigmaFloor_m, sigma_of(precision)) * std::sqrt(-2 * std::log1p(-p));
}

LocationVerdict judge(const Fence& fence, const GatePolicy& policy, std::span<const Fix> fixes,
                      Platform platform, WallMs now_ms) {
  const auto fused = fuse(fixes, platform, now_ms, policy.max_fix_age_ms);
  if (fused) {
    LocationVerdict verdict = measured(fence, *fused);
    decide(verdict, fence, policy);
    return verdict;
  }
  const auto last = fuse(fixes, platform, now_ms, std::numeric_limits<std::int64_t>::max());
  if (!last) return without_position(GateReason::NoFix);
  LocationVerdict verdict = measured(fence, *last);
  verdict.reason = GateReason::StaleFix;
  return verdict;
}

bool may_begin(const LocationVerdict& verdict, const GatePolicy& policy) {
  if (verdict.answer == GateAnswer::Inside) return true;
  const bool knows_where = verdict.reason != GateReason::NoFix && verdict.reason != GateReason::StaleFix;
  return verdict.answer == GateAnswer::Inconclusive && knows_where && policy.inconclusive_allows;
}

std::string explain(const LocationVerdict& verdict, const Fence& fence, const GatePolicy& policy,
                    Language language) {
  std::string said = text(language, key_of(verdict.reason),
                          {{"distance", length_text(verdict.distance_m, language)},
                           {"missing", length_text(verdict.distance_m - fence.radius_m, language)},
                           {"radius", length_text(fence.radius_m, language)},
                           {"accuracy", length_text(verdict.accuracy_m, language)},
                           {"pin", length_text(sigma_of(fence.precision) * kSigmasIn68, language)},
                           {"direction", text(language, compass_key(verdict.bearing_deg))}});
  const bool unconfirmed = verdict.answer == GateAnswer::Inconclusive && may_begin(verdict, policy);
  if (unconfirmed) said += ' ' + text(language, "gate.may_begin_unconfirmed");
  return said;
}

}  // namespace terreno::geo
