#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/model/location.hpp"

namespace terreno::geo {

/// What a chunk of a shift's track holds, in the order in which it was given.
struct Track {
  std::vector<Fix> fixes;
  std::vector<BatterySample> battery;
  bool operator==(const Track&) const = default;
};

inline constexpr std::size_t kMaxFixesPerChunk = 4096;
inline constexpr std::size_t kMaxBatteryPerChunk = 4096;

/// What comes back from the codec: 1e-6° (11 cm), whole seconds, whole metres of accuracy (1..65,535, rounded
/// up) and altitude, 0.1 m/s, whole degrees of bearing. Numbers out of range move to its edge, NaN to zero.
/// quantised(quantised(x)) == quantised(x).
Fix quantised(const Fix& fix);
BatterySample quantised(const BatterySample& sample);

/// Packs a chunk that can be read alone; 30 fixes at 10 s cost some 6 bytes each. Any numbers may come.
/// Throws TooLarge over the limits above.
Bytes pack_track(std::span<const Fix> fixes, std::span<const BatterySample> battery);

/// The quantised track. Safe on any bytes: MalformedBytes, UnsupportedVersion, TooLarge. Allocates in
/// proportion to the counts that the limits allow.
Result<Track> unpack_track(ByteView packed);

}  // namespace terreno::geo
