#include <doctest/doctest.h>

#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

TEST_CASE("Visits that were given up are listed with their reason, and refusals count the gate's alone") {
  Office office;
  SamplePhone phone = office.company.enrol(1);
  const Uuid case_id = office.company.add_case(1, 1);
  VisitCancelled refused{numbered_id(7, 1),     case_id, {}, kMorning - 60'000, kMorning,
                         "estoy en la esquina", {}};
  refused.verdict = {GateAnswer::Outside, GateReason::Outside, 0.01, 240, 8, 90, {19.43, -99.13}};
  const VisitCancelled unasked{numbered_id(7, 2), case_id, {}, kMorning, kMorning + 1000, "perro suelto", {}};
  REQUIRE(apply(*office.storage, phone.batch({refused, unasked})).ok());

  const json::value list = office.get("/api/cancelled-visits?day=2026-03-12", "analyst");
  REQUIRE(list.at("visits").as_array().size() == 2);
  const json::value& last = list.at("visits").at(0);
  CHECK(last.at("reason") == "perro suelto");
  CHECK(last.at("verdict").is_null());
  CHECK(last.at("gate_refused") == false);
  CHECK(last.at("gestor_name") == "Gestor 1");
  CHECK(last.at("case_key") == "MX-1001");
  const json::value& first = list.at("visits").at(1);
  CHECK(first.at("gate_refused") == true);
  CHECK(first.at("verdict").at("distance_m").to_number<double>() == 240);
  const json::value summary = office.get("/api/summary?day=2026-03-12");
  CHECK(summary.at("cancelled") == 2);
  CHECK(summary.at("gate_refusals") == 1);
  const std::string other = office.company.gestor_id(2).to_string();
  CHECK(
      office.get("/api/cancelled-visits?day=2026-03-12&gestor_id=" + other).at("visits").as_array().empty());
  CHECK(office.get("/api/cancelled-visits?day=2026-03-12", "foreign").at("visits").as_array().empty());
}

TEST_CASE("Entries in quarantine are listed with whose they are and why") {
  Office office;
  SamplePhone phone = office.company.enrol(1);
  PreparedBatch batch = phone.batch({ShiftStarted{numbered_id(6, 1), kMorning}});
  batch.entries[0].body.reset();
  batch.entries[0].quarantine_code = ErrorCode::UnsupportedVersion;
  REQUIRE(apply(*office.storage, std::move(batch)).ok());
  const json::value list = office.get("/api/quarantine", "analyst");
  CHECK(list.at("total") == 1);
  const json::value& entry = list.at("entries").at(0);
  CHECK(entry.at("code") == "UnsupportedVersion");
  CHECK(entry.at("kind") == "shift_started");
  CHECK(entry.at("gestor_name") == "Gestor 1");
  CHECK(entry.at("seq") == 1);
  CHECK(office.get("/api/quarantine", "foreign").at("entries").as_array().empty());
  CHECK(office.as("supervisor", "GET", "/api/quarantine?limit=0").status == 400);
}
