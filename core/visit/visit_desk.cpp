#include "core/visit/visit_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/forms/visit_context.hpp"
#include "core/geo/gate.hpp"
#include "core/geo/track_codec.hpp"
#include "core/visit/gate_clock.hpp"
#include "core/visit/suggestion.hpp"

namespace terreno {
namespace {

std::uint64_t random_seed() {
  std::array<std::uint8_t, 8> bytes;
  fill_random(bytes);
  std::uint64_t seed = 0;
  for (const std::uint8_t byte : bytes) seed = (seed << 8) | byte;
  return seed;
}

/// The fixes that the gate sees at `now`, as the journal will hold them: the server must judge the same
/// numbers. The newest stays even when it is old, since 'your last fix is stale' tells more than 'no fix'.
std::vector<Fix> gate_fixes(const std::vector<Fix>& recent, WallMs now) {
  std::vector<Fix> seen;
  for (std::size_t i = 0; i < recent.size(); ++i) {
    const bool newest = i + 1 == recent.size();
    if (newest || recent[i].captured_at_ms >= now - kGateWindow_ms) seen.push_back(geo::quantised(recent[i]));
  }
  return seen;
}

/// A question has one file; the same file belongs to the visit as a whole once.
bool takes_place_of(const EvidenceRef& file, const EvidenceRef& old) {
  if (file.question_path != old.question_path) return false;
  return !file.question_path.empty() || file.sha256 == old.sha256;
}

}  // namespace

VisitDesk::VisitDesk(DeviceStore& store, const Clock& clock, Platform platform, Language language)
    : store_(store),
      journal_(store, clock),
      clock_(clock),
      platform_(platform),
      language_(language),
      forms_(store) {}

Result<VisitDraft> VisitDesk::draft(const Uuid& visit_id) const {
  auto found = store_.find_draft(visit_id);
  if (!found) return Error(ErrorCode::VisitNotOpen, text(language_, "visit.not_open"));
  return std::move(*found);
}

Result<VisitDraft> VisitDesk::answering_draft(const Uuid& visit_id) const {
  auto found = draft(visit_id);
  if (found && !found->answering) {
    return Error(ErrorCode::VisitNotOpen, text(language_, "visit.form_not_open"));
  }
  return found;
}

GatePolicy VisitDesk::gate_policy(Purpose purpose) const {
  const TenantPolicy policy = store_.policy();
  return purpose == Purpose::Collection ? policy.collection_gate : policy.validation_gate;
}

Result<VisitDraft> VisitDesk::arrive(const Uuid& case_id) {
  auto item = store_.find_case(case_id);
  if (!item || item->state == CaseState::Cancelled) {
    return Error(ErrorCode::NotFound, text(language_, "visit.case_gone"));
  }
  const auto shift = store_.open_shift();
  if (!shift) return Error(ErrorCode::ShiftNotOpen, text(language_, "shift.not_open"));
  if (store_.draft_of_case(case_id)) {
    return Error(ErrorCode::VisitAlreadyOpen, text(language_, "visit.already_open"));
  }
  VisitDraft made;
  made.visit.visit_id = make_uuid_v7(clock_);
  made.visit.case_id = case_id;
  made.visit.shift_id = shift->id;
  made.visit.purpose = item->purpose;
  made.visit.arrived_at_ms = clock_.wall_ms();
  made.visit.boot_id = clock_.boot_id();
  made.visit.arrived_mono_ms = clock_.mono_ms();
  made.visit.platform = platform_;
  made.visit.fence = item->place.fence;
  made.item = std::move(*item);
  store_.save_draft(made);
  return made;
}

void VisitDesk::judge(VisitFinished& visit, WallMs now) const {
  visit.arrival_fixes = gate_fixes(store_.recent_fixes(clock_.boot_id(), kGateFixes), now);
  visit.verdict = geo::judge(visit.fence, gate_policy(visit.purpose), visit.arrival_fixes, platform_, now);
}

GateCheck VisitDesk::view(const VisitFinished& visit) const {
  const GatePolicy policy = gate_policy(visit.purpose);
  return GateCheck{visit.verdict, geo::may_begin(visit.verdict, policy),
                   geo::explain(visit.verdict, visit.fence, policy, language_)};
}

Result<GateCheck> VisitDesk::check_location(const Uuid& visit_id) {
  auto found = draft(visit_id);
  if (!found) return found.error();
  if (!found->answering) {
    judge(found->visit, gate_time());
    store_.save_draft(*found);
  }
  return view(found->visit);
}

WallMs VisitDesk::gate_time() const {
  return gate_now(store_.recent_fixes(clock_.boot_id(), kGateFixes), clock_.wall_ms(), clock_.mono_ms());
}

Result<const forms::FormSession*> VisitDesk::begin_form(const Uuid& visit_id) {
  auto found = draft(visit_id);
  if (!found) return found.error();
  if (found->answering) return form(visit_id);
  const WallMs now = gate_time();
  judge(found->visit, now);
  const GateCheck gate = view(found->visit);
  if (!gate.may_begin) {
    store_.save_draft(*found);
    return Error(ErrorCode::GateRefused, gate.text);
  }
  const auto version = store_.current_form(found->item.form_id);
  if (!version) return Error(ErrorCode::NotFound, text(language_, "visit.form_missing"));
  found->answering = true;
  found->visit.form_id = version->form_id;
  found->visit.form_version = version->version;
  found->visit.form_context = {now, store_.policy().utc_offset_minutes, random_seed(),
                               forms::case_prefill(found->item)};
  return open_form(*found);
}

Result<const forms::FormSession*> VisitDesk::open_form(const VisitDraft& draft) {
  const Uuid& visit_id = draft.visit.visit_id;
  auto session = forms_.session(draft);
  if (!session) return session.error();
  try {
    DeviceStore::Transaction transaction(store_);
    store_.save_draft(draft);
    forms_.save(visit_id);
    transaction.commit();
  } catch (...) {
    forms_.forget(visit_id);
    throw;
  }
  return static_cast<const forms::FormSession*>(*session);
}

Result<const forms::FormSession*> VisitDesk::form(const Uuid& visit_id) {
  const auto found = answering_draft(visit_id);
  if (!found) return found.error();
  auto session = forms_.session(*found);
  if (!session) return session.error();
  return static_cast<const forms::FormSession*>(*session);
}

template <typename Change>
Result<const forms::FormSession*> VisitDesk::change_form(const Uuid& visit_id, Change change) {
  auto found = answering_draft(visit_id);
  if (!found) return found.error();
  auto session = forms_.session(*found);
  if (!session) return session.error();
  const std::vector<EvidenceRef> evidence_before = found->visit.evidence;
  try {
    DeviceStore::Transaction transaction(store_);
    if (const Result<void> changed = change(**session, *found); !changed) return changed.error();
    auto& evidence = found->visit.evidence;
    evidence = evidence_in_answers(evidence, as_form_answers((*session)->inputs()));
    if (evidence != evidence_before) {
      store_.save_draft(*found);
      store_.retain_evidence(visit_id, evidence);
    }
    forms_.save(visit_id);
    transaction.commit();
  } catch (...) {
    // Session and database may differ now; the database is right.
    forms_.forget(visit_id);
    throw;
  }
  return static_cast<const forms::FormSession*>(*session);
}

Result<const forms::FormSession*> VisitDesk::answer(const Uuid& visit_id, std::string_view path,
                                                    std::string_view value) {
  return change_form(visit_id, [&](forms::FormSession& session, VisitDraft&) {
    return session.answer(path, value, form_language(language_));
  });
}

Result<const forms::FormSession*> VisitDesk::add_repeat(const Uuid& visit_id, std::string_view path) {
  return change_form(visit_id, [&](forms::FormSession& session, VisitDraft&) -> Result<void> {
    auto added = session.add_repeat(path);
    if (!added) return added.error();
    return {};
  });
}

Result<const forms::FormSession*> VisitDesk::remove_repeat(const Uuid& visit_id, std::string_view path) {
  return change_form(visit_id,
                     [&](forms::FormSession& session, VisitDraft&) { return session.remove_repeat(path); });
}

Result<EvidenceRef> VisitDesk::attach_evidence(const Uuid& visit_id, const EvidenceInput& input) {
  const auto found = draft(visit_id);
  if (!found) return found.error();
  if (auto checked = check_evidence(input, language_); !checked) return checked.error();
  const EvidenceRef file{sha256(input.bytes), input.kind,         input.question_path,
                         input.media_type,    input.bytes.size(), clock_.wall_ms()};
  const auto& held = found->visit.evidence;
  const auto kept = std::count_if(held.begin(), held.end(),
                                  [&](const EvidenceRef& old) { return !takes_place_of(file, old); });
  if (static_cast<std::size_t>(kept) >= kMaxEvidencePerVisit) {
    return Error(ErrorCode::TooLarge,
                 text(language_, "evidence.too_many", {{"limit", std::to_string(kMaxEvidencePerVisit)}}));
  }
  if (file.question_path.empty()) {
    attach_to_visit(*found, file, input.bytes);
    return file;
  }
  const auto changed = change_form(visit_id, [&](forms::FormSession& session, VisitDraft& draft) {
    auto answered = session.answer(file.question_path, evidence_file_name(file), form_language(language_));
    if (!answered) return answered;
    auto& evidence = draft.visit.evidence;
    std::erase_if(evidence, [&](const EvidenceRef& old) { return takes_place_of(file, old); });
    evidence.push_back(file);
    store_.keep_evidence(visit_id, file.sha256, input.bytes);
    return answered;
  });
  if (!changed) return changed.error();
  return file;
}

void VisitDesk::attach_to_visit(VisitDraft draft, const EvidenceRef& file, ByteView bytes) {
  std::erase_if(draft.visit.evidence, [&](const EvidenceRef& old) { return takes_place_of(file, old); });
  draft.visit.evidence.push_back(file);
  DeviceStore::Transaction transaction(store_);
  store_.keep_evidence(draft.visit.visit_id, file.sha256, bytes);
  store_.save_draft(draft);
  transaction.commit();
}

Result<Outcome> VisitDesk::suggested_outcome(const Uuid& visit_id) {
  const auto found = answering_draft(visit_id);
  if (!found) return found.error();
  const auto session = forms_.session(*found);
  if (!session) return session.error();
  return suggest_outcome(found->visit.purpose, as_form_answers((*session)->answers()));
}

}  // namespace terreno
