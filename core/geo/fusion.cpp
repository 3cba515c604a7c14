#include <algorithm>
#include <array>
#include <cmath>

#include "core/geo/distance.hpp"
#include "core/geo/gate.hpp"

namespace terreno::geo {
namespace {

/// Correlation of the errors of two neighbouring fixes, measured on phones at about kNeighbours_ms.
constexpr double kCorrelation = 0.66;
constexpr double kNeighbours_ms = 5'000;
/// What a person walks when the phone does not tell a speed, and the least and most that is believed.
constexpr double kWalking_mps = 1.4;
constexpr double kLeastSpeed_mps = 0.5;
constexpr double kMostSpeed_mps = 40;
constexpr double kOutlierSigmas = 4;

struct Candidate {
  const Fix* fix = nullptr;
  LocalFrame::Xy xy;
  double sigma_m = 0;  ///< with what age adds
};

/// At most kMaxFusedFixes, newest first; on the stack, since a phone asks for this at every fix.
struct Candidates {
  std::array<Candidate, kMaxFusedFixes> items;
  std::size_t count = 0;
  std::span<Candidate> all() { return {items.data(), count}; }
  std::span<const Candidate> all() const { return {items.data(), count}; }

  void insert(const Fix& fix) {
    std::size_t at = count;
    while (at > 0 && items[at - 1].fix->captured_at_ms < fix.captured_at_ms) --at;
    if (at == kMaxFusedFixes) return;
    if (count < kMaxFusedFixes) ++count;
    for (std::size_t i = count - 1; i > at; --i) items[i] = items[i - 1];
    items[at] = Candidate{&fix, {}, 0};
  }
};

bool makes_sense(const Fix& fix) {
  return std::isfinite(fix.accuracy_m) && fix.accuracy_m > 0 && std::abs(fix.point.lat) <= 90 &&
         std::abs(fix.point.lon) <= 180;
}

/// Milliseconds, never negative; far apart times must not overflow.
double age_ms(const Fix& fix, WallMs now_ms) {
  return std::max(0.0, static_cast<double>(now_ms) - static_cast<double>(fix.captured_at_ms));
}

double sigma_with_age(const Fix& fix, Platform platform, WallMs now_ms) {
  const double speed = fix.speed_mps.value_or(kWalking_mps);
  const double believed =
      std::isfinite(speed) ? std::clamp(speed, kLeastSpeed_mps, kMostSpeed_mps) : kWalking_mps;
  return std::hypot(sigma_of(fix, platform), believed * age_ms(fix, now_ms) / 1000);
}

double median(std::array<double, kMaxFusedFixes> values, std::size_t count) {
  auto* const end = values.data() + count;
  std::sort(values.data(), end);
  return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/// One bad fix must not flip a fence: what stands alone, measured from the median, goes. Two cannot outvote
/// each other.
void drop_outliers(Candidates& candidates) {
  if (candidates.count < 3) return;
  std::array<double, kMaxFusedFixes> x{}, y{}, sigma{};
  for (std::size_t i = 0; i < candidates.count; ++i) {
    x[i] = candidates.items[i].xy.x_m;
    y[i] = candidates.items[i].xy.y_m;
    sigma[i] = candidates.items[i].sigma_m;
  }
  const double mid_x = median(x, candidates.count), mid_y = median(y, candidates.count);
  const double usual = median(sigma, candidates.count);
  const auto stands_alone = [&](const Candidate& c) {
    return std::hypot(c.xy.x_m - mid_x, c.xy.y_m - mid_y) > kOutlierSigmas * std::hypot(c.sigma_m, usual);
  };
  const auto all = candidates.all();
  const auto kept_end = std::remove_if(all.begin(), all.end(), stands_alone);
  // Fixes that contradict each other altogether say little, and the spread below widens the result.
  if (kept_end != all.begin()) candidates.count = static_cast<std::size_t>(kept_end - all.begin());
}

/// Σᵢ Σⱼ ρᵢⱼ/(σᵢσⱼ), the numerator of the variance of the mean weighted with 1/σ². ρ falls with the time
/// between two fixes and at most by kCorrelation from one to the next: fixes in quick succession are nearly
/// one fix.
double correlated_sum(std::span<const Candidate> fixes) {
  double sum = 0, carried = 0;  // carried: Σ over the newer fixes of ρ/σ, seen from the present one
  for (std::size_t i = 0; i < fixes.size(); ++i) {
    if (i > 0) {
      const double gap_ms = static_cast<double>(fixes[i - 1].fix->captured_at_ms) -
                            static_cast<double>(fixes[i].fix->captured_at_ms);
      carried = (carried + 1 / fixes[i - 1].sigma_m) *
                std::pow(kCorrelation, std::min(1.0, gap_ms / kNeighbours_ms));
    }
    const double own = 1 / fixes[i].sigma_m;
    sum += own * (own + 2 * carried);
  }
  return sum;
}

struct Mean {
  LocalFrame::Xy xy;
  double sigma_m = 0;
};

Mean weighted_mean(std::span<const Candidate> fixes) {
  double weights = 0, x = 0, y = 0;
  for (const Candidate& c : fixes) {
    const double weight = 1 / (c.sigma_m * c.sigma_m);
    weights += weight;
    x += weight * c.xy.x_m;
    y += weight * c.xy.y_m;
  }
  x /= weights;
  y /= weights;
  double misfit = 0;
  for (const Candidate& c : fixes) {
    const double dx = (c.xy.x_m - x) / c.sigma_m, dy = (c.xy.y_m - y) / c.sigma_m;
    misfit += dx * dx + dy * dy;
  }
  double variance = correlated_sum(fixes) / (weights * weights);
  // Birge's ratio: fixes that scatter more than they claim make the result as wide as they scatter.
  if (fixes.size() > 1) variance *= std::max(1.0, misfit / (2 * static_cast<double>(fixes.size() - 1)));
  return {{x, y}, std::max(kSigmaFloor_m, std::sqrt(variance))};
}

}  // namespace

double sigma_of(const Fix& fix, Platform platform) {
  const auto per_axis = [&] {
    switch (platform) {
      case Platform::Ios:
        return fix.accuracy_m / 1.4142135623730951;
      case Platform::Web:
        return fix.accuracy_m / 2.4477468306808166;  // √(−2 ln 0.05)
      case Platform::Android:
      case Platform::Desktop:
        break;
    }
    return fix.accuracy_m / kSigmasIn68;
  };
  return std::max(kSigmaFloor_m, per_axis());
}

double sigma_of(PinPrecision precision) {
  switch (precision) {
    case PinPrecision::Verified:
      return 4;
    case PinPrecision::Rooftop:
      return 8;
    case PinPrecision::Interpolated:
      return 20;
    case PinPrecision::Street:
      return 60;
    case PinPrecision::Approximate:
      break;
  }
  return 200;
}

std::optional<FusedPosition> fuse(std::span<const Fix> fixes, Platform platform, WallMs now_ms,
                                  std::int64_t max_age_ms) {
  Candidates candidates;
  for (const Fix& fix : fixes) {
    if (makes_sense(fix) && age_ms(fix, now_ms) <= static_cast<double>(max_age_ms)) candidates.insert(fix);
  }
  if (candidates.count == 0) return std::nullopt;
  const LocalFrame frame(candidates.items[0].fix->point);
  for (Candidate& c : candidates.all()) {
    c.xy = frame.to_xy(c.fix->point);
    c.sigma_m = sigma_with_age(*c.fix, platform, now_ms);
  }
  drop_outliers(candidates);
  const Mean mean = weighted_mean(candidates.all());
  return FusedPosition{frame.to_point(mean.xy), mean.sigma_m, candidates.count,
                       candidates.items[0].fix->captured_at_ms};
}

}  // namespace terreno::geo
