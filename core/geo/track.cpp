#include "core/geo/track.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "core/geo/distance.hpp"
#include "core/geo/spikes.hpp"

namespace terreno::geo {
namespace {

/// Faster than any vehicle of the field; what needs more is an error of position.
constexpr double kFastest_mps = 60;
/// A fix this poor says nothing about a path along streets.
constexpr double kPoorest_m = 200;
/// A step counts once it is longer than what both fixes claim to err, and never under this.
constexpr double kLeastStep_m = 15;
/// After so many rejected fixes in a row it is the last accepted one that was wrong.
constexpr int kRejectedInARow = 3;

double seconds_between(const Fix& a, const Fix& b) {
  return (static_cast<double>(b.captured_at_ms) - static_cast<double>(a.captured_at_ms)) / 1000;
}

bool usable(const Fix& fix) {
  return std::isfinite(fix.accuracy_m) && fix.accuracy_m > 0 && fix.accuracy_m <= kPoorest_m &&
         std::abs(fix.point.lat) <= 90 && std::abs(fix.point.lon) <= 180;
}

/// In the order of their time, without spikes.
std::vector<const Fix*> usable_by_time(std::span<const Fix> fixes) {
  std::vector<const Fix*> ordered;
  ordered.reserve(fixes.size());
  for (const Fix& fix : fixes) {
    if (usable(fix)) ordered.push_back(&fix);
  }
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const Fix* a, const Fix* b) { return a->captured_at_ms < b->captured_at_ms; });
  drop_spikes(ordered);
  return ordered;
}

/// A fix at which the phone had really moved on from the one before.
struct Step {
  const Fix* fix;
  double gone_m;  ///< from the step before; 0 where no way between the two is believed
};

bool reachable(const Fix& from, const Fix& to, double gone_m) {
  return gone_m - from.accuracy_m - to.accuracy_m <= kFastest_mps * std::max(1.0, seconds_between(from, to));
}

std::vector<Step> moving_steps(std::span<const Fix> fixes) {
  std::vector<Step> steps;
  int rejected = 0;
  for (const Fix* fix : usable_by_time(fixes)) {
    if (steps.empty()) {
      steps.push_back({fix, 0});
      continue;
    }
    const Fix& last = *steps.back().fix;
    const double gone = geodesic_m(last.point, fix->point);
    if (!reachable(last, *fix, gone)) {
      if (++rejected < kRejectedInARow) continue;
      steps.push_back({fix, 0});
    } else if (gone > std::max(kLeastStep_m, last.accuracy_m + fix->accuracy_m)) {
      steps.push_back({fix, gone});
    }
    rejected = 0;
  }
  return steps;
}

double distance_to_segment(const LocalFrame::Xy& p, const LocalFrame::Xy& a, const LocalFrame::Xy& b) {
  const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m;
  const double length2 = dx * dx + dy * dy;
  const double along =
      length2 > 0 ? std::clamp(((p.x_m - a.x_m) * dx + (p.y_m - a.y_m) * dy) / length2, 0.0, 1.0) : 0.0;
  return std::hypot(p.x_m - (a.x_m + along * dx), p.y_m - (a.y_m + along * dy));
}

/// Douglas–Peucker with a stack of its own, since a day may be thousands of fixes in one line.
std::vector<bool> kept_points(const std::vector<LocalFrame::Xy>& line, double tolerance_m) {
  std::vector<bool> kept(line.size(), false);
  kept.front() = kept.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> open{{0, line.size() - 1}};
  while (!open.empty()) {
    const auto [first, last] = open.back();
    open.pop_back();
    double worst = tolerance_m;
    std::size_t at = first;
    for (std::size_t i = first + 1; i < last; ++i) {
      const double off = distance_to_segment(line[i], line[first], line[last]);
      if (off > worst) worst = off, at = i;
    }
    if (at == first) continue;
    kept[at] = true;
    open.emplace_back(first, at);
    open.emplace_back(at, last);
  }
  return kept;
}

}  // namespace

double travelled_m(std::span<const Fix> fixes) {
  double metres = 0;
  for (const Step& step : moving_steps(fixes)) metres += step.gone_m;
  return metres;
}

std::vector<GeoPoint> trail(std::span<const Fix> fixes, double tolerance_m) {
  const auto steps = moving_steps(fixes);
  if (steps.empty()) return {};
  const LocalFrame frame(steps.front().fix->point);
  std::vector<LocalFrame::Xy> line;
  line.reserve(steps.size());
  for (const Step& step : steps) line.push_back(frame.to_xy(step.fix->point));
  const auto kept = kept_points(line, std::max(0.0, tolerance_m));
  std::vector<GeoPoint> points;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (kept[i]) points.push_back(steps[i].fix->point);
  }
  return points;
}

}  // namespace terreno::geo
