#include "core/app/field_core.hpp"

#include <algorithm>
#include <utility>

#include "core/app/case_list.hpp"
#include "core/store/device_store.hpp"
#include "core/sync/enrolment.hpp"
#include "core/sync/sync_engine.hpp"
#include "core/tracking/track_recorder.hpp"
#include "core/visit/visit_desk.hpp"

namespace terreno {

struct FieldCore::Parts {
  Parts(OpenOptions options_in, const Clock& clock_in)
      : options(std::move(options_in)),
        clock(clock_in),
        store(options.database_path),
        tracks(store, clock),
        visits(store, clock, options.platform, options.language),
        sync(store, clock, options.language) {}

  OpenOptions options;
  const Clock& clock;
  DeviceStore store;
  TrackRecorder tracks;
  VisitDesk visits;
  SyncEngine sync;
};

namespace {

OpenShift as_open_shift(const ShiftRecord& shift) {
  return OpenShift{shift.id, shift.started_at_ms, shift.fixes};
}

OpenVisit as_open_visit(const VisitDraft& draft) {
  return OpenVisit{draft.visit.visit_id, draft.visit.case_id, draft.visit.arrived_at_ms,
                   draft.answering ? VisitStage::Answering : VisitStage::Arrived};
}

VisitSync as_visit_sync(DeliveryState delivery) {
  switch (delivery) {
    case DeliveryState::Confirmed:
      return VisitSync::Confirmed;
    case DeliveryState::Quarantined:
      return VisitSync::Quarantined;
    case DeliveryState::Pending:
      break;
  }
  return VisitSync::Pending;
}

FinishedVisit as_finished_visit(const FinishedVisitRecord& visit) {
  return FinishedVisit{visit.id,
                       visit.case_id,
                       visit.finished_at_ms,
                       visit.outcome_code,
                       as_visit_sync(visit.delivery),
                       visit.files_pending};
}

Result<FormView> as_form_view(const Result<const forms::FormSession*>& session, Language language) {
  if (!session) return session.error();
  const forms::FormSession& form = **session;
  const std::string_view tag = form_language(language);
  return FormView{form.form().title(), form.form().languages(), form.questions(tag), form.problems(tag)};
}

}  // namespace

std::unique_ptr<FieldCore> FieldCore::open(const OpenOptions& options, const Clock& clock) {
  return std::unique_ptr<FieldCore>(new FieldCore(std::make_unique<Parts>(options, clock)));
}

FieldCore::FieldCore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
FieldCore::~FieldCore() = default;

std::optional<Enrolment> FieldCore::enrolment() const {
  const auto identity = parts_->store.identity();
  if (!identity) return std::nullopt;
  return Enrolment{identity->device_id, identity->gestor_id, identity->gestor_name, parts_->store.policy()};
}

Result<HttpRequest> FieldCore::enrol_request(std::string_view code) {
  DeviceStore& store = parts_->store;
  const auto identity = store.identity();
  if (identity && parts_->sync.status().trouble != SyncTrouble::Rejected) {
    return Error(ErrorCode::AlreadyEnrolled, text(parts_->options.language, "enrol.already"));
  }
  // The key of an attempt whose answer was lost serves again: the server may hold it already. A phone that
  // the server turned away stays the same phone, whose journal is signed with its key.
  std::optional<KeyPair> keys = identity ? std::optional(identity->keys) : store.enrolment_key();
  if (!keys) {
    keys = make_key_pair();
    store.keep_enrolment_key(*keys);
  }
  EnrolRequest message;
  message.code = code;
  message.public_key = keys->public_key;
  message.platform = parts_->options.platform;
  message.device_name = parts_->options.device_name;
  message.app_version = parts_->options.app_version;
  return make_enrol_request(message);
}

Result<void> FieldCore::on_enrol_response(const HttpResponse& response) {
  const Language language = parts_->options.language;
  const auto identity = parts_->store.identity();
  if (identity && parts_->sync.status().trouble != SyncTrouble::Rejected) {
    return Error(ErrorCode::AlreadyEnrolled, text(language, "enrol.already"));
  }
  if (!identity && !parts_->store.enrolment_key()) {
    return Error(ErrorCode::InvalidArgument, "an answer to an enrolment that this phone never asked for");
  }
  const auto answer = read_enrol_response(response, language);
  if (!answer) return answer.error();
  if (answer->epoch == 0) return Error(ErrorCode::MalformedBytes, "the server gave no epoch for the journal");
  if (!identity) {
    parts_->store.enrol(*answer);
    return {};
  }
  if (answer->device_id != identity->device_id || answer->gestor_id != identity->gestor_id ||
      answer->server_key != identity->server_key) {
    return Error(ErrorCode::AlreadyEnrolled,
                 text(language, "enrol.another", {{"gestor", identity->gestor_name}}));
  }
  parts_->store.renew_credential(*answer);
  parts_->sync.credential_renewed();
  return {};
}

std::vector<CaseSummary> FieldCore::cases(const CaseQuery& query) const {
  std::optional<GeoPoint> here;
  const auto last = parts_->store.recent_fixes(parts_->clock.boot_id(), 1);
  if (!last.empty()) here = last.back().point;
  return list_cases(parts_->store, query, here);
}

Result<Case> FieldCore::find_case(const Uuid& case_id) const {
  auto found = parts_->store.find_case(case_id);
  if (!found) return Error(ErrorCode::NotFound, text(parts_->options.language, "visit.case_gone"));
  return std::move(*found);
}

std::vector<OutcomeDefinition> FieldCore::outcomes(Purpose purpose) const {
  auto outcomes = parts_->store.outcomes();
  std::erase_if(outcomes, [purpose](const OutcomeDefinition& outcome) { return outcome.purpose != purpose; });
  return outcomes;
}

Result<OpenShift> FieldCore::start_shift() {
  const auto shift = parts_->tracks.start_shift(parts_->options.language);
  if (!shift) return shift.error();
  return as_open_shift(*shift);
}

Result<void> FieldCore::end_shift() { return parts_->tracks.end_shift(parts_->options.language); }

std::optional<OpenShift> FieldCore::shift() const {
  const auto shift = parts_->store.open_shift();
  if (!shift) return std::nullopt;
  return as_open_shift(*shift);
}

Result<std::size_t> FieldCore::add_fixes(std::span<const Fix> fixes) {
  return parts_->tracks.add_fixes(fixes, parts_->options.language);
}

Result<void> FieldCore::add_battery(const BatterySample& sample) {
  return parts_->tracks.add_battery(sample, parts_->options.language);
}

Result<OpenVisit> FieldCore::arrive(const Uuid& case_id) {
  const auto draft = parts_->visits.arrive(case_id);
  if (!draft) return draft.error();
  return as_open_visit(*draft);
}

Result<GateView> FieldCore::check_location(const Uuid& visit_id) {
  auto check = parts_->visits.check_location(visit_id);
  if (!check) return check.error();
  return GateView{check->verdict, check->may_begin, std::move(check->text)};
}

Result<FormView> FieldCore::begin_form(const Uuid& visit_id) {
  return as_form_view(parts_->visits.begin_form(visit_id), parts_->options.language);
}

Result<FormView> FieldCore::form(const Uuid& visit_id) {
  return as_form_view(parts_->visits.form(visit_id), parts_->options.language);
}

Result<FormView> FieldCore::answer(const Uuid& visit_id, std::string_view path, std::string_view value) {
  return as_form_view(parts_->visits.answer(visit_id, path, value), parts_->options.language);
}

Result<FormView> FieldCore::add_repeat(const Uuid& visit_id, std::string_view path) {
  return as_form_view(parts_->visits.add_repeat(visit_id, path), parts_->options.language);
}

Result<FormView> FieldCore::remove_repeat(const Uuid& visit_id, std::string_view path) {
  return as_form_view(parts_->visits.remove_repeat(visit_id, path), parts_->options.language);
}

Result<EvidenceRef> FieldCore::attach_evidence(const Uuid& visit_id, const EvidenceInput& input) {
  return parts_->visits.attach_evidence(visit_id, input);
}

Result<Outcome> FieldCore::suggested_outcome(const Uuid& visit_id) {
  return parts_->visits.suggested_outcome(visit_id);
}

Result<FinishedVisit> FieldCore::finish_visit(const Uuid& visit_id, const Outcome& outcome) {
  // The way to the place goes in front of the visit, so that whoever sees the visit sees how it was reached.
  DeviceStore::Transaction transaction(parts_->store);
  parts_->tracks.seal();
  const auto finished = parts_->visits.finish(visit_id, outcome);
  if (!finished) return finished.error();
  transaction.commit();
  return as_finished_visit(*finished);
}

Result<void> FieldCore::cancel_visit(const Uuid& visit_id, std::string_view reason) {
  return parts_->visits.cancel(visit_id, reason);
}

std::vector<OpenVisit> FieldCore::open_visits() const {
  std::vector<OpenVisit> open;
  for (const VisitDraft& draft : parts_->store.drafts()) open.push_back(as_open_visit(draft));
  return open;
}

std::vector<FinishedVisit> FieldCore::finished_visits(std::uint32_t limit) const {
  std::vector<FinishedVisit> finished;
  for (const auto& visit : parts_->store.finished_visits(limit)) finished.push_back(as_finished_visit(visit));
  return finished;
}

std::optional<HttpRequest> FieldCore::next_request(bool eager) {
  parts_->tracks.seal_if_due();
  return parts_->sync.next_request(eager);
}

void FieldCore::on_response(const HttpResponse& response) { parts_->sync.on_response(response); }

void FieldCore::on_failure(NetworkFailure failure) { parts_->sync.on_failure(failure); }

SyncStatus FieldCore::sync_status() const { return parts_->sync.status(); }

void FieldCore::set_language(Language language) {
  parts_->options.language = language;
  parts_->visits.set_language(language);
  parts_->sync.set_language(language);
}

std::string FieldCore::words_for(const Error& thrown) const {
  if (thrown.code == ErrorCode::DiskFull) return text(parts_->options.language, "phone.disk_full");
  if (thrown.code == ErrorCode::Io) {
    return text(parts_->options.language, "phone.disk_failed", {{"message", thrown.message}});
  }
  return thrown.message;
}

}  // namespace terreno
