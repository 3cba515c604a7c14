#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "core/geo/gate.hpp"
#include "core/geo/track_codec.hpp"
#include "server/domain/marks.hpp"
#include "server/domain/outcomes.hpp"
#include "server/domain/prepare.hpp"
#include "server/domain/reconcile.hpp"

using namespace terreno;
using namespace terreno::server;

namespace {

constexpr WallMs kNow = 1'773'331'200'000;

constexpr const char* kForm = R"xml(<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Cobranza</h:title><model><instance><data id="cobranza" version="1">
<amount/><double/></data></instance>
<bind nodeset="/data/amount" type="int" required="true()" constraint=". &lt; 1000"/>
<bind nodeset="/data/double" type="int" calculate="/data/amount * 2"/>
</model></h:head><h:body><input ref="/data/amount"><label>Monto</label></input></h:body></h:html>)xml";

/// A tenant of one gestor, one case and one questionnaire.
class SmallWorld final : public WorldView {
 public:
  SmallWorld() {
    for (OutcomeDefinition& outcome : default_outcomes().outcomes) outcomes_[outcome.code] = outcome;
    held.item.id.bytes[15] = 1;
    held.item.place.fence = {{19.4326, -99.1332}, 50, PinPrecision::Verified};
    held.gestor_id = gestor();
  }

  static Uuid gestor() {
    Uuid id;
    id.bytes[15] = 9;
    return id;
  }

  const TenantPolicy& policy() const override { return policy_; }
  const OutcomeDefinition* outcome(std::string_view code) const override {
    const auto found = outcomes_.find(std::string(code));
    return found == outcomes_.end() ? nullptr : &found->second;
  }
  std::optional<CaseRecord> find_case(const Uuid& case_id) const override {
    return case_id == held.item.id ? std::optional(held) : std::nullopt;
  }
  bool had_case(const Uuid&, const Uuid&) const override { return had; }
  std::shared_ptr<const forms::CompiledForm> form(std::string_view form_id, std::string_view) const override {
    return form_id == "cobranza" ? forms::compile_xform(kForm).value() : nullptr;
  }

  GatePolicy& gate() { return policy_.collection_gate; }

  CaseRecord held;
  bool had = false;

 private:
  TenantPolicy policy_;
  std::map<std::string, OutcomeDefinition> outcomes_;
};

/// A visit that nothing is to be said about.
VisitFinished honest_visit(const SmallWorld& world) {
  VisitFinished visit;
  visit.visit_id.bytes[15] = 7;
  visit.case_id = world.held.item.id;
  visit.arrived_at_ms = kNow - 600'000;
  visit.finished_at_ms = kNow;
  visit.arrived_mono_ms = 1'000;
  visit.finished_mono_ms = 601'000;
  visit.fence = world.held.item.place.fence;
  for (int i = 5; i > 0; --i) {
    Fix fix;
    fix.captured_at_ms = visit.arrived_at_ms - i * 1000;
    fix.point = visit.fence.centre;
    fix.accuracy_m = 8;
    visit.arrival_fixes.push_back(fix);
  }
  visit.form_context.now_ms = visit.arrived_at_ms;
  visit.verdict = geo::judge(visit.fence, world.policy().collection_gate, visit.arrival_fixes, visit.platform,
                             visit.arrived_at_ms);
  visit.form_id = "cobranza";
  visit.form_version = "1";
  visit.answers = {{"amount", "40"}, {"double", "80"}};
  visit.outcome.code = "nobody_in";
  visit.evidence.resize(1);  // the photo that the outcome asks for
  return visit;
}

/// As the phone judges by its fixes.
void judge_again(const SmallWorld& world, VisitFinished& visit) {
  visit.verdict = geo::judge(visit.fence, world.policy().collection_gate, visit.arrival_fixes, visit.platform,
                             visit.form_context.now_ms);
}

std::vector<std::string> codes(const std::vector<Mark>& marks) {
  std::vector<std::string> found;
  for (const Mark& mark : marks) found.push_back(mark.code);
  return found;
}

struct Rule {
  const char* name;
  std::function<void(SmallWorld&, VisitFinished&, ClockPair&)> change;
  std::vector<std::string> expected;
};

const WallMs kFar = std::numeric_limits<WallMs>::max();
const WallMs kLongAgo = std::numeric_limits<WallMs>::min();

const std::vector<Rule>& rules() {
  static const std::vector<Rule> kRules = {
      {"an honest visit has no mark", [](SmallWorld&, VisitFinished&, ClockPair&) {}, {}},
      {"a verdict that the fixes do not give",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.verdict.answer = GateAnswer::Outside; },
       {marks::kVerdictDiffers}},
      {"a distance that the fixes do not give",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.verdict.distance_m += 30; },
       {marks::kVerdictDiffers}},
      {"a visit that both judge to be elsewhere",
       [](SmallWorld& w, VisitFinished& v, ClockPair&) {
         for (Fix& fix : v.arrival_fixes) fix.point.lat += 0.01;
         judge_again(w, v);
       },
       {marks::kGateRefused}},
      {"a visit that neither could tell the place of",
       [](SmallWorld& w, VisitFinished& v, ClockPair&) {
         v.arrival_fixes.clear();
         judge_again(w, v);
       },
       {marks::kGateRefused}},
      {"a visit that the gate could not tell is let pass where the tenant allows it",
       [](SmallWorld& w, VisitFinished& v, ClockPair&) {
         w.gate().inconclusive_allows = true;
         for (Fix& fix : v.arrival_fixes) fix.accuracy_m = 90;
         judge_again(w, v);
       },
       {}},
      {"fixes of yesterday, judged as of yesterday",
       [](SmallWorld& w, VisitFinished& v, ClockPair&) {
         for (Fix& fix : v.arrival_fixes) fix.captured_at_ms -= 86'400'000;
         v.form_context.now_ms -= 86'400'000;
         judge_again(w, v);
       },
       {marks::kFixesOfOtherTime}},
      {"fixes that claim to be of tomorrow",
       [](SmallWorld& w, VisitFinished& v, ClockPair&) {
         for (Fix& fix : v.arrival_fixes) fix.captured_at_ms += 86'400'000;
         judge_again(w, v);
       },
       {marks::kFixesOfOtherTime}},
      {"the satellites' time on a phone that is a day behind is let pass",
       [](SmallWorld&, VisitFinished& v, ClockPair& c) {
         v.arrived_at_ms -= 86'400'000;
         v.finished_at_ms -= 86'400'000;
         c.phone_ms -= 86'400'000;
       },
       {marks::kClockSkew}},
      {"a fence other than the case's",
       [](SmallWorld& w, VisitFinished&, ClockPair&) { w.held.item.place.fence.centre.lat += 0.01; },
       {marks::kFenceDiffers}},
      {"a position that an app made up",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.arrival_fixes[1].mock = true; },
       {marks::kMockFix}},
      {"a phone ten minutes ahead",
       [](SmallWorld&, VisitFinished&, ClockPair& c) { c.phone_ms += 600'000; },
       {marks::kClockSkew}},
      {"a phone four minutes behind is let pass",
       [](SmallWorld&, VisitFinished&, ClockPair& c) { c.phone_ms -= 240'000; },
       {}},
      {"a wall clock set during the visit",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.finished_at_ms += 3'600'000; },
       {marks::kClockJump}},
      {"finished before it arrived",
       [](SmallWorld&, VisitFinished& v, ClockPair&) {
         v.finished_at_ms = v.arrived_at_ms - 5 * 60'000;
         v.finished_mono_ms = 0;  // the phone was started anew meanwhile
       },
       {marks::kTimeOrder}},
      {"a minute on site",
       [](SmallWorld&, VisitFinished& v, ClockPair&) {
         v.finished_at_ms = v.arrived_at_ms + 60'000;
         v.finished_mono_ms = v.arrived_mono_ms + 60'000;
       },
       {marks::kShortVisit}},
      {"times beyond all measure overflow nothing",
       [](SmallWorld&, VisitFinished& v, ClockPair& c) {
         v.finished_at_ms = kFar;
         v.arrived_at_ms = kLongAgo;
         c.phone_ms = kLongAgo;
       },
       {marks::kClockSkew, marks::kClockJump}},
      {"a case that nobody knows",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.case_id.bytes[0] = 5; },
       {marks::kCaseUnknown}},
      {"a case that is another's by now",
       [](SmallWorld& w, VisitFinished&, ClockPair&) {
         w.held.gestor_id = {};
         w.had = true;
       },
       {marks::kCaseReassigned}},
      {"a case that always was another's",
       [](SmallWorld& w, VisitFinished&, ClockPair&) { w.held.gestor_id = {}; },
       {marks::kOthersCase}},
      {"a case that was taken back",
       [](SmallWorld& w, VisitFinished&, ClockPair&) { w.held.item.state = CaseState::Cancelled; },
       {marks::kCaseCancelled}},
      {"an outcome that the catalogue lacks",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.outcome.code = "abducted"; },
       {marks::kOutcomeUnknown}},
      {"a promise without its date and amount",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.outcome.code = "promise"; },
       {marks::kOutcomeIncomplete}},
      {"an outcome without the photo that it asks for",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.evidence.clear(); },
       {marks::kOutcomeIncomplete}},
      {"a promise for a day that was past",
       [](SmallWorld&, VisitFinished& v, ClockPair&) {
         v.outcome.code = "promise";
         v.outcome.promise = PromiseToPay{100, "2026-03-11", "transfer"};
       },
       {marks::kOutcomeIncomplete}},
      {"a promise of nothing",
       [](SmallWorld&, VisitFinished& v, ClockPair&) {
         v.outcome.code = "promise";
         v.outcome.promise = PromiseToPay{0, "2026-03-20", "transfer"};
       },
       {marks::kOutcomeIncomplete}},
      {"a questionnaire that the server lacks",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.form_id = "other"; },
       {marks::kFormUnknown}},
      {"a calculation that comes out otherwise",
       [](SmallWorld&, VisitFinished& v, ClockPair&) { v.answers[1].value = "81"; },
       {marks::kFormCalculatedDiffers}},
      {"an answer that its constraint forbids",
       [](SmallWorld&, VisitFinished& v, ClockPair&) {
         v.answers = {{"amount", "4000"}, {"double", "8000"}};
       },
       {marks::kFormConstraintBroken}},
      {"a question that the questionnaire lacks",
       [](SmallWorld&, VisitFinished& v, ClockPair&) {
         v.answers.push_back({"salary", "1"});
       },
       {marks::kFormUnknownQuestion}},
  };
  return kRules;
}

Device device() {
  Device made;
  made.id.bytes[15] = 3;
  made.gestor_id = SmallWorld::gestor();
  made.gestor_name = "Ana";
  return made;
}

}  // namespace

TEST_CASE("each rule of reconciliation marks what it is about and nothing else") {
  for (const Rule& rule : rules()) {
    CAPTURE(std::string(rule.name));
    SmallWorld world;
    VisitFinished visit = honest_visit(world);
    ClockPair clocks{kNow, kNow};
    rule.change(world, visit, clocks);
    const VisitReview review = review_visit(device(), visit, world, clocks);
    CHECK(codes(review.marks) == rule.expected);
    CHECK(review.case_becomes.has_value() == (visit.outcome.code != "abducted"));
  }
}

TEST_CASE(
    "each answer that the server makes otherwise is recorded with both values, however many there are") {
  SmallWorld world;
  VisitFinished visit = honest_visit(world);
  visit.answers = {{"amount", "4000"}, {"double", "80"}};
  for (int i = 0; i < 20; ++i) visit.answers.push_back({"lost" + std::to_string(i), "x"});
  visit.answers.push_back({"long", std::string(kMaxDifferenceBytes - 1, 'a') + "ñ"});
  Device device;
  device.gestor_id = SmallWorld::gestor();
  const VisitReview review = review_visit(device, visit, world, ClockPair{kNow, kNow});
  const auto& all = review.differences;
  REQUIRE(all.size() == 23);
  CHECK(all[0].code == marks::kFormConstraintBroken);
  CHECK(all[0].submitted == "4000");
  CHECK(all[1] == AnswerDifference{marks::kFormCalculatedDiffers, "double", "80", "8000"});
  CHECK(all[21] == AnswerDifference{marks::kFormUnknownQuestion, "lost19", "x", ""});
  CHECK(all[22].submitted == std::string(kMaxDifferenceBytes - 1, 'a') + "…");
  for (int i = 0; i < 1000; ++i) visit.answers.push_back({"more" + std::to_string(i), "x"});
  CHECK(review_visit(device, visit, world, ClockPair{kNow, kNow}).differences.size() == kMaxDifferences);
}

TEST_CASE("a case follows the stronger outcome and one that was taken back stays so") {
  constexpr CaseState kByStrength[] = {CaseState::Open,     CaseState::Revisit,   CaseState::Unlocatable,
                                       CaseState::Promised, CaseState::Escalated, CaseState::Resolved};
  for (const CaseState current : kByStrength) {
    for (const CaseState becomes : kByStrength) {
      const auto rank = [&](CaseState state) {
        return std::find(std::begin(kByStrength), std::end(kByStrength), state);
      };
      CHECK(case_state_after(current, becomes) == (rank(becomes) > rank(current) ? becomes : current));
    }
    CHECK(case_state_after(CaseState::Cancelled, current) == CaseState::Cancelled);
    CHECK(case_state_after(current, CaseState::Cancelled) == current);
  }
}

TEST_CASE("the default catalogue has distinct codes, three languages and what each asks for") {
  const OutcomeCatalogue catalogue = default_outcomes();
  CHECK(catalogue.outcomes.size() == 28);
  std::map<std::string, OutcomeDefinition> by_code;
  for (const OutcomeDefinition& outcome : catalogue.outcomes) {
    CHECK_FALSE(outcome.label_es.empty());
    CHECK_FALSE(outcome.label_en.empty());
    CHECK_FALSE(outcome.label_pt.empty());
    by_code[outcome.code] = outcome;
  }
  CHECK(by_code.size() == catalogue.outcomes.size());
  CHECK(by_code["promise"].asks_promise);
  CHECK(by_code["paid_full"].asks_payment);
  CHECK(by_code["paid_full"].becomes == CaseState::Resolved);
  CHECK(by_code["validation_positive"].purpose == Purpose::Validation);
  CHECK_FALSE(by_code["third_confirms"].right_party);
}

namespace {

struct Signer {
  KeyPair keys = make_key_pair();
  Device phone = device();
  ChainHead head{1, 0, {}};

  Signer() { phone.public_key = keys.public_key; }

  SyncRequest request(std::vector<JournalEntry> entries) {
    SyncRequest made;
    made.base = head;
    made.phone_time_ms = kNow;
    for (JournalEntry& entry : entries) {
      entry.epoch = head.epoch;
      entry.seq = head.seq + 1;
      head = extend_chain(head, {&entry, 1}).value();
    }
    made.entries = std::move(entries);
    made.head_signature = sign_head(head, phone.id, keys.secret_key);
    return made;
  }
};

JournalEntry entry_of(const EntryBody& body) {
  JournalEntry entry;
  entry.kind = codec::kind_of(body);
  entry.payload = codec::encode_body(body);
  return entry;
}

}  // namespace

TEST_CASE("a batch is checked as a whole and read entry by entry") {
  SmallWorld world;
  Signer signer;
  JournalEntry unreadable = entry_of(honest_visit(world));
  unreadable.payload.resize(unreadable.payload.size() - 3);
  JournalEntry newer = entry_of(ShiftStarted{});
  newer.version = 9;
  JournalEntry alien = entry_of(ShiftStarted{});
  alien.kind = static_cast<EntryKind>(77);
  const SyncRequest request =
      signer.request({entry_of(honest_visit(world)), unreadable, newer, alien, entry_of(ShiftStarted{})});

  const PreparedBatch batch = prepare_batch(signer.phone, SyncRequest(request), world, kNow).value();
  CHECK(batch.head == signer.head);
  REQUIRE(batch.entries.size() == 5);
  CHECK(batch.entries[0].marks.empty());
  CHECK(batch.entries[0].case_becomes == CaseState::Revisit);
  CHECK(batch.entries[1].quarantine_code.has_value());
  CHECK(batch.entries[2].quarantine_code == ErrorCode::UnsupportedVersion);
  CHECK(batch.entries[3].quarantine_code.has_value());
  CHECK(std::holds_alternative<ShiftStarted>(*batch.entries[4].body));

  const auto refusal = [&](SyncRequest changed) {
    const auto prepared = prepare_batch(signer.phone, std::move(changed), world, kNow);
    REQUIRE_FALSE(prepared.ok());
    return prepared.error().code;
  };
  SyncRequest changed = request;
  changed.entries[2].payload.push_back(0);
  CHECK(refusal(changed) == ErrorCode::SignatureMismatch);
  changed = request;
  changed.entries.pop_back();
  CHECK(refusal(changed) == ErrorCode::SignatureMismatch);
  changed = request;
  changed.entries.erase(changed.entries.begin() + 1);
  CHECK(refusal(changed) == ErrorCode::ChainFork);
  changed = request;
  changed.entries[0].payload.resize(codec::kMaxEntryBytes + 1);
  CHECK(refusal(changed) == ErrorCode::TooLarge);
  changed.entries.assign(kMaxBatchEntries + 1, {});
  CHECK(refusal(changed) == ErrorCode::TooLarge);
}
