#pragma once

#include <cstdint>
#include <string>

namespace terreno {

/// Milliseconds since 1970-01-01 UTC as some clock claimed it. A phone's may be years wrong.
using WallMs = std::int64_t;
/// Milliseconds of a clock that never jumps, goes on while the machine sleeps, and starts anew at each boot.
using MonoMs = std::int64_t;

/// All time enters the core through this. Implementations must allow calls from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallMs wall_ms() const = 0;
  virtual MonoMs mono_ms() const = 0;
  /// Differs after each reboot, so that mono_ms values of two boots are never compared.
  virtual std::uint64_t boot_id() const = 0;
};

/// The machine's own clocks; the boot id comes from the kernel where it tells one.
class SystemClock final : public Clock {
 public:
  SystemClock();
  WallMs wall_ms() const override;
  MonoMs mono_ms() const override;
  std::uint64_t boot_id() const override { return boot_id_; }

 private:
  std::uint64_t boot_id_;
};

}  // namespace terreno
