#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/texts.hpp"
#include "core/journal/journal.hpp"
#include "core/store/device_store.hpp"

namespace terreno {

inline constexpr std::size_t kFixesPerChunk = 512;
inline constexpr std::size_t kBatteryPerChunk = 512;
/// Fixes that stay readable for the location gate after their chunk is sealed.
inline constexpr std::size_t kRecentFixes = 30;

/// Shift and track: samples go to the tail as they come, and from there into TrackChunk entries. Nothing is
/// kept outside a shift. What a call has answered is durable. Same thread rule as the store.
class TrackRecorder {
 public:
  /// Store and clock must outlive the object.
  TrackRecorder(DeviceStore& store, const Clock& clock);

  /// NotEnrolled, ShiftAlreadyOpen.
  Result<ShiftRecord> start_shift(Language language);
  /// Seals the tail. ShiftNotOpen; VisitAlreadyOpen while a visit is under way.
  Result<void> end_shift(Language language);

  /// How many fixes made sense and were kept. ShiftNotOpen.
  Result<std::size_t> add_fixes(std::span<const Fix> fixes, Language language);
  /// ShiftNotOpen; InvalidArgument over 100 %.
  Result<void> add_battery(const BatterySample& sample, Language language);

  /// Seals whatever waits, inside the caller's transaction when there is one.
  void seal();
  /// Seals when the oldest sample has waited for the tenant's interval, so that a phone that lost its signal
  /// still tells where it was last.
  void seal_if_due();

 private:
  bool due(const TailSize& tail) const;
  void seal_tail(const Uuid& shift_id);
  void append_chunk(const Uuid& shift_id, std::span<const Fix> fixes, std::span<const BatterySample> battery);
  void note_first_sample();

  DeviceStore& store_;
  Journal journal_;
  const Clock& clock_;
  /// When the first sample of the tail came, by the clock that never jumps.
  MonoMs waiting_since_ms_ = 0;
  /// The tail is an earlier process's: how long it has waited is not known, so it is due.
  bool left_behind_;
};

}  // namespace terreno
