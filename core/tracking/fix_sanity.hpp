#pragma once

#include <optional>

#include "core/model/location.hpp"

namespace terreno {

/// The fix as the track keeps it, or nothing when it makes no sense: a coordinate that is no number or off
/// the globe, an accuracy that is not above 0, no time. Phones write −1 or NaN for a speed, bearing or
/// altitude that they do not know; those become unknown and the fix stays.
std::optional<Fix> sane_fix(const Fix& fix);

}  // namespace terreno
