#pragma once

#include "server/domain/records.hpp"

namespace terreno::server {

/// How current the live screen's picture of a gestor is.
enum class Freshness : std::uint8_t { Off = 0, Fresh = 1, Late = 2, Silent = 3 };

/// "off", "fresh", "late", "silent".
const char* name_of(Freshness freshness) noexcept;

bool on_shift(const GestorStatus& status) noexcept;

/// Off without an open shift; else by the age of what was heard last, position or sync: Fresh under one and a
/// half sync intervals and two minutes, Late under three and five minutes, Silent beyond.
Freshness freshness_of(const GestorStatus& status, const TenantPolicy& policy, WallMs now_ms) noexcept;

}  // namespace terreno::server
