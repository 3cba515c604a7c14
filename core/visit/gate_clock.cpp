#include "core/visit/gate_clock.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace terreno {
namespace {

constexpr std::int64_t kLeastGap_ms = 1'000;
constexpr std::int64_t kJitter_ms = 2'000;

std::int64_t lead(const Fix& fix) { return fix.captured_at_ms - fix.mono_ms; }

bool show_live_service(const Fix& earlier, const Fix& later) {
  return later.captured_at_ms - earlier.captured_at_ms >= kLeastGap_ms &&
         later.mono_ms - earlier.mono_ms >= kLeastGap_ms &&
         std::abs(lead(later) - lead(earlier)) <= kJitter_ms;
}

}  // namespace

WallMs gate_now(std::span<const Fix> recent, WallMs wall_ms, MonoMs mono_ms) {
  std::int64_t newest_lead = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = recent.size(); i > 1; --i) {
    const Fix& earlier = recent[i - 2];
    const Fix& later = recent[i - 1];
    const std::int64_t pair_lead = std::max(lead(earlier), lead(later));
    if (show_live_service(earlier, later)) {
      // A fix comes late at worst. One that was captured after its own arrival, by the pair's reckoning, says
      // that the clock stood still since.
      return newest_lead > pair_lead + kJitter_ms ? wall_ms : mono_ms + pair_lead;
    }
    newest_lead = std::max(newest_lead, lead(later));
  }
  return wall_ms;
}

}  // namespace terreno
