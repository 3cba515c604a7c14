#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace terreno::field_day {

/// What has happened so far on all phones of this process. Safe from any thread.
struct Tally {
  std::atomic<std::uint64_t> visits = 0;
  std::atomic<std::uint64_t> refused = 0;    ///< visits that the location gate did not let begin
  std::atomic<std::uint64_t> cancelled = 0;  ///< visits given up for another reason
  std::atomic<std::uint64_t> resumed = 0;    ///< visits found open after a restart
  std::atomic<std::uint64_t> fixes = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> offline = 0;   ///< requests that met no network
  std::atomic<std::uint64_t> refusals = 0;  ///< answers 4xx and 5xx
  std::atomic<std::uint64_t> restarts = 0;  ///< phones that died and came back

  /// Something that must never happen; the program ends with an error.
  void breach(const std::string& what) {
    const std::scoped_lock lock(mutex_);
    if (breaches_.size() < 50) breaches_.push_back(what);
  }
  std::vector<std::string> breaches() const {
    const std::scoped_lock lock(mutex_);
    return breaches_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> breaches_;
};

}  // namespace terreno::field_day
