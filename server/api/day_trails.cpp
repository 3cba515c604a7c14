#include "server/api/day_trails.hpp"

#include <cmath>
#include <span>

#include "core/geo/track.hpp"

namespace terreno::server {
namespace {

namespace json = boost::json;

constexpr std::int64_t kTrailGap_ms = 15 * 60'000;  ///< longer silence breaks the line
constexpr double kTrailTolerance_m = 6;

}  // namespace

double six_decimals(double degrees) { return std::round(degrees * 1e6) / 1e6; }

DayTrail make_day_trail(const std::vector<Fix>& fixes) {
  DayTrail trail;
  trail.travelled_m = geo::travelled_m(fixes);
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= fixes.size(); ++i) {
    const bool broken =
        i == fixes.size() || fixes[i].captured_at_ms - fixes[i - 1].captured_at_ms > kTrailGap_ms;
    if (!broken) continue;
    json::array line;
    const std::span<const Fix> piece(fixes.data() + begin, i - begin);
    for (const GeoPoint& point : geo::trail(piece, kTrailTolerance_m)) {
      line.push_back({six_decimals(point.lon), six_decimals(point.lat)});
    }
    // A lone point makes no line.
    if (line.size() > 1) trail.lines.push_back(std::move(line));
    begin = i;
  }
  return trail;
}

DayTrails::Trails DayTrails::of(const Uuid& tenant_id, const Period& period) {
  Trails trails;
  // The stamps come first: what is added while a track is read makes its trail newer than its stamp, and it
  // is worked out again the next time.
  for (const auto& [gestor_id, stamp] : storage_.track_stamps(tenant_id, period)) {
    const Key key{tenant_id, gestor_id, period.from_ms, period.to_ms};
    auto trail = find(key, stamp);
    if (!trail) {
      trail = std::make_shared<const DayTrail>(make_day_trail(storage_.track(tenant_id, gestor_id, period)));
      keep(key, stamp, trail);
    }
    trails.emplace(gestor_id, std::move(trail));
  }
  return trails;
}

std::uint64_t DayTrails::made() const {
  const std::lock_guard lock(mutex_);
  return made_;
}

std::shared_ptr<const DayTrail> DayTrails::find(const Key& key, const TrackStamp& stamp) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end() || found->second.stamp != stamp) return nullptr;
  order_.splice(order_.end(), order_, found->second.used);
  return found->second.trail;
}

void DayTrails::keep(const Key& key, const TrackStamp& stamp, std::shared_ptr<const DayTrail> trail) {
  const std::lock_guard lock(mutex_);
  ++made_;
  const auto [entry, added] = kept_.try_emplace(key);
  if (added) {
    entry->second.used = order_.insert(order_.end(), &entry->first);
  } else {
    order_.splice(order_.end(), order_, entry->second.used);
  }
  entry->second.stamp = stamp;
  entry->second.trail = std::move(trail);
  if (kept_.size() > most_) {
    const Key oldest = *order_.front();
    order_.pop_front();
    kept_.erase(oldest);
  }
}

}  // namespace terreno::server
