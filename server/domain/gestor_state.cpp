#include "server/domain/gestor_state.hpp"

#include <algorithm>

namespace terreno::server {

const char* name_of(Freshness freshness) noexcept {
  switch (freshness) {
    case Freshness::Off:
      return "off";
    case Freshness::Fresh:
      return "fresh";
    case Freshness::Late:
      return "late";
    case Freshness::Silent:
      return "silent";
  }
  return "off";
}

bool on_shift(const GestorStatus& status) noexcept {
  return status.shift_started_at_ms.has_value() && !status.shift_ended_at_ms.has_value();
}

Freshness freshness_of(const GestorStatus& status, const TenantPolicy& policy, WallMs now_ms) noexcept {
  if (!on_shift(status)) return Freshness::Off;
  WallMs heard_ms = status.last_sync_at_ms.value_or(0);
  // A phone whose clock runs ahead must not look fresh for ever.
  if (status.position) heard_ms = std::max(heard_ms, std::min(status.position->captured_at_ms, now_ms));
  const std::int64_t age_ms = now_ms - heard_ms;
  const std::int64_t interval_ms = std::int64_t{policy.sync_interval_s} * 1000;
  if (age_ms < interval_ms * 3 / 2 + 120'000) return Freshness::Fresh;
  if (age_ms < interval_ms * 3 + 300'000) return Freshness::Late;
  return Freshness::Silent;
}

}  // namespace terreno::server
