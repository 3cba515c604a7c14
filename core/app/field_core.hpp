#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/texts.hpp"
#include "core/forms/form_session.hpp"
#include "core/model/entries.hpp"
#include "core/model/work.hpp"
#include "core/sync/exchange.hpp"
#include "core/sync/sync_status.hpp"
#include "core/visit/evidence_intake.hpp"

namespace terreno {

struct OpenOptions {
  std::string database_path;  ///< made when absent
  Platform platform = Platform::Android;
  Language language = Language::Spanish;
  std::string device_name;  ///< model, shown to the supervisor
  std::string app_version;
};

/// Who this phone works for, once enrolled.
struct Enrolment {
  Uuid device_id;
  Uuid gestor_id;
  std::string gestor_name;
  TenantPolicy policy;
};

enum class CaseOrder : std::uint8_t { ByDistance = 0, ByDue = 1 };

struct CaseQuery {
  CaseOrder order = CaseOrder::ByDue;
  std::optional<GeoPoint> near_point;  ///< for ByDistance; without it the last fix serves, without that ByDue
  std::string text;  ///< all of its words must stand in key, name or address, whatever case and accents
  bool include_closed = false;  ///< also cases that are resolved, unlocatable or escalated
  std::uint32_t limit = 100;    ///< 1..1000
  std::uint32_t offset = 0;
};

struct CaseSummary {
  Case item;
  std::optional<double> distance_m;
  std::uint32_t visits = 0;  ///< finished on this phone
};

struct OpenShift {
  Uuid id;
  WallMs started_at_ms = 0;
  std::uint64_t fixes = 0;
};

enum class VisitStage : std::uint8_t { Arrived = 0, Answering = 1 };

struct OpenVisit {
  Uuid id;
  Uuid case_id;
  WallMs arrived_at_ms = 0;
  VisitStage stage = VisitStage::Arrived;
};

/// The gate's answer as a gestor reads it.
struct GateView {
  LocationVerdict verdict;
  bool may_begin = false;  ///< Inside, or Inconclusive where the tenant allows it
  std::string text;        ///< what is the case and the one most useful thing to do
};

struct FormView {
  std::string title;
  std::vector<std::string> languages;
  std::vector<forms::QuestionView> questions;  ///< the relevant ones, in order
  std::vector<forms::AnswerProblem> problems;  ///< what keeps the visit from being finished
};

enum class VisitSync : std::uint8_t { Pending = 0, Confirmed = 1, Quarantined = 2 };

struct FinishedVisit {
  Uuid id;
  Uuid case_id;
  WallMs finished_at_ms = 0;
  std::string outcome_code;
  VisitSync sync = VisitSync::Pending;
  std::uint32_t files_pending = 0;
};

/// The phone core's one face. One object per database file; calls must not overlap (the bridge serialises
/// them). Expected failures come back as Result; a failing disk throws Error. After a throw nothing of the
/// call has happened.
///
/// What a call has confirmed survives the death of the process and of the phone.
class FieldCore {
 public:
  /// Opens or creates the database and brings it to this version's schema. Throws Io or DatabaseMismatch.
  /// `clock` must outlive the object.
  static std::unique_ptr<FieldCore> open(const OpenOptions& options, const Clock& clock);
  ~FieldCore();
  FieldCore(const FieldCore&) = delete;
  FieldCore& operator=(const FieldCore&) = delete;

  // --- enrolment

  std::optional<Enrolment> enrolment() const;
  /// The request to send; the phone's key is made here and kept. AlreadyEnrolled, except when the last sync
  /// was Rejected: a new code then brings the same phone back, with all that it has not sent yet.
  Result<HttpRequest> enrol_request(std::string_view code);
  /// Takes the answer. NotFound: the code is wrong, used or expired; AlreadyEnrolled: it is for another
  /// gestor than the one whose work this phone holds; TooManyRequests; Unavailable; MalformedBytes.
  Result<void> on_enrol_response(const HttpResponse& response);

  // --- cases

  std::vector<CaseSummary> cases(const CaseQuery& query) const;
  Result<Case> find_case(const Uuid& case_id) const;
  std::vector<OutcomeDefinition> outcomes(Purpose purpose) const;

  // --- shift and sensors

  Result<OpenShift> start_shift();
  /// Seals what is open. VisitAlreadyOpen while a visit is; ShiftNotOpen.
  Result<void> end_shift();
  std::optional<OpenShift> shift() const;
  /// Outside a shift nothing is kept: ShiftNotOpen. Fixes that make no sense (NaN, latitude over 90°,
  /// accuracy ≤ 0) are left out. Returns how many were kept.
  Result<std::size_t> add_fixes(std::span<const Fix> fixes);
  Result<void> add_battery(const BatterySample& sample);

  // --- visit

  /// Check-in at a case's place. NotFound, ShiftNotOpen, VisitAlreadyOpen when this case has an open visit.
  Result<OpenVisit> arrive(const Uuid& case_id);
  /// Judges the fixes of the last minutes against the place.
  Result<GateView> check_location(const Uuid& visit_id);
  /// Opens the questionnaire; the verdict is kept as it stands at this moment. GateRefused with the gate's
  /// text.
  Result<FormView> begin_form(const Uuid& visit_id);
  Result<FormView> form(const Uuid& visit_id);
  /// Stores one answer at once. AnswerInvalid with the form's own message.
  Result<FormView> answer(const Uuid& visit_id, std::string_view path, std::string_view value);
  Result<FormView> add_repeat(const Uuid& visit_id, std::string_view path);
  Result<FormView> remove_repeat(const Uuid& visit_id, std::string_view path);
  /// EvidenceInvalid, TooLarge.
  Result<EvidenceRef> attach_evidence(const Uuid& visit_id, const EvidenceInput& input);
  /// What the answers say of the outcome, promise and payment, to be confirmed by the gestor.
  Result<Outcome> suggested_outcome(const Uuid& visit_id);
  /// Ends the visit in one transaction as one journal entry. AnswerInvalid, OutcomeInvalid.
  Result<FinishedVisit> finish_visit(const Uuid& visit_id, const Outcome& outcome);
  /// `reason`: 1..500 bytes.
  Result<void> cancel_visit(const Uuid& visit_id, std::string_view reason);
  std::vector<OpenVisit> open_visits() const;
  /// Newest first.
  std::vector<FinishedVisit> finished_visits(std::uint32_t limit) const;

  // --- sync

  /// The next thing to send now, or nothing when all is done, one is in flight, or the time to retry has not
  /// come. `eager` begins a round at once (a person pulled to refresh, the network came back) whatever the
  /// sync interval says, yet never against the server's Retry-After: pass it for the first request of a round
  /// only, since every eager call begins another.
  std::optional<HttpRequest> next_request(bool eager = false);
  void on_response(const HttpResponse& response);
  void on_failure(NetworkFailure failure);
  SyncStatus sync_status() const;

  void set_language(Language language);
  /// What a person should read when a call has thrown: the disk's failures in the phone's language, anything
  /// else as it was thrown.
  std::string words_for(const Error& thrown) const;

 private:
  struct Parts;
  explicit FieldCore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace terreno
