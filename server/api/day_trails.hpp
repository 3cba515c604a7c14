#pragma once

#include <boost/json/array.hpp>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

#include "server/storage/storage.hpp"

namespace terreno::server {

inline constexpr std::size_t kMaxDayTrails = 20'000;  ///< gestor-days in memory, a few kilobytes each

/// What a day of one gestor comes to on a map. Immutable.
struct DayTrail {
  double travelled_m = 0;
  boost::json::array lines;  ///< of [lon, lat]; broken where nothing was heard for long
};

/// The trails of gestores' days, worked out once and kept until something is added to the day, a late chunk
/// too: supervisors ask every few seconds and unpacking tracks is dear. Those unused longest give way. Any
/// thread.
class DayTrails {
 public:
  /// The storage must outlive the object.
  explicit DayTrails(Storage& storage, std::size_t most = kMaxDayTrails) : storage_(storage), most_(most) {}

  using Trails = std::map<Uuid, std::shared_ptr<const DayTrail>>;
  /// Of each gestor of the tenant who has fixes in the period.
  Trails of(const Uuid& tenant_id, const Period& period);
  /// How many were worked out since the start.
  std::uint64_t made() const;

 private:
  using Key = std::tuple<Uuid, Uuid, WallMs, WallMs>;  ///< tenant, gestor, period
  struct Kept {
    TrackStamp stamp;
    std::shared_ptr<const DayTrail> trail;
    std::list<const Key*>::iterator used;
  };

  std::shared_ptr<const DayTrail> find(const Key& key, const TrackStamp& stamp);
  void keep(const Key& key, const TrackStamp& stamp, std::shared_ptr<const DayTrail> trail);

  Storage& storage_;
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::map<Key, Kept> kept_;
  std::list<const Key*> order_;  ///< the one used longest ago first
  std::uint64_t made_ = 0;
};

/// Six decimals are 11 cm: enough for a map, and shorter.
double six_decimals(double degrees);

/// Works a trail out of a day's fixes, which are in the order of their time.
DayTrail make_day_trail(const std::vector<Fix>& fixes);

}  // namespace terreno::server
