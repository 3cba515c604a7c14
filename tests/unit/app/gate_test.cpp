#include <doctest/doctest.h>

#include "tests/unit/app/phone_world.hpp"

using namespace terreno;
using tests::PhoneWorld;

namespace {

struct Arrived : PhoneWorld {
  Uuid visit;
  Arrived() {
    core->start_shift().value();
    visit = core->arrive(case_id()).value().id;
  }
  GateView check() { return core->check_location(visit).value(); }
};

}  // namespace

TEST_CASE("300 m from the place the visit is refused with the reason") {
  Arrived phone;
  phone.stand_at(300, 8);
  const GateView gate = phone.check();
  CHECK(gate.verdict.answer == GateAnswer::Outside);
  CHECK_FALSE(gate.may_begin);
  CHECK(gate.verdict.distance_m == doctest::Approx(300).epsilon(0.01));
  const auto refused = phone.core->begin_form(phone.visit);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::GateRefused);
  CHECK(refused.error().message == gate.text);
  CHECK(gate.text.find("300 m") != std::string::npos);
  CHECK(gate.text.find("sur") != std::string::npos);
  CHECK(phone.core->open_visits()[0].stage == VisitStage::Arrived);
}

TEST_CASE("at the door with 65 m of accuracy the gestor is told to wait for a better fix") {
  Arrived phone;
  phone.stand_at(0, 65);
  const GateView gate = phone.check();
  CHECK(gate.verdict.answer == GateAnswer::Inconclusive);
  CHECK(gate.verdict.reason == GateReason::WaitBetterFix);
  CHECK(phone.core->begin_form(phone.visit).error().code == ErrorCode::GateRefused);
  phone.stand_at(0, 8);
  CHECK(phone.core->begin_form(phone.visit).ok());
}

TEST_CASE("inside with 8 m the visit opens and the verdict stands as it was") {
  Arrived phone;
  phone.stand_at(5, 8);
  REQUIRE(phone.core->begin_form(phone.visit).ok());
  const LocationVerdict frozen = phone.check().verdict;
  CHECK(frozen.answer == GateAnswer::Inside);
  phone.clock.advance(10 * 60'000);
  phone.stand_at(900, 8);
  CHECK(phone.check().verdict == frozen);
  phone.reopen();
  CHECK(phone.check().verdict == frozen);
}

TEST_CASE("without a fix, or with an old one, the gate says so") {
  Arrived phone;
  CHECK(phone.check().verdict.reason == GateReason::NoFix);
  phone.stand_at(0, 8);
  phone.clock.advance(10 * 60'000);
  CHECK(phone.check().verdict.reason == GateReason::StaleFix);
  CHECK(phone.core->begin_form(phone.visit).error().code == ErrorCode::GateRefused);
}

TEST_CASE("a phone whose clock is years off still gets in where it stands") {
  for (const std::int64_t years : {-5, 5}) {
    CAPTURE(years);
    Arrived phone;
    const std::int64_t off = years * 365 * 86'400'000;
    phone.clock.jump_wall(off);
    for (int i = 0; i < 5; ++i) {
      phone.clock.advance(2'000);
      Fix fix = phone.fix(0, 8);
      fix.captured_at_ms -= off;  // the satellites know
      phone.core->add_fixes(std::span(&fix, 1)).value();
    }
    CHECK(phone.check().verdict.answer == GateAnswer::Inside);
  }
}

TEST_CASE("fixes of before a reboot open nothing") {
  Arrived phone;
  phone.stand_at(0, 8);
  phone.core.reset();
  phone.clock.reboot();
  phone.reopen();
  CHECK(phone.check().verdict.reason == GateReason::NoFix);
}
