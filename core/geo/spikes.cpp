#include "core/geo/spikes.hpp"

#include <algorithm>
#include <cstddef>

#include "core/geo/distance.hpp"

namespace terreno::geo {
namespace {

/// What a motorcycle or a car in a street gains or loses of speed; turning back takes a stop between.
constexpr double kAcceleration_mps2 = 2;

/// Away and back: the two neighbours lie nearer to each other than this share of the shorter leg, so that the
/// way turns by more than 139 degrees at the fix between.
constexpr double kReturnShare = 0.7;

/// The way between two fixes that follow each other.
struct Leg {
  double gone_m = 0;
  double seconds = 1;
  double surely_gone_m = 0;  ///< less what both fixes claim to err

  Leg() = default;
  Leg(const Fix& from, const Fix& to)
      : gone_m(geodesic_m(from.point, to.point)),
        seconds(std::max(1.0, static_cast<double>(to.captured_at_ms - from.captured_at_ms) / 1000)),
        surely_gone_m(std::max(0.0, gone_m - from.accuracy_m - to.accuracy_m)) {}
  double least_speed_mps() const { return surely_gone_m / seconds; }
};

/// How far one comes in a time that begins at `speed_mps` and ends at a stop, or the other way round:
/// speeding up to a peak of (v + a t) / 2 and braking from it.
double reach_m(double seconds, double speed_mps) {
  const double gained = kAcceleration_mps2 * seconds;
  if (speed_mps >= gained) return speed_mps * seconds / 2;
  const double peak = (speed_mps + gained) / 2;
  return (2 * peak * peak - speed_mps * speed_mps) / (2 * kAcceleration_mps2);
}

}  // namespace

void drop_spikes(std::vector<const Fix*>& ordered) {
  if (ordered.size() < 3) return;
  std::size_t kept = 1;  // ordered[kept - 1] is the last one kept
  Leg before;            // into the last one kept
  Leg there(*ordered[0], *ordered[1]);
  for (std::size_t i = 1; i + 1 < ordered.size(); ++i) {
    const Fix& fix = *ordered[i];
    const Fix& next = *ordered[i + 1];
    const Leg back(fix, next);
    const Leg across(*ordered[kept - 1], next);
    const Leg after = i + 2 < ordered.size() ? Leg(next, *ordered[i + 2]) : Leg();
    const bool returns = across.gone_m < kReturnShare * std::min(there.gone_m, back.gone_m);
    const bool impossible = there.surely_gone_m > reach_m(there.seconds, before.least_speed_mps()) ||
                            back.surely_gone_m > reach_m(back.seconds, after.least_speed_mps());
    if (returns && impossible) {
      there = across;
      continue;
    }
    ordered[kept++] = &fix;
    before = there;
    there = back;
  }
  ordered[kept++] = ordered.back();
  ordered.resize(kept);
}

}  // namespace terreno::geo
