#include "core/visit/suggestion.hpp"

#include <doctest/doctest.h>

using namespace terreno;

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
