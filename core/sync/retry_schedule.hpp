#pragma once

#include <cstdint>
#include <optional>

#include "core/base/clock.hpp"

namespace terreno {

/// When the next attempt may be made: exponential with jitter, so that a thousand phones that lost the same
/// server do not come back in the same second.
class RetrySchedule {
 public:
  static constexpr std::int64_t kFirstDelayMs = 5'000;
  static constexpr std::int64_t kLongestDelayMs = 15 * 60'000;
  /// A server or a proxy may ask for any pause; a phone that never comes back helps nobody.
  static constexpr std::int64_t kLongestRetryAfterMs = 60 * 60'000;

  void succeeded() {
    failures_ = 0;
    not_before_.reset();
    server_asked_ = false;
  }
  /// `retry_after_ms`: what the server asked for, if it did.
  void failed(MonoMs now, std::optional<std::int64_t> retry_after_ms);

  /// `eager` overrides our own patience, never the server's.
  bool may_try(MonoMs now, bool eager) const;
  std::optional<MonoMs> not_before() const { return not_before_; }

 private:
  int failures_ = 0;
  bool server_asked_ = false;
  std::optional<MonoMs> not_before_;
};

}  // namespace terreno
