#pragma once

#include "core/base/clock.hpp"

namespace terreno::tests {

/// Time that passes only when the test says so. Starts on Thursday 2026-03-12 at 10:00 in Mexico City.
class ManualClock final : public Clock {
 public:
  WallMs wall_ms() const override { return wall_ms_; }
  MonoMs mono_ms() const override { return mono_ms_; }
  std::uint64_t boot_id() const override { return boot_id_; }

  void advance(std::int64_t ms) {
    wall_ms_ += ms;
    mono_ms_ += ms;
  }
  /// The wall clock alone is set, as a person or the network does.
  void jump_wall(std::int64_t ms) { wall_ms_ += ms; }
  void reboot() {
    mono_ms_ = 1'000;
    ++boot_id_;
  }

 private:
  WallMs wall_ms_ = 1'773'331'200'000;
  MonoMs mono_ms_ = 3'600'000;
  std::uint64_t boot_id_ = 1;
};

}  // namespace terreno::tests
