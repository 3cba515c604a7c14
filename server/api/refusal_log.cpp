#include "server/api/refusal_log.hpp"

#include "server/api/metrics.hpp"

namespace terreno::server {

void RefusalLog::note(RefusedAt at, int status) {
  const MonoMs now_ms = clock_.mono_ms();
  std::uint64_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    Kind& kind = kinds_[{at, status}];
    ++kind.untold;
    if (kind.told && now_ms - kind.told_at_ms < kQuiet_ms) return;
    count = std::exchange(kind.untold, 0);
    kind.told = true;
    kind.told_at_ms = now_ms;
  }
  std::string line = R"({"level":"warn","refused":")";
  line.append(name_of(at)).append(R"(","status":)").append(std::to_string(status));
  write_(line.append(R"(,"count":)").append(std::to_string(count)).append("}\n"));
}

}  // namespace terreno::server
