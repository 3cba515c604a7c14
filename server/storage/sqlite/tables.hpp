#pragma once

#include "server/storage/sqlite/connection.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server::sqlite {

// The SQL of each verb, over one connection. Those that write run inside the writer's transaction, the others
// on a reader's snapshot.

// --- identities.cpp
void add_tenant(Connection& connection, const Tenant& tenant);
std::optional<Tenant> find_tenant(Connection& connection, const Uuid& tenant_id);
std::vector<Tenant> tenants(Connection& connection);
std::shared_ptr<const TenantView> load_view(Connection& connection, const Uuid& tenant_id);
OutcomeCatalogue outcomes(Connection& connection, const Uuid& tenant_id);
void set_policy(Connection& connection, const Uuid& tenant_id, const TenantPolicy& policy);
void set_outcomes(Connection& connection, const Uuid& tenant_id, const OutcomeCatalogue& catalogue);
Result<void> add_user(Connection& connection, const User& user);
std::optional<User> find_user_by_login(Connection& connection, std::string_view login);
std::optional<User> find_user(Connection& connection, const Uuid& tenant_id, const Uuid& user_id);
std::vector<User> users(Connection& connection, const Uuid& tenant_id);
void set_user_active(Connection& connection, const Uuid& tenant_id, const Uuid& user_id, bool active);
void set_password(Connection& connection, const Uuid& tenant_id, const Uuid& user_id,
                  const std::string& hash);

// --- credentials.cpp
void add_session(Connection& connection, const Session& session);
std::optional<Session> find_session(Connection& connection, const Sha256& token_hash);
void touch_session(Connection& connection, const Sha256& token_hash, WallMs used_at_ms);
void remove_session(Connection& connection, const Sha256& token_hash);
void add_enrolment_code(Connection& connection, const EnrolmentCode& code);
Result<Device> enrol_device(Connection& connection, const Sha256& code_hash, const Sha256& token_hash,
                            const Device& device, WallMs now_ms);
std::optional<Device> find_device(Connection& connection, const Sha256& token_hash);
KeyPair load_or_make_server_key(Connection& connection);

// --- forms.cpp
Result<void> add_form(Connection& connection, const Uuid& tenant_id, const FormVersion& form,
                      const FormAddition& addition);
Result<void> apply_form(Connection& connection, const Uuid& tenant_id, std::string_view form_id,
                        std::string_view version);
std::vector<FormRecord> forms(Connection& connection, const Uuid& tenant_id);
std::optional<FormSource> form_source(Connection& connection, const Uuid& tenant_id, std::string_view form_id,
                                      std::string_view version);
std::set<std::string, std::less<>> form_ids(Connection& connection, const Uuid& tenant_id);
std::optional<FormVersion> find_form(Connection& connection, const Uuid& tenant_id, std::string_view form_id,
                                     std::string_view version);
FormUses form_uses(Connection& connection, const Uuid& tenant_id);

// --- visit_forms.cpp
/// Counts a visit under its form's version and returns that one's key; nothing for a visit without a form.
std::optional<std::int64_t> count_visit_form(Connection& connection, std::int64_t tenant_key,
                                             const VisitFinished& visit);
/// For the migration: the same for every visit that is held.
void fill_visit_forms(Connection& connection);
AnsweredPage answered_visits(Connection& connection, const Uuid& tenant_id, const AnsweredFilter& filter,
                             const AnsweredCursor& after);

// --- work.cpp
Result<std::uint32_t> set_form_use(Connection& connection, const Uuid& tenant_id, FormUse use,
                                   std::string_view form_id, WallMs now_ms);
ImportCounts import_cases(Connection& connection, const Uuid& tenant_id, const std::vector<CaseImport>& cases,
                          WallMs now_ms);
std::optional<CaseRecord> find_case(Connection& connection, const Uuid& tenant_id, const Uuid& case_id);
CasePage cases(Connection& connection, const Uuid& tenant_id, const CaseFilter& filter);
Result<void> assign_case(Connection& connection, const Uuid& tenant_id, const Uuid& case_id,
                         const Uuid& gestor_id, WallMs now_ms);
bool had_case(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id, const Uuid& case_id);

// --- feed.cpp
enum class FeedKind : std::uint8_t { Case = 0, Form = 1, Outcomes = 2, Policy = 3 };
inline constexpr std::int64_t kEveryGestor = 0;
struct FeedItem {
  std::int64_t tenant_key;
  std::int64_t user_key;  ///< kEveryGestor: all of the tenant's
  FeedKind kind;
  std::int64_t object_key = 0;
};
/// Takes the next number of the tenant's feed.
std::int64_t next_revision(Connection& connection, std::int64_t tenant_key);
/// Moves the item to a new revision of the tenant's feed and returns it.
std::int64_t announce(Connection& connection, const FeedItem& item);
/// The same as a tombstone.
std::int64_t announce_removal(Connection& connection, const FeedItem& item);
ChangePage changes_after(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id,
                         std::uint64_t cursor, std::size_t max_bytes);

// --- batches.cpp
/// ChainFork comes back as a value: what forked is kept all the same.
Result<BatchEffects> apply_batch(Connection& connection, const PreparedBatch& batch);
std::uint32_t open_epoch(Connection& connection, const Uuid& tenant_id, const Uuid& device_id,
                         std::uint32_t phone_epoch);

// --- visits.cpp
std::vector<VisitRecord> visits(Connection& connection, const Uuid& tenant_id, const VisitFilter& filter);
std::optional<VisitRecord> find_visit(Connection& connection, const Uuid& tenant_id, const Uuid& visit_id);
std::vector<CancelledVisitRecord> cancelled_visits(Connection& connection, const Uuid& tenant_id,
                                                   const VisitFilter& filter);
std::vector<Mark> marks_of(Connection& connection, std::int64_t entry_key);
/// A stored visit; it decoded once, so a failure now is the disk's (thrown).
VisitFinished stored_visit(std::uint16_t version, ByteView payload);
/// The server's verdict from eight columns of the visit's row, server_answer first.
LocationVerdict stored_verdict(const Query& row, int first_column);
std::uint64_t quarantined_count(Connection& connection, const Uuid& tenant_id);
std::vector<QuarantinedEntry> quarantined(Connection& connection, const Uuid& tenant_id, std::uint32_t limit,
                                          std::uint32_t offset);
std::optional<EvidenceRecord> find_evidence(Connection& connection, const Uuid& tenant_id,
                                            const Sha256& sha256);
void set_evidence_progress(Connection& connection, const Uuid& tenant_id, const Sha256& sha256,
                           EvidenceState state, std::uint64_t received_bytes);
std::vector<EvidenceRecord> evidence_of_visit(Connection& connection, const Uuid& tenant_id,
                                              const Uuid& visit_id);

// --- gestores.cpp
std::vector<GestorStatus> gestores(Connection& connection, const Uuid& tenant_id, const Period& today);
std::vector<Fix> track(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id,
                       const Period& period);
std::map<Uuid, TrackStamp> track_stamps(Connection& connection, const Uuid& tenant_id, const Period& period);
FleetCounts fleet(Connection& connection, WallMs now_ms);
std::vector<BatterySample> battery(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id,
                                   const Period& period);

// --- keys.cpp: small integer keys of what the verbs name by uuid
/// NotFound (thrown) when there is no such tenant.
std::int64_t tenant_key_of(Connection& connection, const Uuid& tenant_id);
/// Nothing when the tenant has no such user.
std::optional<std::int64_t> user_key_of(Connection& connection, const Uuid& tenant_id, const Uuid& user_id);

/// `limit` and `offset` of a filter, brought into their range.
std::uint32_t bounded_limit(std::uint32_t limit) noexcept;

}  // namespace terreno::server::sqlite
