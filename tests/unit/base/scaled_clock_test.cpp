#include "core/base/scaled_clock.hpp"

#include <doctest/doctest.h>

using terreno::TimePlan;

namespace {
constexpr std::int64_t kHourMs = 3'600'000;

TimePlan plan_with_nights() {
  TimePlan plan;
  plan.real_origin_ms = 1'000;
  plan.shown_origin_ms = 12 * kHourMs;
  plan.speed = 10;
  plan.night_begin_ms = 19 * kHourMs;
  plan.night_ms = 13 * kHourMs;
  return plan;
}
}  // namespace

TEST_CASE("a demo second passes in its share of a real one") {
  const TimePlan plan = plan_with_nights();
  CHECK(plan.shown_at(1'000) == 12 * kHourMs);
  CHECK(plan.shown_at(1'000 + kHourMs / 10) == 13 * kHourMs);
}

TEST_CASE("every night is leapt over") {
  const TimePlan plan = plan_with_nights();
  const std::int64_t first_evening = 1'000 + 7 * kHourMs / 10;
  CHECK(plan.shown_at(first_evening - 1) == 19 * kHourMs - 10);
  CHECK(plan.shown_at(first_evening) == (24 + 8) * kHourMs);
  CHECK(plan.shown_at(first_evening + 11 * kHourMs / 10) == (48 + 8) * kHourMs);
}

TEST_CASE("the wait for a moment ends at that moment, whatever nights lie between") {
  const TimePlan plan = plan_with_nights();
  for (std::int64_t hours = 12; hours < 100; ++hours) {
    const std::int64_t shown = hours * kHourMs;
    const std::int64_t real = 1'000 + plan.real_until(shown, 1'000);
    const bool at_night = shown >= 19 * kHourMs && (shown - 19 * kHourMs) % (24 * kHourMs) < 13 * kHourMs;
    CAPTURE(hours);
    CHECK(plan.shown_at(real) >= shown);
    if (!at_night) CHECK(plan.shown_at(real) == shown);
  }
}

TEST_CASE("a plan survives being written and read") {
  CHECK(TimePlan::parse(plan_with_nights().to_string()).value() == plan_with_nights());
  TimePlan simple;
  simple.shown_origin_ms = 1'790'000'000'000;
  simple.speed = 2.5;
  CHECK(TimePlan::parse(simple.to_string()).value() == simple);
}

TEST_CASE("a plan that makes no sense is refused") {
  for (const char* text : {"", "1,2", "1,2,0", "1,2,x", "1,2,3,4", "1,2,1e9", "1,9,3,4,5", "1,2,nan"}) {
    CAPTURE(text);
    CHECK_FALSE(TimePlan::parse(text).ok());
  }
}
