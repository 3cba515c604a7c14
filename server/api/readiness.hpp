#pragma once

#include <cstdio>
#include <mutex>
#include <optional>

#include "core/base/clock.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

/// Whether the storage reads and writes. Anybody may ask, and the proof costs a durable write: one proof
/// serves everybody for a second. Any thread.
class Readiness {
 public:
  static constexpr std::int64_t kKept_ms = 1000;

  /// Both must outlive the object.
  Readiness(Storage& storage, const Clock& clock) : storage_(storage), clock_(clock) {}

  bool ready() {
    const std::lock_guard lock(mutex_);
    const MonoMs now_ms = clock_.mono_ms();
    if (proven_at_ms_ && now_ms - *proven_at_ms_ < kKept_ms) return ready_;
    try {
      storage_.probe();
      ready_ = true;
    } catch (const Error& error) {
      ready_ = false;
      std::fprintf(stderr, "{\"level\":\"error\",\"not_ready\":\"%s\"}\n", traits_of(error.code).name);
    }
    proven_at_ms_ = clock_.mono_ms();
    return ready_;
  }

 private:
  Storage& storage_;
  const Clock& clock_;
  std::mutex mutex_;
  std::optional<MonoMs> proven_at_ms_;
  bool ready_ = false;
};

}  // namespace terreno::server
