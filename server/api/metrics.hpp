#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "server/api/http_types.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

/// "connection", "handshake", "request", "answer".
std::string_view name_of(RefusedAt at) noexcept;

/// Counters of the server in Prometheus' text format. Any thread.
class Metrics {
 public:
  void request_began() { ++in_flight_; }
  /// `route` is the pattern, never the path: it holds no ids and there are few of them.
  void request_ended(std::string_view method, std::string_view route, int status, double seconds);
  /// What http/ refused by itself; such requests are not among the others.
  void refused(RefusedAt at, int status);

  /// What others count.
  struct Readings {
    std::uint64_t live_connections = 0;
    std::uint64_t disk_free_bytes = 0;
    StorageCounters storage;
    FleetCounts fleet;
  };
  std::string to_text(const Readings& readings) const;

 private:
  void append_requests(std::string& out) const;

  // Upper bounds, seconds.
  static constexpr std::array<double, 9> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5};

  struct Histogram {
    std::array<std::uint64_t, kBounds.size() + 1> buckets{};
    double sum_s = 0;
  };

  std::atomic<std::int64_t> in_flight_{0};
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t, std::less<>> requests_;  ///< by the labels as they are printed
  std::map<std::string, Histogram, std::less<>> seconds_;       ///< by route
  std::map<std::pair<RefusedAt, int>, std::uint64_t> refusals_;
};

}  // namespace terreno::server
