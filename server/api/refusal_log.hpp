#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "core/base/clock.hpp"
#include "server/api/http_types.hpp"

namespace terreno::server {

/// Lines about what http/ refused. Whoever attacks the server must not fill its disk with them: of each kind
/// one line is written at once, and those of the next ten seconds are told together in the following one. A
/// line names nobody. Any thread.
class RefusalLog {
 public:
  static constexpr std::int64_t kQuiet_ms = 10'000;
  /// Takes a whole line with its end.
  using Write = std::function<void(const std::string&)>;

  /// `clock` must outlive the object.
  RefusalLog(const Clock& clock, Write write) : clock_(clock), write_(std::move(write)) {}

  void note(RefusedAt at, int status);

 private:
  struct Kind {
    MonoMs told_at_ms = 0;
    std::uint64_t untold = 0;
    bool told = false;
  };

  const Clock& clock_;
  const Write write_;
  std::mutex mutex_;
  std::map<std::pair<RefusedAt, int>, Kind> kinds_;
};

}  // namespace terreno::server
