#include <utility>

#include "core/model/outcome_rules.hpp"
#include "core/visit/visit_desk.hpp"

// How a visit ends: finished with an outcome, or cancelled with a reason.

namespace terreno {
Result<void> VisitDesk::check_complete(const forms::FormSession& session) const {
  const auto problems = session.problems(form_language(language_));
  if (problems.empty()) return {};
  return Error(ErrorCode::AnswerInvalid,
               text(language_, "visit.answers_missing",
                    {{"message", problems.front().message}, {"count", std::to_string(problems.size())}}));
}

Result<OutcomeDefinition> VisitDesk::check_ending(const VisitFinished& visit) const {
  auto definition = store_.find_outcome(visit.purpose, visit.outcome.code);
  if (!definition) return Error(ErrorCode::OutcomeInvalid, text(language_, "outcome.unknown"));
  // The promise counts from the day that the questionnaire calls today, so that both agree.
  const auto today = local_day(visit.form_context.now_ms, visit.form_context.utc_offset_minutes);
  if (const auto fault = find_fault(*definition, visit.outcome, visit.evidence, today)) {
    return Error(ErrorCode::OutcomeInvalid, explain(*fault, language_));
  }
  return std::move(*definition);
}

Result<FinishedVisitRecord> VisitDesk::finish(const Uuid& visit_id, const Outcome& outcome) {
  auto found = answering_draft(visit_id);
  if (!found) return found.error();
  auto session = forms_.session(*found);
  if (!session) return session.error();
  if (auto complete = check_complete(**session); !complete) return complete.error();
  VisitFinished& visit = found->visit;
  visit.outcome = outcome;
  visit.evidence = evidence_in_answers(visit.evidence, as_form_answers((*session)->answers()));
  const auto definition = check_ending(visit);
  if (!definition) return definition.error();
  visit.finished_at_ms = clock_.wall_ms();
  visit.finished_mono_ms = clock_.mono_ms();
  visit.battery_percent = store_.last_battery_percent();
  (*session)->finish(visit.finished_at_ms);
  visit.answers = as_form_answers((*session)->answers());
  // Whether the entry is written or not, this session has seen the end.
  forms_.forget(visit_id);
  try {
    return record(visit, definition->becomes);
  } catch (const Error& error) {
    if (error.code == ErrorCode::TooLarge) return Error(error.code, text(language_, "visit.too_large"));
    throw;
  }
}

FinishedVisitRecord VisitDesk::record(const VisitFinished& visit, CaseState becomes) {
  DeviceStore::Transaction transaction(store_);
  const std::uint64_t seq = journal_.append(visit);
  store_.finish_draft(visit, becomes, seq);
  const auto finished = store_.find_finished_visit(visit.visit_id);
  transaction.commit();
  return *finished;
}

Result<void> VisitDesk::cancel(const Uuid& visit_id, std::string_view reason) {
  if (reason.empty() || reason.size() > kMaxCancelReasonBytes) {
    return Error(ErrorCode::InvalidArgument, text(language_, "visit.cancel_reason"));
  }
  const auto found = draft(visit_id);
  if (!found) return found.error();
  const VisitFinished& visit = found->visit;
  DeviceStore::Transaction transaction(store_);
  journal_.append(VisitCancelled{visit_id, visit.case_id, visit.shift_id, visit.arrived_at_ms,
                                 clock_.wall_ms(), std::string(reason), visit.verdict});
  store_.drop_draft(visit_id);
  transaction.commit();
  forms_.forget(visit_id);
  return {};
}

}  // namespace terreno
