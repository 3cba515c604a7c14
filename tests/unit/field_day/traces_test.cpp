#include "tools/field_day/traces.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"
#include "core/geo/distance.hpp"

using namespace terreno;
using namespace terreno::field_day;

namespace {

Fix fix_at(std::int64_t at_ms, double north_m, double accuracy_m) {
  Fix fix;
  fix.captured_at_ms = at_ms;
  fix.point = geo::LocalFrame({20, -101}).to_point({0, north_m});
  fix.accuracy_m = accuracy_m;
  return fix;
}

}  // namespace

TEST_CASE("a stop is where somebody stays for five minutes; a bad fix does not end it") {
  std::vector<Fix> fixes;
  for (int i = 0; i < 20; ++i) fixes.push_back(fix_at(i * 30'000, i * 60.0, 10));  // riding
  for (int i = 20; i < 40; ++i) fixes.push_back(fix_at(i * 30'000, 1'200 + i % 3 * 8, 10));
  fixes.push_back(fix_at(40 * 30'000, 9'000, 900));
  for (int i = 41; i < 50; ++i) fixes.push_back(fix_at(i * 30'000, 1'200, 10));
  for (int i = 50; i < 60; ++i) fixes.push_back(fix_at(i * 30'000, 1'200 + (i - 49) * 200.0, 10));
  const auto stops = find_stops(fixes);
  REQUIRE(stops.size() == 1);
  CHECK(geo::geodesic_m(stops[0].centre, fixes[30].point) < 40);
  CHECK(stops[0].from_ms >= 17 * 30'000);
  CHECK(stops[0].from_ms <= 20 * 30'000);
  CHECK(stops[0].to_ms == 49 * 30'000);
}

TEST_CASE("without the real movements the message says where they were looked for") {
  try {
    read_traces("/nowhere", 0, 1);
    FAIL("read from nowhere");
  } catch (const Error& error) {
    CHECK(error.code == ErrorCode::NotFound);
    CHECK(error.message.find("/nowhere") != std::string::npos);
  }
}

TEST_CASE("real days have fixes in order, real accuracies and stops to visit") {
  const std::string folder = std::string(TERRENO_SOURCE_DIR) + "/../shared/data/location";
  if (!std::filesystem::exists(folder + "/saopaulo-odc2017")) {
    MESSAGE("skipped: no real movements at " << folder);
    return;
  }
  const auto days = read_traces(folder, 8 * 3'600'000, 18 * 3'600'000);
  CHECK(days.size() >= 40);
  for (const TraceDay& day : days) {
    CHECK(day.fixes.size() >= 120);
    CHECK(day.stops.size() >= 2);
    CHECK(std::is_sorted(day.fixes.begin(), day.fixes.end(),
                         [](const Fix& a, const Fix& b) { return a.captured_at_ms < b.captured_at_ms; }));
    for (const TraceStop& stop : day.stops) CHECK(stop.to_ms - stop.from_ms >= 300'000);
  }
}
