#pragma once

#include <string>
#include <vector>

#include "core/model/location.hpp"

namespace terreno::field_day {

/// Where somebody stayed for at least five minutes within a hundred metres.
struct TraceStop {
  std::int64_t from_ms = 0;  ///< of the day, local time
  std::int64_t to_ms = 0;
  GeoPoint centre;
  std::size_t fixes = 0;
};

/// One real day of one real person, as the phone recorded it. Times are milliseconds since local midnight.
struct TraceDay {
  std::string id;
  Platform platform = Platform::Android;
  std::vector<Fix> fixes;              ///< captured_at_ms since midnight
  std::vector<BatterySample> battery;  ///< at_ms since midnight
  std::vector<TraceStop> stops;
};

/// Reads the open data of São Paulo (e-mission, 2017) and of the MobilityNet experiments, and gives the days
/// that hold enough to work with between two times of day: those of São Paulo first, in the order of their
/// stops' number. Nothing is copied. Throws NotFound with where it looked.
std::vector<TraceDay> read_traces(const std::string& folder, std::int64_t from_ms, std::int64_t to_ms);

/// Stops by the usual rule: a run of fixes that stay within 100 m of its first for five minutes or more.
/// `fixes` in the order of time; those less accurate than 100 m are passed over.
std::vector<TraceStop> find_stops(const std::vector<Fix>& fixes);

}  // namespace terreno::field_day
