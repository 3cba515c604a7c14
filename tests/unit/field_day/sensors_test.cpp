#include "tools/field_day/sensors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace terreno;
using namespace terreno::field_day;

TEST_CASE("location errors are as large, as alike and as wrong as on real phones") {
  std::vector<double> x;
  std::vector<double> distances;
  int outliers = 0, within = 0;
  constexpr int kFixes = 20'000;
  LocationService service(town::Dice(4), Platform::Android);
  for (int i = 0; i < kFixes; ++i) {
    const auto reading = service.read(1'000'000 + i * 10'000, kStreetSigma_m);
    const double away = town::length(reading.error);
    if (away > 60) {
      ++outliers;
      continue;
    }
    x.push_back(reading.error.x);
    distances.push_back(away);
    within += away <= reading.accuracy_m;
  }
  CHECK(outliers == doctest::Approx(0.03 * kFixes).epsilon(0.25));
  std::sort(distances.begin(), distances.end());
  // A Rayleigh's median is σ √(2 ln 2).
  CHECK(distances[distances.size() / 2] == doctest::Approx(kStreetSigma_m * 1.1774).epsilon(0.05));
  double product = 0, square = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    product += x[i] * x[i - 1];
    square += x[i] * x[i];
  }
  CHECK(product / square == doctest::Approx(0.66).epsilon(0.06));
  // Android's claim is the 68 % radius.
  CHECK(within / static_cast<double>(distances.size()) == doctest::Approx(0.68).epsilon(0.12));
}

TEST_CASE("a battery lasts the day and is filled up when it runs low") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Battery battery{town::Dice(seed)};
    CHECK(battery.percent() >= 85);
    int least = 100;
    bool charged = false;
    for (int i = 0; i < 12 * 60; ++i) {
      battery.pass(1.0 / 12);
      least = std::min<int>(least, battery.percent());
      charged = charged || battery.charging();
    }
    CHECK(least >= 3);
    CHECK(charged);
  }
}

TEST_CASE("the network is away for about 25 minutes at a time") {
  int offline_minutes = 0, spells = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Reception reception(town::Dice(seed), 0);
    bool before = true;
    for (WallMs minute = 0; minute < 600; ++minute) {
      const bool online = reception.online(minute * 60'000);
      offline_minutes += !online;
      spells += before && !online;
      before = online;
    }
  }
  CHECK(spells > 300);
  CHECK(static_cast<double>(offline_minutes) / spells == doctest::Approx(25).epsilon(0.2));
}
