#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/model/entries.hpp"
#include "core/model/work.hpp"

namespace terreno {

// What the phone's database hands out: plain data, one struct per thing that is kept.

/// Who this phone is, once enrolled.
struct Identity {
  Uuid device_id;
  KeyPair keys;          ///< the phone's own; the secret half never leaves the database
  std::string token;     ///< bearer credential for the server
  PublicKey server_key;  ///< verifies receipts
  Uuid gestor_id;
  std::string gestor_name;
};

/// What the server has not confirmed yet.
struct PendingCounts {
  std::uint64_t entries = 0;
  std::uint64_t urgent_entries = 0;  ///< among them, those that are no track chunk: a sync is due at once
  std::uint64_t visits = 0;          ///< among them, finished visits
  std::uint64_t files = 0;           ///< of finished visits, not wholly sent; without those set aside
  std::uint64_t file_bytes = 0;      ///< still to be sent
  std::uint64_t files_set_aside = 0;
};

/// An evidence file that waits for upload.
struct FileToSend {
  EvidenceRef file;
  Uuid visit_id;
  std::uint64_t offset = 0;  ///< bytes that the server has said it holds
  std::string upload_url;    ///< where an upload that was begun goes on; empty before
};

/// A filter of the case list. Every word must stand in key, name or address; words are folded by fold_text().
struct CaseFilter {
  std::vector<std::string> words;
  bool include_closed = false;
};

/// What ordering by distance needs of a case.
struct CasePin {
  std::int64_t row = 0;  ///< of the database; valid until the next change
  GeoPoint point;
};

struct CaseRecord {
  Case item;
  std::uint32_t visits = 0;  ///< finished on this phone
};

struct ShiftRecord {
  Uuid id;
  WallMs started_at_ms = 0;
  std::uint64_t fixes = 0;
};

/// The part of a shift's track that is not sealed into the journal yet, oldest first.
struct TrackTail {
  std::vector<Fix> fixes;
  std::vector<BatterySample> battery;
};

struct TailSize {
  std::size_t fixes = 0;
  std::size_t battery = 0;
};

/// A visit under way. Its VisitFinished grows in place: what is known at arrival, then the gate's fixes and
/// verdict, then form and context; answers are kept apart, one row each.
struct VisitDraft {
  VisitFinished visit;
  Case item;               ///< the case as it was at arrival; stays even when the case is taken away
  bool answering = false;  ///< the form is open, verdict and fixes are frozen
};

enum class DeliveryState : std::uint8_t { Pending = 0, Confirmed = 1, Quarantined = 2 };

struct FinishedVisitRecord {
  Uuid id;
  Uuid case_id;
  WallMs finished_at_ms = 0;
  std::string outcome_code;
  DeliveryState delivery = DeliveryState::Pending;
  std::uint32_t files_pending = 0;
};

}  // namespace terreno
