#include <doctest/doctest.h>

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
    CHECK(applied.error().code == ErrorCode::Forbidden);

    storage->set_user_active(company.id(), user, true);
    CHECK(storage->find_user(company.id(), user)->password_hash == "some hash");
    CHECK_MESSAGE(storage->find_device(token_hash(company.token_of(phone.device().id)))->revoked,
                  "a phone that was revoked has to enrol again");
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
