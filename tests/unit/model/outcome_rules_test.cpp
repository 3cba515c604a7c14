#include "core/model/outcome_rules.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace terreno;

namespace {

const auto kToday = *parse_day("2026-03-12");

std::string trouble(const OutcomeDefinition& definition, const Outcome& outcome, bool has_photo = false) {
  const std::vector<EvidenceRef> evidence(has_photo ? 1 : 0);
  const auto fault = find_fault(definition, outcome, evidence, kToday);
  return fault ? explain(*fault, Language::English) : std::string();
}

Outcome promising(Cents amount, std::string date) {
  Outcome outcome;
  outcome.promise = PromiseToPay{amount, std::move(date), "transfer"};
  return outcome;
}

}  // namespace

TEST_CASE("days are read strictly") {
  CHECK(parse_day("2026-02-28").has_value());
  CHECK(parse_day("2028-02-29").has_value());
  for (const char* wrong :
       {"2026-02-29", "2026-13-01", "2026-1-1", "20260101", "2026-01-1x", "+026-01-01", ""}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_day(wrong).has_value());
  }
}

TEST_CASE("a tenant's day begins at its own midnight") {
  const WallMs half_past_five_utc = 1'773'293'400'000;  // 2026-03-12 05:30 UTC
  CHECK(local_day(half_past_five_utc, 0) == *parse_day("2026-03-12"));
  CHECK(local_day(half_past_five_utc, -360) == *parse_day("2026-03-11"));
  CHECK(local_day(-1, 0) == *parse_day("1969-12-31"));
}

TEST_CASE("a promise needs an amount and a day from today to half a year ahead") {
  OutcomeDefinition promise;
  promise.asks_promise = true;
  CHECK(trouble(promise, promising(150'000, "2026-03-12")).empty());
  CHECK(trouble(promise, promising(150'000, "2026-09-08")).empty());
  CHECK(trouble(promise, promising(150'000, "2026-09-09")).find("180 days") != std::string::npos);
  CHECK(trouble(promise, promising(150'000, "2026-03-11")).find("past") != std::string::npos);
  CHECK(trouble(promise, promising(0, "2026-03-20")).find("above zero") != std::string::npos);
  CHECK(trouble(promise, promising(1, "mañana")).find("date is missing") != std::string::npos);
  CHECK(trouble(promise, Outcome{}).find("asks for the promise") != std::string::npos);
}

TEST_CASE("a promise that was not asked for must make sense too") {
  CHECK_FALSE(trouble(OutcomeDefinition{}, promising(-5, "2026-03-20")).empty());
  CHECK(trouble(OutcomeDefinition{}, promising(5, "2026-03-20")).empty());
}

TEST_CASE("payment and photo are asked for") {
  OutcomeDefinition paid;
  paid.asks_payment = true;
  Outcome outcome;
  CHECK_FALSE(trouble(paid, outcome).empty());
  outcome.payment = Payment{0, "cash", ""};
  CHECK_FALSE(trouble(paid, outcome).empty());
  outcome.payment->amount = 100;
  CHECK(trouble(paid, outcome).empty());
  outcome.payment->receipt = std::string(kMaxOutcomeWordBytes + 1, 'x');
  CHECK_FALSE(trouble(paid, outcome).empty());

  OutcomeDefinition seen;
  seen.asks_photo = true;
  CHECK_FALSE(trouble(seen, Outcome{}).empty());
  CHECK(trouble(seen, Outcome{}, true).empty());
}

TEST_CASE("everything that an outcome can have wrong is explained") {
  for (int i = 0; i <= static_cast<int>(OutcomeFault::TooLong); ++i) {
    CHECK_FALSE(explain(static_cast<OutcomeFault>(i), Language::Spanish).empty());
  }
}
