#pragma once

#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/texts.hpp"
#include "core/journal/journal.hpp"
#include "core/store/device_store.hpp"
#include "core/visit/evidence_intake.hpp"
#include "core/visit/form_desk.hpp"

namespace terreno {

/// How far back the location gate looks.
inline constexpr std::int64_t kGateWindow_ms = 120'000;
inline constexpr std::size_t kGateFixes = 30;
inline constexpr std::size_t kMaxCancelReason = 500;  ///< letters, whatever bytes they take

/// What the location gate said, for the gestor too.
struct GateCheck {
  LocationVerdict verdict;
  bool may_begin = false;
  std::string text;
};

/// The life of a visit: arrival, gate, questionnaire, evidence, outcome. Every step is in the database when
/// its call returns, so that another process goes on from there. Drafts of several cases may be open at once.
/// Same thread rule as the store. VisitNotOpen where a visit id names no draft.
class VisitDesk {
 public:
  /// Store and clock must outlive the object.
  VisitDesk(DeviceStore& store, const Clock& clock, Platform platform, Language language);

  void set_language(Language language) { language_ = language; }

  /// NotFound, ShiftNotOpen, VisitAlreadyOpen when this case has an open visit.
  Result<VisitDraft> arrive(const Uuid& case_id);
  /// Judges the fixes of the last minutes. Fixes and verdict are kept with the draft until its form is open;
  /// from then on they stand as they were.
  Result<GateCheck> check_location(const Uuid& visit_id);
  /// Opens the questionnaire under the verdict of this moment, which freezes. Once open, gives it again.
  /// GateRefused with the gate's text; NotFound when the form is not on the phone; FormInvalid.
  Result<const forms::FormSession*> begin_form(const Uuid& visit_id);

  // The following need begin_form(): else VisitNotOpen.

  Result<const forms::FormSession*> form(const Uuid& visit_id);
  /// AnswerInvalid, NotFound: the old answer stays.
  Result<const forms::FormSession*> answer(const Uuid& visit_id, std::string_view path,
                                           std::string_view value);
  Result<const forms::FormSession*> add_repeat(const Uuid& visit_id, std::string_view path);
  Result<const forms::FormSession*> remove_repeat(const Uuid& visit_id, std::string_view path);
  /// Keeps a file and makes its name the answer to its question; what stood there before is dropped.
  /// EvidenceInvalid, TooLarge; AnswerInvalid or NotFound when the question does not take it.
  Result<EvidenceRef> attach_evidence(const Uuid& visit_id, const EvidenceInput& input);
  Result<Outcome> suggested_outcome(const Uuid& visit_id);
  /// One transaction: journal entry, projection, file outbox, the case's state, end of the draft.
  /// AnswerInvalid, OutcomeInvalid, TooLarge when the visit exceeds a journal entry.
  Result<FinishedVisitRecord> finish(const Uuid& visit_id, const Outcome& outcome);
  /// Any draft, with a form or without. InvalidArgument: `reason` is not 1..500 bytes.
  Result<void> cancel(const Uuid& visit_id, std::string_view reason);

 private:
  Result<VisitDraft> draft(const Uuid& visit_id) const;
  Result<VisitDraft> answering_draft(const Uuid& visit_id) const;
  GatePolicy gate_policy(Purpose purpose) const;
  GateCheck view(const VisitFinished& visit) const;
  /// Puts the gate's answer of `now` into the visit.
  void judge(VisitFinished& visit, WallMs now) const;
  WallMs gate_time() const;
  Result<const forms::FormSession*> open_form(const VisitDraft& draft);
  /// Runs `change` on the session and saves what it did to answers and evidence, all or nothing.
  template <typename Change>
  Result<const forms::FormSession*> change_form(const Uuid& visit_id, Change change);
  void attach_to_visit(VisitDraft draft, const EvidenceRef& file, ByteView bytes);
  Result<void> check_complete(const forms::FormSession& session) const;
  Result<OutcomeDefinition> check_ending(const VisitFinished& visit) const;
  FinishedVisitRecord record(const VisitFinished& visit, CaseState becomes);

  DeviceStore& store_;
  Journal journal_;
  const Clock& clock_;
  Platform platform_;
  Language language_;
  FormDesk forms_;
};

}  // namespace terreno
