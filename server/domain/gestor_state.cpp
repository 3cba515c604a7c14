#include "server/domain/gestor_state.hpp"

#include <algorithm>

namespace terreno::server {

namespace {

Freshness by_age(std::int64_t age_ms, const TenantPolicy& policy) noexcept {
  const std::int64_t interval_ms = std::int64_t{policy.sync_interval_s} * 1000;
  if (age_ms < interval_ms * 3 / 2 + 120'000) return Freshness::Fresh;
  if (age_ms < interval_ms * 3 + 300'000) return Freshness::Late;
  return Freshness::Silent;
}

}  // namespace

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

const char* name_of(Lacking lacking) noexcept {
  switch (lacking) {
    case Lacking::Nothing:
      return nullptr;
    case Lacking::Contact:
      return "contact";
    case Lacking::Position:
      return "position";
  }
  return nullptr;
}

bool on_shift(const GestorStatus& status) noexcept {
  return status.shift_started_at_ms.has_value() && !status.shift_ended_at_ms.has_value();
}

LiveState live_state_of(const GestorStatus& status, const TenantPolicy& policy, WallMs now_ms) noexcept {
  if (!on_shift(status)) return {};
  const Freshness contact = by_age(now_ms - status.last_sync_at_ms.value_or(0), policy);
  // A phone whose clock runs ahead must not look fresh for ever.
  WallMs placed_ms = std::min(*status.shift_started_at_ms, now_ms);
  if (status.position) placed_ms = std::max(placed_ms, std::min(status.position->captured_at_ms, now_ms));
  const std::int64_t chunk_ms = std::int64_t{policy.chunk_interval_s} * 1000;
  const Freshness position = by_age(now_ms - placed_ms - chunk_ms, policy);
  if (contact == Freshness::Fresh && position == Freshness::Fresh)
    return {Freshness::Fresh, Lacking::Nothing};
  // A phone that is not heard cannot say where it is either: that is then the cause of both.
  if (contact >= position) return {contact, Lacking::Contact};
  return {position, Lacking::Position};
}

}  // namespace terreno::server
