#include "core/visit/gate_clock.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace terreno;

namespace {

constexpr WallMs kTrue = 1'773'331'200'000;

Fix fix(std::int64_t captured_s, std::int64_t arrived_s) {
  Fix made;
  made.captured_at_ms = kTrue + captured_s * 1'000;
  made.mono_ms = arrived_s * 1'000;
  return made;
}

}  // namespace

TEST_CASE("a live location service tells the time when the phone's clock is wrong") {
  const std::vector<Fix> live{fix(0, 100), fix(5, 105), fix(10, 110)};
  const WallMs years_off = kTrue + 5LL * 365 * 86'400'000;
  CHECK(gate_now(live, years_off, 112'000) == kTrue + 12'000);
  CHECK(gate_now(live, 0, 112'000) == kTrue + 12'000);
}

TEST_CASE("an old fix that is handed out again is no clock") {
  const WallMs wall = kTrue + 600'000;
  CHECK(gate_now(std::vector<Fix>{fix(0, 100)}, wall, 700'000) == wall);
  CHECK(gate_now(std::vector<Fix>{fix(0, 695), fix(0, 700)}, wall, 700'000) == wall);
  CHECK(gate_now({}, wall, 700'000) == wall);
}

TEST_CASE("fixes that came in one bundle are no clock") {
  const std::vector<Fix> bundle{fix(0, 300), fix(5, 300), fix(10, 300)};
  CHECK(gate_now(bundle, kTrue + 11'000, 301'000) == kTrue + 11'000);
}

TEST_CASE("the newest pair that shows a live service counts") {
  const std::vector<Fix> after_a_pause{fix(0, 100), fix(5, 105), fix(5, 400)};
  CHECK(gate_now(after_a_pause, 0, 400'000) == kTrue + 300'000);
}

TEST_CASE("a pair from before the clock stood still is no clock any more") {
  const std::vector<Fix> slept{fix(0, 100), fix(5, 105), fix(310, 110)};
  const WallMs wall = kTrue + 312'000;
  CHECK(gate_now(slept, wall, 112'000) == wall);
  const std::vector<Fix> awake{fix(0, 100), fix(5, 105), fix(310, 110), fix(315, 115)};
  CHECK(gate_now(awake, 0, 117'000) == kTrue + 317'000);
}
