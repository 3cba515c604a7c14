#include "server/storage/sqlite/sample_runs.hpp"

#include <algorithm>

namespace terreno::server::sqlite {
namespace {

/// `earlier` <= `later`, however far apart.
bool further_than(std::int64_t span_ms, WallMs earlier, WallMs later) {
  return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier) >
         static_cast<std::uint64_t>(span_ms);
}

}  // namespace

std::vector<SampleRun> runs_of(std::vector<WallMs> times_ms) {
  std::sort(times_ms.begin(), times_ms.end());
  std::vector<SampleRun> runs;
  for (const WallMs time_ms : times_ms) {
    const bool goes_on = !runs.empty() && !further_than(kRunGapMs, runs.back().to_ms, time_ms) &&
                         !further_than(kLongestRunMs, runs.back().from_ms, time_ms);
    if (goes_on) {
      runs.back().to_ms = time_ms;
    } else if (runs.size() < kMaxRuns) {
      runs.push_back({time_ms, time_ms});
    } else {
      break;
    }
  }
  return runs;
}

}  // namespace terreno::server::sqlite
