#include "server/api/day_trails.hpp"

#include <doctest/doctest.h>

#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

constexpr Period kDay{kMorning - 36'000'000, kMorning + 36'000'000};
const Uuid kShift = numbered_id(6, 1);

/// Fixes every ten seconds on a straight way north.
TrackChunk walk(WallMs from_ms, double from_lat, int fixes, double step_deg = 2e-4) {
  std::vector<Fix> samples;
  for (int i = 0; i < fixes; ++i)
    samples.push_back(sample_fix(from_ms + i * 10'000, from_lat + step_deg * i));
  TrackChunk chunk;
  chunk.shift_id = kShift;
  chunk.from_ms = from_ms;
  chunk.to_ms = samples.back().captured_at_ms;
  chunk.fix_count = static_cast<std::uint32_t>(fixes);
  chunk.packed = geo::pack_track(samples, {});
  return chunk;
}

double travelled(Office& office) { return office.get("/api/summary").at("travelled_m").to_number<double>(); }

}  // namespace

TEST_CASE("The day's way is right after late points, and after the phone of a second gestor") {
  Office office;
  SamplePhone phone = office.company.enrol(1);
  CHECK(travelled(office) == 0);
  REQUIRE(apply(*office.storage, phone.batch({walk(kMorning, 19.44, 31)})).ok());
  const double first = travelled(office);
  CHECK(first == doctest::Approx(664).epsilon(0.05));
  CHECK(travelled(office) == first);
  // What the phone walked an hour before reaches the server only now.
  REQUIRE(apply(*office.storage, phone.batch({walk(kMorning - 3'600'000, 19.40, 61)})).ok());
  const double both = travelled(office);
  CHECK(both > first + 1300);
  const auto fixes = office.storage->track(office.company.id(), office.company.gestor_id(1), kDay);
  CHECK(both == doctest::Approx(make_day_trail(fixes).travelled_m).epsilon(0.001));
  REQUIRE(apply(*office.storage, office.company.enrol(2).batch({walk(kMorning, 19.44, 31)})).ok());
  CHECK(travelled(office) == doctest::Approx(both + first).epsilon(0.001));
  const json::array features = office.get("/api/trails").at("features").as_array();
  REQUIRE(features.size() == 2);
  // An hour without a word breaks the line in two.
  CHECK(features[0].at("geometry").at("type") == "MultiLineString");
  CHECK(features[1].at("geometry").at("type") == "LineString");
  CHECK(office.get("/api/summary", "foreign").at("travelled_m").to_number<double>() == 0);
}

TEST_CASE("Tracks are unpacked only for a gestor whose day has grown") {
  Office office;
  SamplePhone one = office.company.enrol(1);
  SamplePhone two = office.company.enrol(2);
  REQUIRE(apply(*office.storage, one.batch({walk(kMorning, 19.44, 31)})).ok());
  REQUIRE(apply(*office.storage, two.batch({walk(kMorning, 19.44, 31)})).ok());
  DayTrails trails(*office.storage);
  for (int i = 0; i < 5; ++i) CHECK(trails.of(office.company.id(), kDay).size() == 2);
  CHECK(trails.made() == 2);
  REQUIRE(apply(*office.storage, two.batch({walk(kMorning + 400'000, 19.45, 10)})).ok());
  const auto after = trails.of(office.company.id(), kDay);
  CHECK(trails.made() == 3);
  CHECK(after.at(office.company.gestor_id(2))->travelled_m >
        after.at(office.company.gestor_id(1))->travelled_m + 100);
  CHECK(trails.of(office.company.id(), {0, 1000}).empty());
}

TEST_CASE("The trails of many days take bounded memory, and the one unused longest goes") {
  Office office;
  SamplePhone phone = office.company.enrol(1);
  REQUIRE(apply(*office.storage, phone.batch({walk(kMorning, 19.44, 31)})).ok());
  DayTrails trails(*office.storage, 2);
  const auto ask = [&](std::int64_t shift_ms) {
    return trails.of(office.company.id(), {kDay.from_ms + shift_ms, kDay.to_ms}).size();
  };
  for (const std::int64_t shift_ms : {0, 1, 0, 2}) CHECK(ask(shift_ms) == 1);
  CHECK(trails.made() == 3);
  ask(0);
  CHECK(trails.made() == 3);
  ask(1);
  CHECK(trails.made() == 4);
}

TEST_CASE("A single wild fix adds no way and no peak to what supervisors see") {
  Office office;
  SamplePhone phone = office.company.enrol(1);
  std::vector<Fix> fixes;
  for (int i = 0; i < 60; ++i) fixes.push_back(sample_fix(kMorning + i * 10'000, 19.44 + 1e-4 * i));
  fixes[20].point.lon += 0.002;
  fixes[40].point.lon -= 0.002;
  TrackChunk chunk = walk(kMorning, 19.44, 60);
  chunk.packed = geo::pack_track(fixes, {});
  REQUIRE(apply(*office.storage, phone.batch({chunk})).ok());
  CHECK(travelled(office) == doctest::Approx(653).epsilon(0.05));
  const std::string id = office.company.gestor_id(1).to_string();
  CHECK(office.get("/api/gestores/" + id + "/track").at("travelled_m").to_number<double>() ==
        doctest::Approx(653).epsilon(0.05));
  const json::value trails = office.get("/api/trails");
  for (const json::value& point : trails.at("features").at(0).at("geometry").at("coordinates").as_array()) {
    CHECK(point.at(0).as_double() == doctest::Approx(-99.1332).epsilon(1e-6));
  }
}
