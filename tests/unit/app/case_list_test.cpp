#include <doctest/doctest.h>

#include "tests/unit/app/phone_world.hpp"

using namespace terreno;
using tests::PhoneWorld;

namespace {

std::vector<std::string> keys(const std::vector<CaseSummary>& page) {
  std::vector<std::string> out;
  for (const CaseSummary& one : page) out.push_back(one.item.key);
  return out;
}

CaseQuery by_distance(std::optional<GeoPoint> from = std::nullopt) {
  CaseQuery query;
  query.order = CaseOrder::ByDistance;
  query.near_point = from;
  return query;
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("cases come nearest first, from a point or from where the phone is") {
  PhoneWorld world;
  const auto from_north = world.core->cases(by_distance(GeoPoint{19.45, -99.15}));
  CHECK(keys(from_north) == Keys{"C-1003", "C-1002", "C-1001"});
  CHECK(*from_north[0].distance_m == doctest::Approx(2'214).epsilon(0.01));
  CHECK(keys(world.core->cases(by_distance())) == Keys{"C-1003", "C-1002", "C-1001"});  // by due: no fix yet
  CHECK_FALSE(world.core->cases(by_distance())[0].distance_m.has_value());
  world.core->start_shift().value();
  world.stand_at(0, 8);
  const auto from_here = world.core->cases(by_distance());
  CHECK(keys(from_here) == Keys{"C-1001", "C-1002", "C-1003"});
  CHECK(*from_here[0].distance_m < 1);
}

TEST_CASE("a list comes in pages") {
  PhoneWorld world;
  CaseQuery query = by_distance(GeoPoint{19.41, -99.15});
  query.limit = 2;
  CHECK(keys(world.core->cases(query)) == Keys{"C-1001", "C-1002"});
  query.offset = 2;
  CHECK(keys(world.core->cases(query)) == Keys{"C-1003"});
  query.offset = 50;
  CHECK(world.core->cases(query).empty());
  query.limit = 0;
  CHECK_THROWS_AS(world.core->cases(query), Error);
  query = by_distance(GeoPoint{91, 0});
  CHECK_THROWS_AS(world.core->cases(query), Error);
}

TEST_CASE("the search works in every order and the visits are counted") {
  PhoneWorld world;
  CaseQuery query = by_distance(GeoPoint{19.41, -99.15});
  query.text = "PERSONA 2 centró";
  CHECK(keys(world.core->cases(query)) == Keys{"C-1002"});
  const Uuid visit = world.answering_visit();
  world.core->answer(visit, "outcome", "refuses").value();
  Outcome outcome;
  outcome.code = "refuses";
  REQUIRE(world.core->finish_visit(visit, outcome).ok());
  query.text = "1001";
  CHECK(world.core->cases(query).empty());
  query.include_closed = true;
  REQUIRE(world.core->cases(query).size() == 1);
  CHECK(world.core->cases(query)[0].visits == 1);
  CHECK(world.core->outcomes(Purpose::Validation).size() == 1);
}
