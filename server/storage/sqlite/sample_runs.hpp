#pragma once

#include <vector>

#include "core/base/clock.hpp"

namespace terreno::server::sqlite {

/// No run is longer, so that a search never has to look further back than that.
inline constexpr std::int64_t kLongestRunMs = 24 * 3'600'000;
/// A chunk is some minutes: what lies further apart was stamped by another clock.
inline constexpr std::int64_t kRunGapMs = 3'600'000;
/// An honest chunk has one or two; of more, the first are kept.
inline constexpr std::size_t kMaxRuns = 32;

struct SampleRun {
  WallMs from_ms = 0;  ///< first sample
  WallMs to_ms = 0;    ///< last sample
};

/// Where samples lie in time, each run without a gap over kRunGapMs. Any times may come, in any order.
std::vector<SampleRun> runs_of(std::vector<WallMs> times_ms);

}  // namespace terreno::server::sqlite
