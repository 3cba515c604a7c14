#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/wire.hpp"

namespace terreno::server {

// What the server keeps beside the core's model. A tenant's id comes from a credential, never from a body.

enum class Role : std::uint8_t { Gestor = 0, Supervisor = 1, Analyst = 2, Admin = 3 };

struct Tenant {
  Uuid id;
  std::string name;
  TenantPolicy policy;
};

/// Who acts, as a credential told.
struct Principal {
  Uuid tenant_id;
  Uuid user_id;
  Role role = Role::Gestor;
};

struct User {
  Uuid id;
  Uuid tenant_id;
  std::string login;  ///< unique on the server, lower case
  std::string name;
  Role role = Role::Gestor;
  std::string password_hash;  ///< Argon2id; empty: cannot log in to the console
  bool active = true;
};

struct Session {
  Sha256 token_hash{};
  Uuid user_id;
  WallMs created_at_ms = 0;
  WallMs last_used_at_ms = 0;
  WallMs expires_at_ms = 0;
  Uuid tenant_id;  ///< of the user, when found; not needed to add one
};

struct EnrolmentCode {
  Sha256 code_hash{};  ///< of the code in upper case without hyphens
  Uuid tenant_id;
  Uuid gestor_id;
  WallMs expires_at_ms = 0;
};

struct Device {
  Uuid id;
  Uuid tenant_id;
  Uuid gestor_id;
  std::string gestor_name;
  PublicKey public_key{};
  Platform platform = Platform::Android;
  std::string name;
  std::string app_version;
  ChainHead head;  ///< the last link that the server holds
  bool revoked = false;
};

/// A case as the tenant sees it: the phone's part and whose it is.
struct CaseRecord {
  Case item;
  Uuid gestor_id;  ///< nil: not assigned
  std::uint64_t revision = 0;
  WallMs updated_at_ms = 0;
  std::optional<WallMs> last_visit_at_ms;
};

/// A case as a file or another system gives it.
struct CaseImport {
  /// The key decides: id is ignored. Of the state only Cancelled counts: it takes the case back, and another
  /// state opens a cancelled case again.
  Case item;
  std::string gestor_login;  ///< empty: whose the case is stays as it is; a new case is nobody's
};

/// How a questionnaire came to the server.
struct FormAddition {
  WallMs at_ms = 0;
  std::string by;         ///< login of who brought it; empty: the command line
  std::string file_name;  ///< as its author calls it; empty: no file is kept
  Bytes source;           ///< the author's file
  bool apply = true;      ///< phones fill this version from now on
};

/// A version of a questionnaire, as lists show it.
struct FormRecord {
  std::string form_id;
  std::string version;
  std::string title;
  bool held = true;      ///< false: visits were filled under it, but the server never had it
  bool current = false;  ///< the version of its form that phones fill
  std::optional<WallMs> added_at_ms;
  std::string added_by;
  std::string file_name;  ///< empty: the author's file was not kept
  std::uint64_t visits = 0;
  std::optional<WallMs> last_visit_at_ms;
};

struct FormSource {
  std::string file_name;
  Bytes content;
};

/// What reconciliation found to say about a visit; each code has a text in the console's catalogue.
struct Mark {
  std::string code;    ///< verdict_differs, form_calculated_differs, case_reassigned, clock_jump, mock_fix...
  std::string detail;  ///< short, for people; no personal data beyond the visit's own
  bool operator==(const Mark&) const = default;
};

/// One thing in which a filled questionnaire differs from what the same core makes of the same answers.
struct AnswerDifference {
  std::string code;  ///< of the mark that counts it: form_calculated_differs, form_not_relevant...
  std::string path;
  std::string submitted;  ///< cut at kMaxDifferenceBytes: the visit holds the whole
  std::string expected;   ///< the server's value, or the form's message; cut as well
  bool operator==(const AnswerDifference&) const = default;
};
inline constexpr std::size_t kMaxDifferences = 500;  ///< recorded of one visit; the marks count all
inline constexpr std::size_t kMaxDifferenceBytes = 2'000;

struct VisitRecord {
  VisitFinished visit;
  Uuid tenant_id;
  Uuid gestor_id;
  Uuid device_id;
  LocationVerdict server_verdict;
  std::vector<Mark> marks;
  std::vector<AnswerDifference> differences;  ///< only of a visit that was asked for by its id
  WallMs received_at_ms = 0;
};

struct CancelledVisitRecord {
  VisitCancelled visit;
  Uuid gestor_id;
  WallMs received_at_ms = 0;
};

/// An entry that is held but could not be applied: people look at it.
struct QuarantinedEntry {
  Uuid gestor_id;
  Uuid device_id;
  std::string device_name;
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;
  EntryKind kind = EntryKind::ShiftStarted;  ///< as the phone says: it may be none that this program knows
  WallMs wall_ms = 0;                        ///< of the phone, when it was written
  WallMs received_at_ms = 0;
  std::uint64_t size = 0;  ///< bytes of the payload
  ErrorCode code = ErrorCode::Internal;
};

enum class EvidenceState : std::uint8_t { Expected = 0, Receiving = 1, Received = 2 };

struct EvidenceRecord {
  EvidenceRef ref;
  EvidenceState state = EvidenceState::Expected;
  std::uint64_t received_bytes = 0;
};

/// A gestor's row on the live screen.
struct GestorStatus {
  Uuid gestor_id;
  std::string name;
  std::optional<WallMs> shift_started_at_ms;
  std::optional<WallMs> shift_ended_at_ms;  ///< later than the start when the last shift is over
  std::optional<Fix> position;
  std::optional<BatterySample> battery;
  std::optional<WallMs> last_sync_at_ms;
  std::uint32_t visits_today = 0;
  std::uint32_t open_cases = 0;
  bool active = true;  ///< false: works here no more, but what was done stays to be seen
};

/// One journal entry checked and interpreted, ready to be written.
struct PreparedEntry {
  JournalEntry entry;
  Sha256 hash{};
  std::optional<EntryBody> body;  ///< nothing: quarantined under `quarantine_code`
  std::optional<ErrorCode> quarantine_code;
  LocationVerdict server_verdict;             ///< VisitFinished only
  std::vector<Mark> marks;                    ///< VisitFinished only
  std::vector<AnswerDifference> differences;  ///< VisitFinished only
  std::optional<CaseState> case_becomes;      ///< VisitFinished whose outcome is known
  std::vector<Fix> fixes;                     ///< TrackChunk only, unpacked
  std::vector<BatterySample> battery;         ///< TrackChunk only
};

struct PreparedBatch {
  Uuid tenant_id;
  Uuid gestor_id;
  Uuid device_id;
  ChainHead base;  ///< head that the entries follow
  ChainHead head;  ///< after the last entry; its signature was verified
  Signature head_signature{};
  std::vector<PreparedEntry> entries;
  WallMs received_at_ms = 0;
};

}  // namespace terreno::server
