#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/model/work.hpp"

namespace terreno {

// What the journal records. Each is immutable once appended; its number below is on the wire and stays.

struct ShiftStarted {
  Uuid shift_id;
  WallMs at_ms = 0;
  bool operator==(const ShiftStarted&) const = default;
};

struct ShiftEnded {
  Uuid shift_id;
  WallMs at_ms = 0;
  bool operator==(const ShiftEnded&) const = default;
};

/// Some minutes of fixes and battery samples of one shift, as core/geo's track codec packed them.
struct TrackChunk {
  Uuid shift_id;
  WallMs from_ms = 0;  ///< first sample
  WallMs to_ms = 0;    ///< last sample
  std::uint32_t fix_count = 0;
  std::uint32_t battery_count = 0;
  Bytes packed;
  bool operator==(const TrackChunk&) const = default;
};

/// What the questionnaire saw beside the answers, so that the server can run it again.
struct FormContextRecord {
  WallMs now_ms = 0;
  std::int32_t utc_offset_minutes = 0;
  std::uint64_t random_seed = 0;
  /// The case's data by name as they were then. A finished visit keeps those that its questionnaire may read:
  /// the office may have changed the case before the visit arrives.
  std::map<std::string, std::string> prefill;
  bool operator==(const FormContextRecord&) const = default;
};

struct VisitFinished {
  Uuid visit_id;
  Uuid case_id;
  Uuid shift_id;
  Purpose purpose = Purpose::Collection;
  WallMs arrived_at_ms = 0;
  WallMs finished_at_ms = 0;
  std::uint64_t boot_id = 0;
  MonoMs arrived_mono_ms = 0;
  MonoMs finished_mono_ms = 0;
  Platform platform = Platform::Android;
  Fence fence;                     ///< the place as the phone knew it
  std::vector<Fix> arrival_fixes;  ///< what the gate saw, oldest first
  LocationVerdict verdict;
  std::string form_id;
  std::string form_version;
  FormContextRecord form_context;
  std::vector<FormAnswer> answers;
  Outcome outcome;
  std::vector<EvidenceRef> evidence;
  std::optional<std::uint8_t> battery_percent;
  bool operator==(const VisitFinished&) const = default;
};

/// A visit that was begun and given up, or that the gate did not let begin.
struct VisitCancelled {
  Uuid visit_id;
  Uuid case_id;
  Uuid shift_id;
  WallMs arrived_at_ms = 0;
  WallMs cancelled_at_ms = 0;
  std::string reason;       ///< what the gestor gave
  LocationVerdict verdict;  ///< the gate's last answer
  bool operator==(const VisitCancelled&) const = default;
};

/// Alternatives stand in the order of EntryKind.
using EntryBody = std::variant<ShiftStarted, ShiftEnded, TrackChunk, VisitFinished, VisitCancelled>;

enum class EntryKind : std::uint8_t {
  ShiftStarted = 0,
  ShiftEnded = 1,
  TrackChunk = 2,
  VisitFinished = 3,
  VisitCancelled = 4
};

/// One link of a phone's chain. hash = SHA-256(previous hash ‖ the other fields, as core/codec/chain.hpp
/// lays out).
struct JournalEntry {
  std::uint32_t epoch = 0;  ///< given by the server; grows after a restore or a clone
  std::uint64_t seq = 0;    ///< 1, 2, 3... without gaps in an epoch
  EntryKind kind = EntryKind::ShiftStarted;
  std::uint16_t version = 1;  ///< of the payload's layout
  WallMs wall_ms = 0;
  MonoMs mono_ms = 0;
  std::uint64_t boot_id = 0;
  Bytes payload;  ///< core/codec's bytes of the EntryBody
  bool operator==(const JournalEntry&) const = default;
};

/// Position in a chain and the hash there; seq 0 with a zero hash is the start of an epoch.
struct ChainHead {
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;
  Sha256 hash{};
  bool operator==(const ChainHead&) const = default;
};

}  // namespace terreno
