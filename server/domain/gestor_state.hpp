#pragma once

#include "server/domain/records.hpp"

namespace terreno::server {

/// How current the live screen's picture of a gestor is.
enum class Freshness : std::uint8_t { Off = 0, Fresh = 1, Late = 2, Silent = 3 };
/// What a supervisor lacks of a gestor who is not fresh.
enum class Lacking : std::uint8_t {
  Nothing = 0,
  Contact = 1,   ///< the phone has not been heard: no network, no battery, switched off
  Position = 2,  ///< the phone is heard and does not say where it is: location off or forbidden, no sky
};

struct LiveState {
  Freshness freshness = Freshness::Off;
  Lacking lacking = Lacking::Nothing;
  bool operator==(const LiveState&) const = default;
};

/// "off", "fresh", "late", "silent".
const char* name_of(Freshness freshness) noexcept;
/// "contact", "position"; null for Nothing.
const char* name_of(Lacking lacking) noexcept;

bool on_shift(const GestorStatus& status) noexcept;

/// Off without an open shift. Within one, a supervisor counts on both: that the phone is heard and that it
/// says where the gestor is; the worse of the two decides, and what is missing longer is named.
/// Contact is Fresh under one and a half sync intervals and two minutes, Late under three and five minutes,
/// Silent beyond. The last fix, or the shift's start before the first, may be older by the time that a chunk
/// of track stays open on the phone.
LiveState live_state_of(const GestorStatus& status, const TenantPolicy& policy, WallMs now_ms) noexcept;

}  // namespace terreno::server
