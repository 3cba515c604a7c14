#include "core/visit/outcome_rules.hpp"

#include <doctest/doctest.h>

#include "core/visit/suggestion.hpp"

using namespace terreno;

namespace {

const auto kToday = *parse_day("2026-03-12");

std::string trouble(const OutcomeDefinition& definition, const Outcome& outcome, bool has_photo = false) {
  const auto checked = check_outcome(definition, outcome, has_photo, kToday, Language::English);
  if (checked) return {};
  CHECK(checked.error().code == ErrorCode::OutcomeInvalid);
  return checked.error().message;
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

TEST_CASE("amounts are whole cents, rounded half up") {
  CHECK(cents_of("1500") == 150'000);
  CHECK(cents_of("99.5") == 9'950);
  CHECK(cents_of("0.005") == 1);
  CHECK(cents_of("0.004999") == 0);
  CHECK(cents_of(".5") == 50);
  CHECK(cents_of("7.") == 700);
  CHECK(cents_of("9999999999999") == 999'999'999'999'900);
  for (const char* wrong : {"", ".", "-1", "1e3", "1,5", "12345678901234", "1.2.3", " 1", "NaN"}) {
    CAPTURE(wrong);
    CHECK_FALSE(cents_of(wrong).has_value());
  }
}

TEST_CASE("the answers suggest the outcome") {
  const std::vector<FormAnswer> answers{{"outcome", "promise"},
                                        {"promise/amount", "1200.50"},
                                        {"promise/date", "2026-03-20"},
                                        {"promise/means", "transfer"}};
  const Outcome suggested = suggest_outcome(Purpose::Collection, answers);
  CHECK(suggested.code == "promise");
  CHECK(suggested.promise == PromiseToPay{120'050, "2026-03-20", "transfer"});
  CHECK_FALSE(suggested.payment.has_value());

  const std::vector<FormAnswer> paid{{"outcome", "paid_part"},
                                     {"payment/method", "cash"},
                                     {"payment/amount", "300"},
                                     {"payment/receipt", "A-17"}};
  CHECK(suggest_outcome(Purpose::Collection, paid).payment == Payment{30'000, "cash", "A-17"});

  const std::vector<FormAnswer> finding{{"finding", "not_located"}};
  CHECK(suggest_outcome(Purpose::Validation, finding).code == "validation_not_located");
  CHECK(suggest_outcome(Purpose::Validation, {}).code.empty());
}

TEST_CASE("an agreement's first instalment is its promise, and groups do not hide a finding") {
  const std::vector<FormAnswer> agreed{{"outcome", "agreement"},
                                       {"agreement/instalments", "6"},
                                       {"agreement/instalment_amount", "450"},
                                       {"agreement/first_date", "2026-03-30"}};
  CHECK(suggest_outcome(Purpose::Collection, agreed).promise == PromiseToPay{45'000, "2026-03-30", ""});
  const std::vector<FormAnswer> grouped{{"close/machine_finding", "negative"}, {"close/finding", "positive"}};
  CHECK(suggest_outcome(Purpose::Validation, grouped).code == "validation_positive");
}
