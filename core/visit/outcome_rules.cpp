#include "core/visit/outcome_rules.hpp"

namespace terreno {
namespace {

Error invalid(Language language, std::string_view key) {
  return Error(ErrorCode::OutcomeInvalid, text(language, key));
}

// yyyy-mm-dd by place; from_chars alone would take signs.
std::optional<int> digits(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

Result<void> check_promise(const PromiseToPay& promise, std::chrono::sys_days today, Language language) {
  if (promise.amount <= 0) return invalid(language, "outcome.promise_amount");
  const auto day = parse_day(promise.date);
  if (!day) return invalid(language, "outcome.promise_date_missing");
  if (*day < today) return invalid(language, "outcome.promise_date_past");
  if (*day > today + std::chrono::days(kMaxPromiseDays)) {
    return Error(ErrorCode::OutcomeInvalid,
                 text(language, "outcome.promise_date_far", {{"days", std::to_string(kMaxPromiseDays)}}));
  }
  return {};
}

bool too_long(const Outcome& outcome) {
  const auto over = [](const std::string& word) { return word.size() > kMaxOutcomeWordBytes; };
  return outcome.note.size() > kMaxOutcomeNoteBytes || (outcome.promise && over(outcome.promise->means)) ||
         (outcome.payment && (over(outcome.payment->method) || over(outcome.payment->receipt)));
}

}  // namespace

std::chrono::sys_days local_day(WallMs at_ms, std::int32_t utc_offset_minutes) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(at_ms)};
  return std::chrono::floor<std::chrono::days>(at + std::chrono::minutes(utc_offset_minutes));
}

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

Result<void> check_outcome(const OutcomeDefinition& definition, const Outcome& outcome, bool has_photo,
                           std::chrono::sys_days today, Language language) {
  if (definition.asks_promise && !outcome.promise) return invalid(language, "outcome.promise_missing");
  if (definition.asks_payment && !outcome.payment) return invalid(language, "outcome.payment_missing");
  if (definition.asks_photo && !has_photo) return invalid(language, "outcome.photo_missing");
  if (outcome.promise) {
    if (auto checked = check_promise(*outcome.promise, today, language); !checked) return checked;
  }
  if (outcome.payment && outcome.payment->amount <= 0) return invalid(language, "outcome.payment_amount");
  if (too_long(outcome)) return invalid(language, "outcome.too_long");
  return {};
}

}  // namespace terreno
