#include <doctest/doctest.h>

#include "tests/contract/engines.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

const Uuid kVisit = numbered_id(4, 1);
const Sha256 kPhoto = sha256(as_bytes("photo"));
constexpr Period kEver{0, kMorning * 2};

/// One company with something in every corner, and another that asks for it by its ids.
struct TwoCompanies {
  explicit TwoCompanies(Storage& storage) : one(storage, 1), two(storage, 2) {
    one.add_gestor(1);
    two.add_gestor(1);
    case_id = one.add_case(1, 1);
    storage.add_form(one.id(), {"cobranza", "1", "Visita", "<h:html/>"}).value();
    SamplePhone phone = one.enrol(1);
    device_id = phone.device().id;
    VisitFinished visit = sample_visit(kVisit, case_id);
    EvidenceRef photo;
    photo.sha256 = kPhoto;
    photo.size = 5;
    visit.evidence = {photo};
    PreparedBatch batch =
        phone.batch({visit, sample_chunk(numbered_id(5, 1), kMorning),
                     VisitCancelled{numbered_id(4, 2), case_id, {}, kMorning, kMorning, "cerrado", {}}});
    apply(storage, batch).value();
    batch = phone.batch({ShiftStarted{}});
    batch.entries[0].body.reset();
    apply(storage, batch).value();
  }

  SampleCompany one, two;
  Uuid case_id;
  Uuid device_id;
};

}  // namespace

TEST_CASE("no verb shows one company what is another's") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    const TwoCompanies field(*storage);
    const Uuid stranger = field.two.id();
    const Uuid gestor = field.one.gestor_id(1);
    const VisitFilter all{kEver, std::nullopt, std::nullopt, 100, 0};
    VisitFilter of_gestor = all;
    of_gestor.gestor_id = gestor;
    VisitFilter of_case = all;
    of_case.case_id = field.case_id;

    REQUIRE(storage->visits(field.one.id(), of_gestor).size() == 1);
    REQUIRE(storage->visits(field.one.id(), of_case).size() == 1);
    REQUIRE(storage->quarantined_count(field.one.id()) == 1);
    CHECK_FALSE(storage->find_user(stranger, gestor));
    CHECK(storage->users(stranger).size() == 1);
    CHECK_FALSE(storage->find_form(stranger, "cobranza", "1"));
    CHECK_FALSE(storage->find_case(stranger, field.case_id));
    CHECK(storage->cases(stranger, {}).total == 0);
    CaseFilter found;
    found.text = "juarez";
    CHECK(storage->cases(stranger, found).cases.empty());
    found.text.clear();
    found.gestor_id = gestor;
    CHECK(storage->cases(stranger, found).total == 0);
    CHECK_FALSE(storage->had_case(stranger, gestor, field.case_id));
    CHECK(storage->visits(stranger, all).empty());
    CHECK(storage->visits(stranger, of_gestor).empty());
    CHECK(storage->visits(stranger, of_case).empty());
    CHECK_FALSE(storage->find_visit(stranger, kVisit));
    CHECK(storage->cancelled_visits(stranger, all).empty());
    CHECK(storage->cancelled_visits(stranger, of_gestor).empty());
    CHECK(storage->quarantined_count(stranger) == 0);
    CHECK(storage->quarantined(stranger, 10, 0).empty());
    CHECK_FALSE(storage->find_evidence(stranger, kPhoto));
    CHECK(storage->evidence_of_visit(stranger, kVisit).empty());
    CHECK(storage->track(stranger, gestor, kEver).empty());
    REQUIRE(storage->track_stamps(field.one.id(), kEver).size() == 1);
    CHECK(storage->track_stamps(stranger, kEver).empty());
    CHECK(storage->battery(stranger, gestor, kEver).empty());
    REQUIRE(storage->gestores(stranger, kEver).size() == 1);
    CHECK_FALSE(storage->gestores(stranger, kEver)[0].position);
    CHECK_THROWS_AS(storage->changes_after(stranger, gestor, 0, 1000), Error);
    CHECK(storage->changes_after(stranger, field.two.gestor_id(1), 0, 100'000).changes.size() == 2);
  }
}

TEST_CASE("no verb lets one company change what is another's") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    TwoCompanies field(*storage);
    const Uuid stranger = field.two.id();
    const Uuid gestor = field.one.gestor_id(1);

    CHECK_THROWS_AS(storage->set_user_active(stranger, gestor, false), Error);
    CHECK_THROWS_AS(storage->set_password(stranger, gestor, "mine"), Error);
    CHECK_THROWS_AS(storage->add_enrolment_code({enrolment_code_hash("X"), stranger, gestor, kMorning}),
                    Error);
    CHECK_FALSE(storage->assign_case(stranger, field.case_id, field.two.gestor_id(1), kMorning));
    CHECK_FALSE_MESSAGE(storage->assign_case(field.one.id(), field.case_id, field.two.gestor_id(1), kMorning),
                        "a case cannot be given to a stranger either");
    CHECK_THROWS_AS(storage->import_cases(stranger, {sample_import(1, field.one.login(1))}, kMorning), Error);
    CHECK_THROWS_AS(storage->open_epoch(stranger, field.device_id, 1), Error);
    CHECK_THROWS_AS(storage->set_evidence_progress(stranger, kPhoto, EvidenceState::Received, 5), Error);
    SamplePhone phone = field.one.enrol(1, 2);
    PreparedBatch batch = phone.batch({sample_visit(numbered_id(4, 3), {})});
    batch.tenant_id = stranger;
    CHECK_FALSE(apply(*storage, batch));

    CHECK(storage->find_user(field.one.id(), gestor)->active);
    CHECK(storage->find_case(field.one.id(), field.case_id)->gestor_id == gestor);
    CHECK(storage->find_evidence(field.one.id(), kPhoto)->state == EvidenceState::Expected);
    // The same key in another company is another case.
    CHECK(storage->import_cases(stranger, {sample_import(1, "")}, kMorning).added == 1);
    CHECK(storage->cases(field.one.id(), {}).total == 1);
  }
}
