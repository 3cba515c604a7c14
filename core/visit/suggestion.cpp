#include "core/visit/suggestion.hpp"

#include <algorithm>

namespace terreno {
namespace {

/// Authors put questions into groups of their own ("close/finding"), so the end of a path decides.
bool stands_at(std::string_view path, std::string_view wanted) {
  if (!path.ends_with(wanted)) return false;
  return path.size() == wanted.size() || path[path.size() - wanted.size() - 1] == '/';
}

std::string answer_at(std::span<const FormAnswer> answers, std::string_view wanted) {
  const auto found = std::find_if(answers.begin(), answers.end(), [wanted](const FormAnswer& answer) {
    return stands_at(answer.path, wanted);
  });
  return found == answers.end() ? std::string() : found->value;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A dateTime answer has the day in front.
std::string day_at(std::span<const FormAnswer> answers, std::string_view wanted) {
  return answer_at(answers, wanted).substr(0, 10);
}

std::optional<PromiseToPay> promise_in(std::span<const FormAnswer> answers) {
  if (const auto amount = cents_of(answer_at(answers, "promise/amount"))) {
    return PromiseToPay{*amount, day_at(answers, "promise/date"), answer_at(answers, "promise/means")};
  }
  if (const auto first = cents_of(answer_at(answers, "agreement/instalment_amount"))) {
    return PromiseToPay{*first, day_at(answers, "agreement/first_date"), {}};
  }
  return std::nullopt;
}

std::optional<Payment> payment_in(std::span<const FormAnswer> answers) {
  const auto amount = cents_of(answer_at(answers, "payment/amount"));
  if (!amount) return std::nullopt;
  return Payment{*amount, answer_at(answers, "payment/method"), answer_at(answers, "payment/receipt")};
}

}  // namespace

std::optional<Cents> cents_of(std::string_view decimal) {
  constexpr std::size_t kMaxWholeDigits = 13;
  const std::size_t point = std::min(decimal.find('.'), decimal.size());
  const std::string_view whole = decimal.substr(0, point);
  const std::string_view fraction = decimal.substr(std::min(point + 1, decimal.size()));
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (whole.size() > kMaxWholeDigits || !all_digits(whole) || !all_digits(fraction)) return std::nullopt;
  Cents cents = 0;
  for (const char c : whole) cents = cents * 10 + (c - '0');
  for (std::size_t i = 0; i < 2; ++i) cents = cents * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  if (fraction.size() > 2 && fraction[2] >= '5') ++cents;
  return cents;
}

Outcome suggest_outcome(Purpose purpose, std::span<const FormAnswer> answers) {
  Outcome outcome;
  if (purpose == Purpose::Validation) {
    const std::string finding = answer_at(answers, "finding");
    if (!finding.empty()) outcome.code = "validation_" + finding;
    return outcome;
  }
  outcome.code = answer_at(answers, "outcome");
  outcome.promise = promise_in(answers);
  outcome.payment = payment_in(answers);
  return outcome;
}

}  // namespace terreno
