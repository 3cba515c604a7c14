#include "core/geo/track.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/geo/distance.hpp"

namespace terreno::geo {
namespace {

const GeoPoint kHere{20.67, -103.35};

Fix fix_at(double east_m, double north_m, int second, double accuracy_m = 8) {
  Fix fix;
  fix.captured_at_ms = 1'760'000'000'000 + second * 1000LL;
  fix.point = LocalFrame(kHere).to_point({east_m, north_m});
  fix.accuracy_m = accuracy_m;
  return fix;
}

std::vector<Fix> kilometre_east() {
  std::vector<Fix> fixes;
  for (int i = 0; i <= 100; ++i) fixes.push_back(fix_at(10 * i, 0, 8 * i));
  return fixes;
}

}  // namespace

TEST_CASE("a straight kilometre is a kilometre, in any order of the fixes") {
  auto fixes = kilometre_east();
  CHECK(travelled_m(fixes) == doctest::Approx(1000).epsilon(0.03));
  std::shuffle(fixes.begin(), fixes.end(), std::mt19937_64(1));
  CHECK(travelled_m(fixes) == doctest::Approx(1000).epsilon(0.03));
  CHECK(travelled_m({}) == 0);
}

TEST_CASE("a parked phone's drift is no way gone") {
  std::mt19937_64 random(2);
  std::normal_distribution<double> noise(0, 6);
  std::vector<Fix> fixes;
  for (int i = 0; i < 3000; ++i) fixes.push_back(fix_at(noise(random), noise(random), 10 * i, 15));
  CHECK(travelled_m(fixes) < 200);
}

TEST_CASE("a fix that no vehicle could have reached does not count, and a wrong first one neither") {
  auto fixes = kilometre_east();
  fixes[50].point = LocalFrame(kHere).to_point({90'000, 0});
  CHECK(travelled_m(fixes) == doctest::Approx(1000).epsilon(0.03));
  fixes = kilometre_east();
  fixes[0].point = LocalFrame(kHere).to_point({0, 500'000});
  CHECK(travelled_m(fixes) == doctest::Approx(970).epsilon(0.04));
}

TEST_CASE("a single fix that leaps away and back adds no way and no peak, standing, walking or driving") {
  struct Row {
    const char* what;
    double step_m;
    double off_m;
  };
  for (const Row& row : {Row{"standing", 0, 90}, Row{"standing", 0, 300}, Row{"walking", 14, 100},
                         Row{"walking", 14, 250}, Row{"riding", 80, 300}}) {
    CAPTURE(row.what);
    CAPTURE(row.off_m);
    std::vector<Fix> fixes;
    for (int i = 0; i <= 60; ++i) fixes.push_back(fix_at(row.step_m * i, 0, 10 * i));
    const double honest = travelled_m(fixes);
    for (const int at : {1, 20, 40, 59})
      fixes[static_cast<std::size_t>(at)].point = LocalFrame(kHere).to_point({row.step_m * at, row.off_m});
    CHECK(travelled_m(fixes) <= honest * 1.02 + 1);
    for (const GeoPoint& point : trail(fixes, 5)) {
      CHECK(std::abs(LocalFrame(kHere).to_xy(point).y_m) < 20);
    }
  }
}

TEST_CASE("who goes to a place and comes back has gone both ways") {
  // 400 m out on foot, a minute there, and back; and a dead end by motorcycle with one fix at its end.
  std::vector<Fix> fixes;
  for (int i = 0; i <= 30; ++i) fixes.push_back(fix_at(13.3 * i, 0, 10 * i));
  for (int i = 0; i <= 30; ++i) fixes.push_back(fix_at(13.3 * (30 - i), 0, 360 + 10 * i));
  CHECK(travelled_m(fixes) == doctest::Approx(798).epsilon(0.04));
  fixes.clear();
  for (int i = -8; i <= 8; ++i) fixes.push_back(fix_at(60.0 * (8 - std::abs(i)), 0, 1000 + 10 * i));
  CHECK(travelled_m(fixes) == doctest::Approx(960).epsilon(0.02));
  // Seldom fixes: half a kilometre and back between two of them is a short ride.
  fixes = {fix_at(0, 0, 0), fix_at(500, 0, 60), fix_at(10, 0, 120)};
  CHECK(travelled_m(fixes) == doctest::Approx(990).epsilon(0.02));
}

TEST_CASE("the trail keeps corners and drops what a straight line tells") {
  auto fixes = kilometre_east();
  for (int i = 1; i <= 50; ++i) fixes.push_back(fix_at(1000, 10 * i, 800 + 8 * i));
  const auto line = trail(fixes, 5);
  CHECK(line.size() <= 5);
  bool has_corner = false;
  for (const GeoPoint& point : line) {
    has_corner = has_corner || geodesic_m(point, LocalFrame(kHere).to_point({1000, 0})) < 25;
  }
  CHECK(has_corner);
  CHECK(trail({}, 5).empty());
  CHECK(trail(fixes, 0).size() > line.size());
}

}  // namespace terreno::geo
