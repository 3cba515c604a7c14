#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"

namespace terreno {

enum class SyncTrouble : std::uint8_t {
  None = 0,
  Offline = 1,        ///< no connection; retried by itself
  ServerBusy = 2,     ///< 408, 429, 5xx; retried by itself
  NotOurServer = 3,   ///< an answer that no Terreno server gives: a captive portal
  Rejected = 4,       ///< the credential was refused: a new code enrols the phone again
  UpgradeNeeded = 5,  ///< this version is too old for the server
  Refused = 6         ///< our server does not take what this phone sends: a person must look
};

struct SyncStatus {
  std::uint64_t pending_entries = 0;  ///< journal entries that the server has not confirmed
  std::uint64_t pending_visits = 0;   ///< among them, finished visits
  std::uint64_t pending_files = 0;
  std::uint64_t pending_file_bytes = 0;
  std::uint64_t files_set_aside = 0;  ///< the server will never take them; a person must look
  std::optional<WallMs> last_success_at_ms;
  SyncTrouble trouble = SyncTrouble::None;
  std::string trouble_text;  ///< for the gestor, in the phone's language; empty when all is well
  std::optional<WallMs> next_attempt_at_ms;
  std::vector<std::uint64_t> quarantined;  ///< seq of entries that the server keeps but could not apply
  bool in_flight = false;
};

}  // namespace terreno
