#pragma once

#include <span>

#include "core/base/clock.hpp"
#include "core/model/location.hpp"

namespace terreno {

/// The time at which the location gate judges the age of fixes.
///
/// Fixes carry the satellites' time and the phone's clock may be minutes or years off, which would make every
/// fix stale or none. When two fixes show that the location service is live (as much time lies between their
/// captures as between their arrivals here, so neither is an old one handed out again), now is the
/// satellites' time carried on by the clock that never jumps. Else, and when a newer fix shows that this
/// clock stood still since, it is the phone's wall clock.
///
/// `recent`: fixes of this boot, oldest first, with the monotonic time at which each arrived.
WallMs gate_now(std::span<const Fix> recent, WallMs wall_ms, MonoMs mono_ms);

}  // namespace terreno
