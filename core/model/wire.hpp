#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/entries.hpp"

namespace terreno {

// The messages between phone and server; schema/wire.md explains them, core/codec gives their bytes.

struct EnrolRequest {
  std::string code;  ///< one-time, as the supervisor read it out; case and hyphens do not matter
  PublicKey public_key{};
  Platform platform = Platform::Android;
  std::string device_name;  ///< model, for the supervisor
  std::string app_version;
  bool operator==(const EnrolRequest&) const = default;
};

struct EnrolResponse {
  Uuid device_id;
  std::string token;        ///< bearer credential of the phone
  PublicKey server_key{};   ///< signs receipts
  std::uint32_t epoch = 1;  ///< the first epoch of this phone's journal
  Uuid gestor_id;
  std::string gestor_name;
  TenantPolicy policy;
  WallMs server_time_ms = 0;
  bool operator==(const EnrolResponse&) const = default;
};

struct SyncRequest {
  ChainHead base;                     ///< what the first entry follows; the head itself when there are none
  std::vector<JournalEntry> entries;  ///< in order, without gaps, all of base.epoch
  Signature head_signature{};         ///< over the head after the last entry: see core/codec/chain.hpp
  std::uint64_t cursor = 0;           ///< last change the phone has applied
  WallMs phone_time_ms = 0;           ///< wall clock when the request was made
  bool operator==(const SyncRequest&) const = default;
};

/// An entry that the server keeps but cannot apply; it never blocks what follows.
struct Quarantined {
  std::uint64_t seq = 0;
  ErrorCode code = ErrorCode::Internal;
  bool operator==(const Quarantined&) const = default;
};

/// The server's signed word that it holds the chain up to `head`, durably.
struct Receipt {
  ChainHead head;
  WallMs server_time_ms = 0;
  Signature signature{};
  bool operator==(const Receipt&) const = default;
};

struct CaseRemoved {
  Uuid case_id;
  bool operator==(const CaseRemoved&) const = default;
};

/// Replaces the whole catalogue.
struct OutcomeCatalogue {
  std::vector<OutcomeDefinition> outcomes;
  bool operator==(const OutcomeCatalogue&) const = default;
};

/// What comes down to a phone. Alternatives' order is on the wire and stays.
using Change = std::variant<Case, CaseRemoved, FormVersion, OutcomeCatalogue, TenantPolicy>;

struct SyncResponse {
  Receipt receipt;
  std::vector<Quarantined> quarantined;
  std::vector<Change> changes;
  std::uint64_t cursor = 0;  ///< to send next time
  bool more = false;         ///< further changes wait: ask again at once
  /// Set when the phone's chain is not the one the server holds: the phone opens this epoch and sends its
  /// entries anew.
  std::optional<std::uint32_t> new_epoch;
  bool operator==(const SyncResponse&) const = default;
};

}  // namespace terreno
