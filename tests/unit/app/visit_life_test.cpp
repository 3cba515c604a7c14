#include <doctest/doctest.h>

#include <algorithm>

#include "core/codec/codec.hpp"
#include "core/geo/gate.hpp"
#include "tests/unit/app/phone_world.hpp"

using namespace terreno;
using tests::PhoneWorld;

namespace {

template <typename Body>
std::vector<Body> journal_of(const PhoneWorld& world) {
  const DeviceStore store(world.path());
  std::vector<Body> found;
  for (const auto& entry : store.entries_after(0, 1 << 30, 10'000)) {
    const auto body = codec::decode_body(entry.kind, entry.version, entry.payload).value();
    if (const auto* one = std::get_if<Body>(&body)) found.push_back(*one);
  }
  return found;
}

std::string value_at(const FormView& form, std::string_view path) {
  const auto found = std::find_if(form.questions.begin(), form.questions.end(),
                                  [&](const auto& question) { return question.path == path; });
  return found == form.questions.end() ? "(hidden)" : found->value;
}

}  // namespace

TEST_CASE("a visit goes from arrival to a journal entry that holds all of it") {
  PhoneWorld world;
  const Uuid visit = world.answering_visit();
  world.answer_promise(visit);
  const EvidenceRef photo = world.attach(visit, "photo", "façade");
  REQUIRE(world.core->add_battery({world.clock.wall_ms(), 64, false}).ok());
  world.clock.advance(60'000);

  const Outcome outcome = world.core->suggested_outcome(visit).value();
  CHECK(outcome.code == "promise");
  CHECK(outcome.promise == PromiseToPay{120'050, "2026-03-20", "transfer"});
  const FinishedVisit finished = world.core->finish_visit(visit, outcome).value();
  CHECK(finished.sync == VisitSync::Pending);
  CHECK(finished.files_pending == 1);
  CHECK(world.core->open_visits().empty());
  CHECK(world.core->find_case(world.case_id())->state == CaseState::Promised);

  const auto visits = journal_of<VisitFinished>(world);
  REQUIRE(visits.size() == 1);
  const VisitFinished& entry = visits[0];
  CHECK(entry.visit_id == visit);
  CHECK(entry.outcome == outcome);
  CHECK(entry.battery_percent == 64);
  CHECK(entry.finished_at_ms - entry.arrived_at_ms == 60'000);
  CHECK(entry.evidence == std::vector<EvidenceRef>{photo});
  CHECK(entry.form_version == "1");
  const auto has = [&](const FormAnswer& answer) {
    return std::count(entry.answers.begin(), entry.answers.end(), answer) == 1;
  };
  CHECK(has({"promise/amount", "1200.5"}));
  CHECK(has({"debt", "1500"}));  // calculated from the case's data
  CHECK(entry.form_context.prefill == std::map<std::string, std::string>{{"balance", "1500"}});
  CHECK(has({"photo", to_hex(ByteView(photo.sha256).first(8)) + ".jpg"}));
  // The server must come to the same verdict from what the entry holds.
  CHECK(geo::judge(entry.fence, GatePolicy{}, entry.arrival_fixes, entry.platform,
                   entry.form_context.now_ms) == entry.verdict);
  const auto chunks = journal_of<TrackChunk>(world);
  REQUIRE(chunks.size() == 1);
  CHECK(chunks[0].fix_count == 5);
}

TEST_CASE("a visit goes on in another process exactly where it was") {
  PhoneWorld world;
  const Uuid visit = world.answering_visit();
  world.answer_promise(visit);
  const std::string second = "neighbours[2]/name";
  world.core->add_repeat(visit, "neighbours").value();
  world.core->add_repeat(visit, "neighbours").value();
  world.core->answer(visit, second, "Doña Ana").value();
  world.attach(visit, "photo", "façade");
  const FormView before = world.core->form(visit).value();

  world.reopen();

  REQUIRE(world.core->open_visits().size() == 1);
  CHECK(world.core->open_visits()[0].stage == VisitStage::Answering);
  CHECK(world.core->shift().has_value());
  const FormView after = world.core->begin_form(visit).value();
  REQUIRE(after.questions.size() == before.questions.size());
  for (std::size_t i = 0; i < after.questions.size(); ++i) {
    CHECK(after.questions[i].path == before.questions[i].path);
    CHECK(after.questions[i].value == before.questions[i].value);
  }
  CHECK(value_at(after, second) == "Doña Ana");
  const Outcome outcome = world.core->suggested_outcome(visit).value();
  REQUIRE(world.core->finish_visit(visit, outcome).ok());
  CHECK(journal_of<VisitFinished>(world).at(0).evidence.size() == 1);
}

TEST_CASE("an answer that the form refuses leaves the old one") {
  PhoneWorld world;
  const Uuid visit = world.answering_visit();
  world.answer_promise(visit);
  const auto refused = world.core->answer(visit, "promise/amount", "-5");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::AnswerInvalid);
  CHECK(refused.error().message == "El monto debe ser mayor que cero");
  CHECK(value_at(*world.core->form(visit), "promise/amount") == "1200.5");
  world.reopen();
  CHECK(value_at(*world.core->form(visit), "promise/amount") == "1200.5");
  CHECK(world.core->answer(visit, "no/such", "1").error().code == ErrorCode::NotFound);
}

TEST_CASE("a visit with missing answers or a wrong outcome does not end") {
  PhoneWorld world;
  const Uuid visit = world.answering_visit();
  Outcome refuses;
  refuses.code = "refuses";
  CHECK(world.core->finish_visit(visit, refuses).error().code == ErrorCode::AnswerInvalid);
  world.answer_promise(visit);
  Outcome promise;
  promise.code = "promise";
  CHECK(world.core->finish_visit(visit, promise).error().code == ErrorCode::OutcomeInvalid);
  promise.promise = PromiseToPay{100, "2020-01-01", ""};
  CHECK(world.core->finish_visit(visit, promise).error().code == ErrorCode::OutcomeInvalid);
  Outcome unknown;
  unknown.code = "validation_positive";  // of the other purpose
  CHECK(world.core->finish_visit(visit, unknown).error().code == ErrorCode::OutcomeInvalid);
  Outcome nobody;
  nobody.code = "nobody_in";
  CHECK(world.core->finish_visit(visit, nobody).error().code == ErrorCode::OutcomeInvalid);
  CHECK(journal_of<VisitFinished>(world).empty());
  CHECK(journal_of<TrackChunk>(world).empty());
  world.attach(visit, "", "nobody at the door");
  REQUIRE(world.core->finish_visit(visit, nobody).ok());
  CHECK(world.core->find_case(world.case_id())->state == CaseState::Revisit);
  CHECK(world.core->finish_visit(visit, nobody).error().code == ErrorCode::VisitNotOpen);
}

TEST_CASE("evidence follows its question") {
  PhoneWorld world;
  const Uuid visit = world.answering_visit();
  world.core->answer(visit, "outcome", "refuses").value();
  world.attach(visit, "photo", "first try");
  const EvidenceRef second = world.attach(visit, "photo", "second try");
  world.core->add_repeat(visit, "neighbours").value();
  world.core->add_repeat(visit, "neighbours").value();
  world.attach(visit, "neighbours[1]/picture", "one");
  const EvidenceRef two = world.attach(visit, "neighbours[2]/picture", "two");
  world.core->remove_repeat(visit, "neighbours[1]").value();
  world.reopen();
  Outcome outcome;
  outcome.code = "refuses";
  REQUIRE(world.core->finish_visit(visit, outcome).ok());
  const auto evidence = journal_of<VisitFinished>(world).at(0).evidence;
  REQUIRE(evidence.size() == 2);
  CHECK(evidence[0] == second);
  CHECK(evidence[1].sha256 == two.sha256);
  CHECK(evidence[1].question_path == "neighbours[1]/picture");
  CHECK(world.core->sync_status().pending_files == 2);
}

TEST_CASE("evidence that is not what it claims, or has no question, changes nothing") {
  PhoneWorld world;
  const Uuid visit = world.answering_visit();
  const auto attach = [&](std::string path, std::string_view bytes) {
    const auto result = world.core->attach_evidence(
        visit, {EvidenceKind::Photo, std::move(path), "image/jpeg", as_bytes(bytes)});
    return result ? ErrorCode{} : result.error().code;
  };
  CHECK(attach("photo", "%PDF-1.4 no photo") == ErrorCode::EvidenceInvalid);
  CHECK(attach("no/such", "\xFF\xD8\xFF jpeg") == ErrorCode::NotFound);
  CHECK(value_at(*world.core->form(visit), "photo").empty());
  world.attach(visit, "photo", "blurred");
  for (std::size_t i = 1; i < kMaxEvidencePerVisit; ++i) world.attach(visit, "", std::to_string(i));
  CHECK(attach("", "\xFF\xD8\xFF one more") == ErrorCode::TooLarge);
  CHECK_MESSAGE(attach("photo", "\xFF\xD8\xFF sharp") == ErrorCode{},
                "a retaken photo takes no further place");
  CHECK_MESSAGE(attach("",
                       "\xFF\xD8\xFF"
                       "1") == ErrorCode{},
                "the same file again changes nothing");
}

TEST_CASE("several visits may be open, one for each case, and the shift waits for them") {
  PhoneWorld world;
  const Uuid first = world.answering_visit();
  const Uuid second = world.core->arrive(world.case_id(2)).value().id;
  CHECK(world.core->arrive(world.case_id()).error().code == ErrorCode::VisitAlreadyOpen);
  CHECK(world.core->open_visits().size() == 2);
  CHECK(world.core->end_shift().error().code == ErrorCode::VisitAlreadyOpen);
  CHECK(world.core->cancel_visit(first, "").error().code == ErrorCode::InvalidArgument);
  CHECK(world.core->cancel_visit(first, std::string(501, 'x')).error().code == ErrorCode::InvalidArgument);
  std::string letters;
  for (int i = 0; i < 500; ++i) letters += "ñ";
  CHECK(world.core->cancel_visit(first, letters + "ñ").error().code == ErrorCode::InvalidArgument);
  REQUIRE(world.core->cancel_visit(first, letters).ok());
  REQUIRE(world.core->cancel_visit(second, "no hay paso").ok());
  CHECK(world.core->cancel_visit(second, "otra vez").error().code == ErrorCode::VisitNotOpen);
  REQUIRE(world.core->end_shift().ok());
  const auto cancelled = journal_of<VisitCancelled>(world);
  REQUIRE(cancelled.size() == 2);
  CHECK(cancelled[0].reason == letters);
  CHECK(cancelled[0].verdict.answer == GateAnswer::Inside);
  CHECK(world.core->find_case(world.case_id())->state == CaseState::Open);
}

TEST_CASE("a case that is taken away lets its open visit end") {
  PhoneWorld world;
  const Uuid visit = world.answering_visit();
  world.answer_promise(visit);
  world.core.reset();
  {
    DeviceStore store(world.path());
    const std::vector<Change> changes{CaseRemoved{world.case_id()}, tests::sample_form("2")};
    store.apply_changes(changes, 99);
  }
  world.reopen();
  CHECK(world.core->find_case(world.case_id()).error().code == ErrorCode::NotFound);
  CHECK(world.core->arrive(world.case_id()).error().code == ErrorCode::NotFound);
  REQUIRE(world.core->finish_visit(visit, *world.core->suggested_outcome(visit)).ok());
  CHECK(journal_of<VisitFinished>(world).at(0).form_version == "1");
}

TEST_CASE("visits need a shift, a form and a known case") {
  PhoneWorld world;
  CHECK(world.core->arrive(world.case_id()).error().code == ErrorCode::ShiftNotOpen);
  CHECK(world.core->arrive(Uuid{}).error().code == ErrorCode::NotFound);
  world.core->start_shift().value();
  const Uuid visit = world.core->arrive(world.case_id()).value().id;
  CHECK(world.core->form(visit).error().code == ErrorCode::VisitNotOpen);
  CHECK(world.core->answer(visit, "outcome", "x").error().code == ErrorCode::VisitNotOpen);
  CHECK(world.core->finish_visit(visit, {}).error().code == ErrorCode::VisitNotOpen);
  CHECK(world.core->check_location(Uuid{}).error().code == ErrorCode::VisitNotOpen);
}
