#pragma once

#include "core/base/clock.hpp"

namespace terreno::field_day {

/// The clock inside one simulated phone. The simulation sets it; only the phone's own thread uses it.
class PhoneClock final : public Clock {
 public:
  PhoneClock(WallMs now_ms, std::uint64_t boot_id)
      : now_ms_(now_ms), booted_at_ms_(now_ms - kUpBefore_ms), boot_id_(boot_id) {}

  WallMs wall_ms() const override { return now_ms_; }
  MonoMs mono_ms() const override { return now_ms_ - booted_at_ms_; }
  std::uint64_t boot_id() const override { return boot_id_; }

  /// Time never goes back.
  void move_to(WallMs now_ms) {
    if (now_ms > now_ms_) now_ms_ = now_ms;
  }
  /// The phone was switched off and on again.
  void reboot(std::uint64_t boot_id) {
    booted_at_ms_ = now_ms_ - kUpBefore_ms;
    boot_id_ = boot_id;
  }

 private:
  static constexpr std::int64_t kUpBefore_ms = 40'000;  ///< what booting takes
  WallMs now_ms_;
  WallMs booted_at_ms_;
  std::uint64_t boot_id_;
};

}  // namespace terreno::field_day
