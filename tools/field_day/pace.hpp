#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>

#include "core/base/scaled_clock.hpp"

namespace terreno::field_day {

/// Thrown out of a wait when the simulation is asked to stop.
struct Stopped {};

/// Keeps the simulated people in step with the demo's clock: nobody lives ahead of it, and who is behind does
/// not wait. Safe from any thread.
class Pace {
 public:
  /// Without a plan nobody waits: each phone lives as fast as the machine can.
  explicit Pace(std::optional<TimePlan> plan) : plan_(plan) {}

  bool follows_plan() const { return plan_.has_value(); }
  /// Returns when the demo's clock shows `at_ms`. Throws Stopped.
  void wait_until(WallMs at_ms);
  /// Whether somebody who lives at `at_ms` has demo time to catch up.
  bool behind(WallMs at_ms) const;
  /// The demo's time; the real one without a plan.
  WallMs now_ms() const;
  /// Real time for the machine's sake. Throws Stopped.
  void rest(std::int64_t real_ms);
  void stop();
  bool stopped() const;

 private:
  std::optional<TimePlan> plan_;
  SystemClock real_;
  mutable std::mutex mutex_;
  std::condition_variable stopping_;
  bool stopped_ = false;
};

}  // namespace terreno::field_day
