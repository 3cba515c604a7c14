#include "core/sync/retry_schedule.hpp"

#include <algorithm>
#include <array>

#include "core/base/crypto.hpp"

namespace terreno {
namespace {

/// Even in [0, bound).
std::int64_t random_below(std::int64_t bound) {
  std::array<std::uint8_t, 4> bytes;
  fill_random(bytes);
  std::uint32_t number = 0;
  for (const std::uint8_t byte : bytes) number = (number << 8) | byte;
  return static_cast<std::int64_t>(number) % bound;
}

}  // namespace

void RetrySchedule::failed(MonoMs now, std::optional<std::int64_t> retry_after_ms) {
  failures_ = std::min(failures_ + 1, 16);
  server_asked_ = retry_after_ms.has_value();
  if (retry_after_ms) {
    not_before_ = now + std::clamp<std::int64_t>(*retry_after_ms, 0, kLongestRetryAfterMs);
    return;
  }
  const std::int64_t delay = std::min(kFirstDelayMs << (failures_ - 1), kLongestDelayMs);
  not_before_ = now + delay / 2 + random_below(delay / 2);
}

bool RetrySchedule::may_try(MonoMs now, bool eager) const {
  if (!not_before_ || now >= *not_before_) return true;
  return eager && !server_asked_;
}

}  // namespace terreno
