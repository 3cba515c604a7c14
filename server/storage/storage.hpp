#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "server/domain/form_use.hpp"
#include "server/domain/records.hpp"

namespace terreno::server {

/// Half-open span of wall time.
struct Period {
  WallMs from_ms = 0;
  WallMs to_ms = 0;
};

struct CaseFilter {
  std::optional<CaseState> state;
  std::optional<Uuid> gestor_id;
  std::string text;           ///< words that must stand in key, name or address, whatever case and accents
  std::uint32_t limit = 100;  ///< 1..5000
  std::uint32_t offset = 0;
};

struct CasePage {
  std::vector<CaseRecord> cases;
  std::uint64_t total = 0;
};

struct VisitFilter {
  Period period;  ///< of finished_at_ms
  std::optional<Uuid> gestor_id;
  std::optional<Uuid> case_id;
  std::uint32_t limit = 200;  ///< 1..5000
  std::uint32_t offset = 0;
};

/// Visits whose questionnaire was filled, in the order of their finishing.
struct AnsweredFilter {
  std::string form_id;
  std::optional<std::string> version;  ///< nothing: every version
  Period period;                       ///< of finished_at_ms
  std::uint32_t limit = 500;           ///< 1..5000
};

/// Where a page of answered visits ended.
struct AnsweredCursor {
  WallMs finished_at_ms = std::numeric_limits<WallMs>::min();
  std::int64_t number = 0;
};

struct AnsweredVisit {
  VisitFinished visit;
  LocationVerdict server_verdict;
  std::vector<Mark> marks;
  std::string case_key;  ///< empty: the tenant has no such case
  std::string gestor_name;
};

struct AnsweredPage {
  std::vector<AnsweredVisit> visits;
  AnsweredCursor cursor;
  bool more = false;
};

/// What became of a journal entry that a phone sent.
enum class EntryOutcome : std::uint8_t { Applied = 0, Quarantined = 1, Duplicate = 2 };
inline constexpr std::size_t kEntryKinds = 5;
inline constexpr std::size_t kEntryOutcomes = 3;

/// Entries by kind and outcome; the last row takes kinds that this server does not know.
struct EntryCounts {
  std::array<std::array<std::uint64_t, kEntryOutcomes>, kEntryKinds + 1> of{};

  void add(EntryKind kind, EntryOutcome outcome) {
    ++of[std::min(static_cast<std::size_t>(kind), kEntryKinds)][static_cast<std::size_t>(outcome)];
  }
};

/// What a committed batch changed, for the live screens.
struct BatchEffects {
  ChainHead head;  ///< what the server holds now, durably
  std::vector<Quarantined> quarantined;
  std::vector<Uuid> new_visits;
  std::vector<Uuid> changed_cases;
  std::optional<Fix> position;  ///< when newer than what was known
  std::optional<BatterySample> battery;
  bool shift_changed = false;
  EntryCounts entries;
};

struct ChangePage {
  std::vector<Change> changes;
  std::uint64_t cursor = 0;
  bool more = false;
};

/// What every sync of a tenant needs; immutable, shared until the tenant changes it.
struct TenantView {
  Uuid id;
  TenantPolicy policy;
  std::map<std::string, OutcomeDefinition, std::less<>> outcomes;  ///< by code
};

struct ImportCounts {
  std::uint32_t added = 0;
  std::uint32_t updated = 0;
  std::uint32_t unchanged = 0;
};

/// Since the start; for the metrics.
struct StorageCounters {
  std::uint64_t commits = 0;  ///< durable ones
  std::uint64_t writes = 0;   ///< that they carried: many share a commit
  std::uint64_t failed = 0;   ///< writes that were rolled back
  std::uint64_t queued = 0;   ///< waiting now
  EntryCounts entries;
  std::uint64_t forks = 0;  ///< batches that did not continue what is held
};

/// All tenants together, at one moment; for the metrics.
struct FleetCounts {
  std::uint64_t devices = 0;  ///< enrolled and in service
  std::uint64_t devices_revoked = 0;
  std::uint64_t gestores = 0;  ///< active users of the role
  std::uint64_t on_shift = 0;
  std::uint64_t heard_within_15_min = 0;  ///< gestores whose phone synced
  std::uint64_t heard_within_1_h = 0;
  std::uint64_t heard_within_24_h = 0;
  std::uint64_t quarantined = 0;  ///< entries that wait for people
};

/// Two stamps of a gestor's track over one period are equal only while nothing was added to it.
struct TrackStamp {
  std::uint64_t chunks = 0;
  std::uint64_t newest = 0;
  bool operator==(const TrackStamp&) const = default;
};

/// The server's memory, in the domain's verbs. Safe from any thread. Every call names its tenant, and nothing
/// of another tenant is ever read or written by it. Writes return after they are durable. Throws
/// Error{Io|DiskFull|...}.
class Storage {
 public:
  virtual ~Storage() = default;

  // --- tenants, users, credentials
  // -------------------------------------------------------------------------------
  virtual void add_tenant(const Tenant& tenant) = 0;
  virtual std::optional<Tenant> find_tenant(const Uuid& tenant_id) = 0;
  virtual std::vector<Tenant> tenants() = 0;
  /// Null when there is no such tenant. Cheap: kept in memory.
  virtual std::shared_ptr<const TenantView> tenant_view(const Uuid& tenant_id) = 0;
  virtual void set_policy(const Uuid& tenant_id, const TenantPolicy& policy) = 0;
  virtual void set_outcomes(const Uuid& tenant_id, const OutcomeCatalogue& catalogue) = 0;
  virtual OutcomeCatalogue outcomes(const Uuid& tenant_id) = 0;
  /// AlreadyExists when the login is taken.
  virtual Result<void> add_user(const User& user) = 0;
  virtual std::optional<User> find_user_by_login(std::string_view login) = 0;
  virtual std::optional<User> find_user(const Uuid& tenant_id, const Uuid& user_id) = 0;
  virtual std::vector<User> users(const Uuid& tenant_id) = 0;
  /// Deactivating ends every session and revokes every device of the user.
  virtual void set_user_active(const Uuid& tenant_id, const Uuid& user_id, bool active) = 0;
  /// Ends every session of the user.
  virtual void set_password(const Uuid& tenant_id, const Uuid& user_id, const std::string& password_hash) = 0;
  virtual void add_session(const Session& session) = 0;
  virtual std::optional<Session> find_session(const Sha256& token_hash) = 0;
  virtual void touch_session(const Sha256& token_hash, WallMs used_at_ms) = 0;
  virtual void remove_session(const Sha256& token_hash) = 0;
  virtual void add_enrolment_code(const EnrolmentCode& code) = 0;
  /// Uses the code up and adds the device in one transaction. NotFound when it is unknown, used or expired.
  virtual Result<Device> enrol_device(const Sha256& code_hash, const Sha256& token_hash, const Device& device,
                                      WallMs now_ms) = 0;
  virtual std::optional<Device> find_device(const Sha256& token_hash) = 0;
  /// Whose batch it is that comes, from memory; null when the token is unknown. `head` and `revoked` may be
  /// those of an earlier moment: apply_batch() knows the present ones and refuses a phone that was revoked.
  virtual std::shared_ptr<const Device> syncing_device(const Sha256& token_hash) = 0;

  // --- forms and cases
  // -------------------------------------------------------------------------------------------
  /// Keeps every version. AlreadyExists when the same version has other content; storing the same again only
  /// applies it, when the addition says so.
  virtual Result<void> add_form(const Uuid& tenant_id, const FormVersion& form,
                                const FormAddition& addition = {}) = 0;
  /// Phones fill this version of its form from their next sync. NotFound.
  virtual Result<void> apply_form(const Uuid& tenant_id, std::string_view form_id,
                                  std::string_view version) = 0;
  /// Every version, by form and newest first; also those that visits name and the server never had.
  virtual std::vector<FormRecord> forms(const Uuid& tenant_id) = 0;
  /// Nothing when there is no such version or its author's file was not kept.
  virtual std::optional<FormSource> form_source(const Uuid& tenant_id, std::string_view form_id,
                                                std::string_view version) = 0;
  virtual FormUses form_uses(const Uuid& tenant_id) = 0;
  /// Cases that come from now on get this form, and those that are not cancelled and had the former one of
  /// this use get it too. Returns how many; NotFound when no version of the form is held.
  virtual Result<std::uint32_t> set_form_use(const Uuid& tenant_id, FormUse use, std::string_view form_id,
                                             WallMs now_ms) = 0;
  /// Every form of which the tenant has a version, by id.
  virtual std::set<std::string, std::less<>> form_ids(const Uuid& tenant_id) = 0;
  virtual std::optional<FormVersion> find_form(const Uuid& tenant_id, std::string_view form_id,
                                               std::string_view version) = 0;
  /// Adds and updates by key, all or nothing; what is the same stays untouched, its revision too.
  virtual ImportCounts import_cases(const Uuid& tenant_id, const std::vector<CaseImport>& cases,
                                    WallMs now_ms) = 0;
  virtual std::optional<CaseRecord> find_case(const Uuid& tenant_id, const Uuid& case_id) = 0;
  virtual CasePage cases(const Uuid& tenant_id, const CaseFilter& filter) = 0;
  virtual Result<void> assign_case(const Uuid& tenant_id, const Uuid& case_id, const Uuid& gestor_id,
                                   WallMs now_ms) = 0;

  /// Whether the case is or ever was this gestor's.
  virtual bool had_case(const Uuid& tenant_id, const Uuid& gestor_id, const Uuid& case_id) = 0;

  // --- sync
  // ------------------------------------------------------------------------------------------------------
  /// Writes a verified batch behind the device's head, exactly once: entries that are held already (same
  /// hash) are passed over. ChainFork when the batch does not continue what is held. Many batches share one
  /// commit; `done` is called after the commit that made this one durable, with the effects or with the
  /// error, from a thread that may use the storage (the caller's own when too many writes wait). It must not
  /// throw.
  virtual void apply_batch(PreparedBatch batch, std::function<void(Result<BatchEffects>)> done) = 0;
  /// Opens a new epoch, above `phone_epoch`, for a device whose chain forked; what it sent under the old ones
  /// is kept. One that was opened and not used yet is given again: the phone may not have heard of it.
  virtual std::uint32_t open_epoch(const Uuid& tenant_id, const Uuid& device_id,
                                   std::uint32_t phone_epoch) = 0;
  virtual ChangePage changes_after(const Uuid& tenant_id, const Uuid& gestor_id, std::uint64_t cursor,
                                   std::size_t max_bytes) = 0;

  // --- evidence
  // --------------------------------------------------------------------------------------------------
  virtual std::optional<EvidenceRecord> find_evidence(const Uuid& tenant_id, const Sha256& sha256) = 0;
  virtual void set_evidence_progress(const Uuid& tenant_id, const Sha256& sha256, EvidenceState state,
                                     std::uint64_t received_bytes) = 0;
  virtual std::vector<EvidenceRecord> evidence_of_visit(const Uuid& tenant_id, const Uuid& visit_id) = 0;

  // --- what supervisors see
  // --------------------------------------------------------------------------------------
  /// Everybody who is or was a gestor, by name.
  virtual std::vector<GestorStatus> gestores(const Uuid& tenant_id, const Period& today) = 0;
  virtual std::vector<Fix> track(const Uuid& tenant_id, const Uuid& gestor_id, const Period& period) = 0;
  /// Of every gestor with fixes in the period; costs no unpacking.
  virtual std::map<Uuid, TrackStamp> track_stamps(const Uuid& tenant_id, const Period& period) = 0;
  virtual std::vector<BatterySample> battery(const Uuid& tenant_id, const Uuid& gestor_id,
                                             const Period& period) = 0;
  virtual std::vector<VisitRecord> visits(const Uuid& tenant_id, const VisitFilter& filter) = 0;
  virtual std::optional<VisitRecord> find_visit(const Uuid& tenant_id, const Uuid& visit_id) = 0;
  /// The page behind `after`; the first behind a cursor just made.
  virtual AnsweredPage answered_visits(const Uuid& tenant_id, const AnsweredFilter& filter,
                                       const AnsweredCursor& after) = 0;
  virtual std::vector<CancelledVisitRecord> cancelled_visits(const Uuid& tenant_id,
                                                             const VisitFilter& filter) = 0;
  virtual std::uint64_t quarantined_count(const Uuid& tenant_id) = 0;
  /// Newest first; `limit` 1..5000.
  virtual std::vector<QuarantinedEntry> quarantined(const Uuid& tenant_id, std::uint32_t limit,
                                                    std::uint32_t offset) = 0;

  // --- operation
  // -------------------------------------------------------------------------------------------------
  /// The server's own Ed25519 key that signs receipts; made at first use.
  virtual KeyPair server_key() = 0;
  virtual StorageCounters counters() const = 0;
  virtual FleetCounts fleet(WallMs now_ms) = 0;
  /// One read and one durable write; throws when either fails. For /readyz.
  virtual void probe() = 0;
};

struct SqliteOptions {
  std::string path;
  std::uint32_t readers = 4;         ///< connections of the read pool
  std::uint32_t answer_threads = 2;  ///< that tell of committed batches
  std::size_t max_queued = 1024;     ///< writes that may wait; Unavailable beyond
  std::uint64_t max_bytes = 0;  ///< ceiling of the database file, DiskFull beyond; 0: what the disk holds
};

/// The embedded engine: SQLite in WAL, synchronous FULL, one writer thread that commits all that has queued
/// at once.
std::unique_ptr<Storage> open_sqlite_storage(const SqliteOptions& options);

}  // namespace terreno::server
