#include <doctest/doctest.h>

#include <algorithm>

#include "server/domain/outcomes.hpp"
#include "tests/contract/engines.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

Session session_of(const Uuid& user_id, WallMs expires_at_ms = kMorning + 1000) {
  return {token_hash("cookie of " + user_id.to_string()), user_id, kMorning, kMorning, expires_at_ms, {}};
}

}  // namespace

TEST_CASE("a company keeps its policy and its catalogue, and shows changes at once") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    const SampleCompany company(*storage, 1);
    CHECK(storage->find_tenant(company.id())->name == "Empresa 1");
    CHECK(storage->tenant_view(company.id())->outcomes.size() == default_outcomes().outcomes.size());
    CHECK_THROWS_AS(storage->add_tenant({company.id(), "again", {}}), Error);

    TenantPolicy policy = storage->tenant_view(company.id())->policy;
    policy.sync_interval_s = 60;
    storage->set_policy(company.id(), policy);
    CHECK(storage->tenant_view(company.id())->policy.sync_interval_s == 60);
    CHECK(storage->find_tenant(company.id())->policy == policy);

    OutcomeCatalogue catalogue;
    catalogue.outcomes.push_back(default_outcomes().outcomes.front());
    storage->set_outcomes(company.id(), catalogue);
    CHECK(storage->outcomes(company.id()) == catalogue);
    CHECK(storage->tenant_view(company.id())->outcomes.size() == 1);
    CHECK(storage->tenant_view(numbered_id(1, 99)) == nullptr);
  }
}

TEST_CASE("a login belongs to one user of the whole server") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany one(*storage, 1);
    const SampleCompany two(*storage, 2);
    one.add_gestor(1);
    User taken;
    taken.id = numbered_id(2, 77);
    taken.tenant_id = two.id();
    taken.login = one.login(1);
    const auto added = storage->add_user(taken);
    REQUIRE_FALSE(added.ok());
    CHECK(added.error().code == ErrorCode::AlreadyExists);
    CHECK(storage->users(two.id()).empty());
    CHECK(storage->find_user_by_login(one.login(1))->tenant_id == one.id());
  }
}

TEST_CASE("deactivating a user ends sessions, codes and phones") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    SamplePhone phone = company.enrol(1);
    const Uuid user = company.gestor_id(1);
    storage->add_session(session_of(user));
    storage->set_password(company.id(), user, "some hash");
    storage->add_enrolment_code({enrolment_code_hash("LATER"), company.id(), user, kMorning + 5000});

    storage->set_user_active(company.id(), user, false);
    CHECK_FALSE(storage->find_session(session_of(user).token_hash));
    CHECK(storage->find_device(token_hash(company.token_of(phone.device().id)))->revoked);
    CHECK_FALSE(
        storage->enrol_device(enrolment_code_hash("LATER"), token_hash("t"), phone.device(), kMorning));
    const auto applied = apply(*storage, phone.batch({ShiftStarted{numbered_id(5, 1), kMorning}}));
    REQUIRE_FALSE(applied.ok());
    CHECK(applied.error().code == ErrorCode::Unauthenticated);

    storage->set_user_active(company.id(), user, true);
    CHECK(storage->find_user(company.id(), user)->password_hash == "some hash");
    CHECK_FALSE(storage->find_device(token_hash(company.token_of(phone.device().id)))->revoked);
    phone.continue_from(phone.device().head);
    CHECK_MESSAGE(apply(*storage, phone.batch({sample_visit(numbered_id(4, 1), {})})).ok(),
                  "what the phone could not send meanwhile still arrives");
  }
}

TEST_CASE("a phone that was taken out by itself stays out until a new code enrols it again") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    const SampleCompany other(*storage, 2);
    company.add_gestor(1);
    company.add_gestor(2);
    SamplePhone stolen = company.enrol(1, 1);
    SamplePhone kept = company.enrol(1, 2);
    REQUIRE(apply(*storage, stolen.batch({ShiftStarted{numbered_id(5, 1), kMorning}})).ok());
    CHECK_THROWS_AS(storage->revoke_device(other.id(), stolen.device().id), Error);
    storage->revoke_device(company.id(), stolen.device().id);
    CHECK(apply(*storage, stolen.batch({})).error().code == ErrorCode::Unauthenticated);
    CHECK(apply(*storage, kept.batch({})).ok());
    const auto phones = storage->devices(company.id(), company.gestor_id(1));
    REQUIRE(phones.size() == 2);
    CHECK(std::count_if(phones.begin(), phones.end(), [](const Device& one) { return one.revoked; }) == 1);
    CHECK_MESSAGE(!storage->enrol_device(enrolment_code_hash("code1101"), token_hash("thief"),
                                         stolen.device(), kMorning),
                  "its old code does not let it in again");
    storage->set_user_active(company.id(), company.gestor_id(1), false);
    storage->set_user_active(company.id(), company.gestor_id(1), true);
    CHECK(storage->find_device(token_hash(company.token_of(stolen.device().id)))->revoked);

    storage->add_enrolment_code(
        {enrolment_code_hash("ANOTHER"), company.id(), company.gestor_id(2), kMorning + 1});
    CHECK(storage->enrol_device(enrolment_code_hash("ANOTHER"), token_hash("x"), stolen.device(), kMorning)
              .error()
              .code == ErrorCode::AlreadyEnrolled);
    storage->add_enrolment_code(
        {enrolment_code_hash("BACK"), company.id(), company.gestor_id(1), kMorning + 1});
    Device asking = stolen.device();
    asking.id = numbered_id(3, 55);
    const Device back =
        storage->enrol_device(enrolment_code_hash("BACK"), token_hash("fresh"), asking, kMorning).value();
    CHECK(back.id == stolen.device().id);
    CHECK(back.head.seq == 1);
    CHECK_FALSE(storage->find_device(token_hash("fresh"))->revoked);
    CHECK_FALSE(storage->find_device(token_hash(company.token_of(stolen.device().id))));
    CHECK(storage->devices(company.id(), company.gestor_id(1)).size() == 2);
  }
}

TEST_CASE("sessions are found, touched, removed, and forgotten when they expire") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    company.add_gestor(2);
    const Session first = session_of(company.gestor_id(1));
    storage->add_session(first);
    storage->touch_session(first.token_hash, kMorning + 7);
    CHECK(storage->find_session(first.token_hash)->last_used_at_ms == kMorning + 7);

    Session later = session_of(company.gestor_id(2));
    later.created_at_ms = first.expires_at_ms;
    storage->add_session(later);
    CHECK_FALSE_MESSAGE(storage->find_session(first.token_hash), "expired ones go when a new one comes");
    storage->remove_session(later.token_hash);
    CHECK_FALSE(storage->find_session(later.token_hash));
    CHECK_THROWS_AS(storage->add_session(session_of(numbered_id(2, 999))), Error);
  }
}

TEST_CASE("an enrolment code works once and not after its time") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    const SamplePhone phone = company.enrol(1);
    CHECK(phone.device().tenant_id == company.id());
    CHECK(phone.device().gestor_id == company.gestor_id(1));
    CHECK(phone.device().gestor_name == "Gestor 1");

    Device other = phone.device();
    other.id = numbered_id(3, 5);
    CHECK_MESSAGE(
        storage->enrol_device(enrolment_code_hash("code1101"), token_hash("y"), other, kMorning)->id ==
            phone.device().id,
        "the same phone, whose answer may have been lost, asks again");
    CHECK(storage->devices(company.id(), company.gestor_id(1)).size() == 1);
    other.public_key[0] ^= 1;
    const auto again =
        storage->enrol_device(enrolment_code_hash("code1101"), token_hash("x"), other, kMorning);
    REQUIRE_FALSE(again.ok());
    CHECK(again.error().code == ErrorCode::NotFound);
    storage->add_enrolment_code({enrolment_code_hash("OLD"), company.id(), company.gestor_id(1), kMorning});
    CHECK_FALSE(storage->enrol_device(enrolment_code_hash("OLD"), token_hash("x"), other, kMorning));
    CHECK_FALSE(storage->find_device(token_hash("x")));
  }
}

TEST_CASE("the server's key stays the same after a restart") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const PublicKey before = engine.open(folder.path())->server_key().public_key;
    CHECK(engine.open(folder.path())->server_key().public_key == before);
  }
}
