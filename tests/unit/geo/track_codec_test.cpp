#include "core/geo/track_codec.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "core/geo/residual_coder.hpp"

namespace terreno::geo {
namespace {

using Random = std::mt19937_64;
constexpr WallMs kStart = 1'760'000'000'000;

double uniform(Random& random, double from, double to) {
  return std::uniform_real_distribution<double>(from, to)(random);
}

/// A walk at 10 s with a little of everything that phones leave out.
std::vector<Fix> walk(Random& random, std::size_t count, GeoPoint at) {
  std::vector<Fix> fixes;
  double accuracy = 12;
  for (std::size_t i = 0; i < count; ++i) {
    at.lat += uniform(random, -1e-4, 1e-4);
    at.lon += uniform(random, -1e-4, 1e-4);
    if (at.lon > 180) at.lon -= 360;
    if (random() % 4 == 0) accuracy = uniform(random, 4, 60);
    Fix fix;
    fix.captured_at_ms = kStart + std::int64_t(i) * 10'000 + std::int64_t(random() % 900);
    fix.mono_ms = 86'000'000 + std::int64_t(i) * 10'000;
    fix.point = at;
    fix.accuracy_m = accuracy;
    if (random() % 3 != 0) fix.speed_mps = uniform(random, 0, 3);
    if (random() % 3 != 0) fix.bearing_deg = uniform(random, 0, 360);
    if (random() % 3 != 0) fix.altitude_m = uniform(random, 2200, 2260);
    fix.mock = random() % 50 == 0;
    fixes.push_back(fix);
  }
  return fixes;
}

double any_number(Random& random) {
  static constexpr std::array<double, 12> kOdd{0,
                                               -0.0,
                                               1e-9,
                                               1e9,
                                               -1e9,
                                               89.9999999,
                                               180,
                                               -180,
                                               1e300,
                                               std::numeric_limits<double>::infinity(),
                                               -std::numeric_limits<double>::infinity(),
                                               std::numeric_limits<double>::quiet_NaN()};
  return random() % 2 == 0 ? kOdd[random() % kOdd.size()] : uniform(random, -400, 400);
}

std::vector<Fix> anything(Random& random, std::size_t count) {
  static constexpr std::array<std::int64_t, 5> kTimes{0, -1, std::numeric_limits<std::int64_t>::max(),
                                                      std::numeric_limits<std::int64_t>::min(), kStart};
  std::vector<Fix> fixes(count);
  for (Fix& fix : fixes) {
    fix.captured_at_ms = kTimes[random() % kTimes.size()];
    fix.mono_ms = kTimes[random() % kTimes.size()];
    fix.point = {any_number(random), any_number(random)};
    fix.accuracy_m = any_number(random);
    if (random() % 2) fix.speed_mps = any_number(random);
    if (random() % 2) fix.bearing_deg = any_number(random);
    if (random() % 2) fix.altitude_m = any_number(random);
    fix.mock = random() % 2 == 0;
  }
  return fixes;
}

std::vector<BatterySample> batteries(Random& random, std::size_t count) {
  std::vector<BatterySample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    samples.push_back(
        {kStart + std::int64_t(random() % 300'000), std::uint8_t(random() % 256), random() % 2 == 0});
  }
  return samples;
}

void check_round_trip(const std::vector<Fix>& fixes, const std::vector<BatterySample>& battery) {
  const Bytes packed = pack_track(fixes, battery);
  const auto back = unpack_track(packed);
  REQUIRE(back.ok());
  REQUIRE(back->fixes.size() == fixes.size());
  REQUIRE(back->battery.size() == battery.size());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < fixes.size(); ++i) {
    wrong += back->fixes[i] != quantised(fixes[i]) || quantised(back->fixes[i]) != back->fixes[i];
  }
  for (std::size_t i = 0; i < battery.size(); ++i) wrong += back->battery[i] != quantised(battery[i]);
  CHECK(wrong == 0);
  CHECK(pack_track(back->fixes, back->battery) == packed);
}

}  // namespace

TEST_CASE("a chunk comes back as quantised, whatever it held") {
  Random random(1);
  check_round_trip({}, {});
  check_round_trip({}, batteries(random, 3));
  for (std::size_t count = 1; count < 60; ++count) {
    check_round_trip(walk(random, count, {19.4, -99.1}), batteries(random, count % 5));
    check_round_trip(walk(random, count, {-16.8, 179.9999}), {});
    check_round_trip(anything(random, count), batteries(random, count % 3));
  }
  auto backwards = walk(random, 40, {-12.05, -77.04});
  std::reverse(backwards.begin(), backwards.end());
  check_round_trip(backwards, {});
}

TEST_CASE("the codec keeps what it promises of a fix") {
  Fix fix;
  fix.captured_at_ms = kStart + 499;
  fix.mono_ms = 500;
  fix.point = {19.43260749, -99.13320851};
  fix.accuracy_m = 8.2;
  fix.speed_mps = 1.26;
  fix.bearing_deg = 359.7;
  fix.altitude_m = -3.4;
  const Fix kept = quantised(fix);
  CHECK(kept.captured_at_ms == kStart);
  CHECK(kept.mono_ms == 1000);
  CHECK(kept.point == GeoPoint{19.432607, -99.133209});
  CHECK(kept.accuracy_m == 9);
  CHECK(kept.speed_mps == 1.3);
  CHECK(kept.bearing_deg == 0);
  CHECK(kept.altitude_m == -3);
}

TEST_CASE("a chunk of one spot stays tiny and a full chunk fits") {
  std::vector<Fix> still(kMaxFixesPerChunk);
  for (std::size_t i = 0; i < still.size(); ++i) {
    still[i].captured_at_ms = kStart + std::int64_t(i) * 10'000;
    still[i].mono_ms = 5'000 + std::int64_t(i) * 10'000;
    still[i].point = {4.7, -74.07};
    still[i].accuracy_m = 10;
  }
  CHECK(pack_track(still, {}).size() < 150);
  CHECK(pack_track(std::span(still).first(30), {}).size() <= 40);
  check_round_trip(still, {});
  still.emplace_back();
  CHECK_THROWS_AS(pack_track(still, {}), Error);
}

TEST_CASE("thirty fixes of a walk at ten seconds cost at most seven bytes each") {
  Random random(4);
  std::size_t bytes = 0;
  for (int i = 0; i < 50; ++i) bytes += pack_track(walk(random, 30, {19.4, -99.1}), {}).size();
  CHECK(static_cast<double>(bytes) / (50 * 30) < 7.0);
}

TEST_CASE("cut, lengthened and changed chunks are refused or read as some track, never worse") {
  Random random(9);
  const Bytes whole = pack_track(walk(random, 30, {19.4, -99.1}), batteries(random, 4));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(unpack_track(ByteView(whole).first(size)).ok());
  }
  Bytes longer = whole;
  longer.push_back(0);
  CHECK_FALSE(unpack_track(longer).ok());
  for (int i = 0; i < 10'000; ++i) {
    Bytes changed = whole;
    for (int n = 0; n < 1 + int(random() % 4); ++n)
      changed[random() % changed.size()] = std::uint8_t(random());
    const auto read = unpack_track(changed);
    if (!read.ok()) continue;
    CHECK(read->fixes.size() <= kMaxFixesPerChunk);
    CHECK(std::all_of(read->fixes.begin(), read->fixes.end(),
                      [](const Fix& fix) { return quantised(fix) == fix; }));
  }
}

TEST_CASE("random bytes never break the reader") {
  Random random(10);
  for (int i = 0; i < 50'000; ++i) {
    Bytes bytes(random() % 80);
    for (auto& byte : bytes) byte = std::uint8_t(random() % 3 == 0 ? 0xFF : random());
    if (!bytes.empty()) bytes[0] = 1;
    static_cast<void>(unpack_track(bytes).ok());
  }
  CHECK(unpack_track(Bytes{2, 0, 0}).error().code == ErrorCode::UnsupportedVersion);
  CHECK(unpack_track(Bytes{}).error().code == ErrorCode::MalformedBytes);
  CHECK(unpack_track(Bytes{1, 0xFE, 0xFF, 0x7F, 0}).error().code == ErrorCode::TooLarge);
}

TEST_CASE("residuals of any size and any pattern come back") {
  Random random(12);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::int64_t> values(random() % 200);
    const unsigned width = unsigned(random() % 65), zeros = unsigned(random() % 20);
    for (auto& value : values) {
      const std::uint64_t bits = width == 0 ? 0 : random() >> (64 - width);
      value = random() % 20 < zeros ? 0 : static_cast<std::int64_t>(bits);
    }
    const ColumnPrior prior{unsigned(random() % 5), unsigned(random() % 9)};
    BitWriter writer;
    write_residuals(writer, values, prior);
    const Bytes bytes = writer.finish();
    std::vector<std::int64_t> back(values.size(), -1);
    BitReader reader(bytes);
    read_residuals(reader, back, prior);
    CHECK(reader.at_clean_end());
    CHECK(back == values);
  }
}

}  // namespace terreno::geo
