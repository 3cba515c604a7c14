#pragma once

#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace terreno {

/// How a demo's time follows real time. Every process of the demo is given the same plan, so that the server
/// and the simulated phones agree on 'now' without asking each other.
struct TimePlan {
  WallMs real_origin_ms = 0;   ///< at this real moment...
  WallMs shown_origin_ms = 0;  ///< ...the demo's clock shows this
  double speed = 1;            ///< demo seconds in a real one; 0.01..10,000
  /// The demo's clock leaps over the nights: at this moment and every 24 h after it, by `night_ms`. No nights
  /// are skipped when `night_ms` is 0.
  WallMs night_begin_ms = 0;
  std::int64_t night_ms = 0;  ///< 0..20 h

  /// What the demo's clock shows when the real one shows `real_ms`.
  WallMs shown_at(WallMs real_ms) const noexcept;
  /// Real milliseconds from `real_ms` until the demo's clock reaches `shown_ms`; 0 when it has.
  std::int64_t real_until(WallMs shown_ms, WallMs real_ms) const noexcept;

  /// "REAL,SHOWN,SPEED" or "REAL,SHOWN,SPEED,NIGHT_BEGIN,NIGHT_LENGTH", all but the speed in milliseconds.
  static Result<TimePlan> parse(std::string_view text);
  std::string to_string() const;
  bool operator==(const TimePlan&) const = default;
};

/// A clock for demonstrations and simulations; nothing outside a demo may use it. Allows calls from any
/// thread.
class ScaledClock final : public Clock {
 public:
  explicit ScaledClock(const TimePlan& plan) : plan_(plan) {}
  WallMs wall_ms() const override { return plan_.shown_at(real_.wall_ms()); }
  /// Follows the wall clock, which no one sets in a demo.
  MonoMs mono_ms() const override { return wall_ms() - plan_.shown_origin_ms; }
  std::uint64_t boot_id() const override { return real_.boot_id(); }
  const TimePlan& plan() const noexcept { return plan_; }

 private:
  TimePlan plan_;
  SystemClock real_;
};

}  // namespace terreno
