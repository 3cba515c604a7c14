#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/base/texts.hpp"
#include "core/model/location.hpp"

namespace terreno::geo {

// The location gate: is this phone at that place? Pure functions without state: the server calls them with
// the same fixes and the same time and gets the same verdict.

/// Standard deviation per axis, metres, of a fix as its platform means `accuracy_m`: Android 68 % radius
/// (accuracy / 1.5096), iOS √(σe² + σn²) (accuracy / √2), the web 95 % radius (accuracy / 2.448); never under
/// kSigmaFloor_m.
double sigma_of(const Fix& fix, Platform platform);

/// The same for a pin, by how it was found.
double sigma_of(PinPrecision precision);

/// Phones that claim less than 6 m were within their claim in one case out of eight (LOCATION.md).
inline constexpr double kSigmaFloor_m = 6.0;
/// A 68 % radius is this many σ: √(−2 ln 0.32).
inline constexpr double kSigmasIn68 = 1.5095921854516636;

/// Probability that a point with Gaussian error σ around a position lies within `radius_m` of a pin
/// `distance_m` away: 1 − Q₁(d/σ, R/σ), Marcum's Q (the Rice distribution). All metres; σ > 0. Absolute error
/// below 1e-9.
double inside_circle_probability(double distance_m, double sigma_m, double radius_m);

/// The least radius, metres, of a fence around a pin of this precision that the best fix at the pin itself
/// can prove with `inside_probability`: with a smaller one every visit is PinUncertain. √(−2 ln(1 − p)) ·
/// √(σ_floor² + σ_pin²); infinite from p = 1.
double least_provable_radius(PinPrecision precision, double inside_probability);

/// Where the phone is, made of several fixes.
struct FusedPosition {
  GeoPoint point;
  double sigma_m = 0;       ///< per axis
  std::size_t used = 0;     ///< fixes that counted: at most kMaxFusedFixes, outliers and stale ones left out
  WallMs newest_at_ms = 0;  ///< time of the newest fix used

  double accuracy_m() const noexcept { return sigma_m * kSigmasIn68; }
};

inline constexpr std::size_t kMaxFusedFixes = 10;

/// Weighs the newest fixes by their precision. Errors of neighbouring fixes correlate (0.66 from one to the
/// next), so ten in a row are worth about two; repeating a fix adds nothing. A fix widens with age by how far
/// the phone may have gone since. One that lies far from the rest is left out; a spread wider than claimed
/// widens the result. Fixes older than `max_age_ms` at `now_ms` do not count; those from after `now_ms` count
/// as new, since a phone's clock may be behind. Nothing when none is left. The fixes may stand in any order.
std::optional<FusedPosition> fuse(std::span<const Fix> fixes, Platform platform, WallMs now_ms,
                                  std::int64_t max_age_ms);

/// Judges where the phone is against the fence.
///
/// Inside: the probability reaches the policy's `inside_probability`. Outside: the fixes are at most
/// `outside_probability` times as likely inside as they would be at the pin itself, so an imprecise fix is
/// never proof of absence. Otherwise Inconclusive, with the one thing that helps: MoveCloser when the same
/// precision nearer to the pin would do, WaitBetterFix when no spot would, PinUncertain when not even the
/// best fix would. Policy numbers out of range are clamped. Under 5 µs for ten fixes.
///
/// `now_ms` is the time of the check; a VisitFinished keeps it as form_context.now_ms. Numbers
/// of the verdict are rounded (probability 1e-6, distance and accuracy 1 cm, bearing 0.1°, position 1e-7°)
/// and decided on after rounding, so that another processor's last bit changes nothing.
LocationVerdict judge(const Fence& fence, const GatePolicy& policy, std::span<const Fix> fixes,
                      Platform platform, WallMs now_ms);

/// Inside, or Inconclusive where the tenant allows it. NoFix and StaleFix never open a visit.
bool may_begin(const LocationVerdict& verdict, const GatePolicy& policy);

/// What is the case and the one most useful thing to do, for the gestor.
std::string explain(const LocationVerdict& verdict, const Fence& fence, const GatePolicy& policy,
                    Language language);

}  // namespace terreno::geo
