#include "core/model/outcome_rules.hpp"

#include <algorithm>
#include <array>

namespace terreno {
namespace {

/// In the order of OutcomeFault; each has a text `outcome.<name>` in the catalogue.
constexpr std::array<const char*, 9> kNames = {
    "promise_missing",   "payment_missing",  "photo_missing",  "promise_amount", "promise_date_missing",
    "promise_date_past", "promise_date_far", "payment_amount", "too_long"};
static_assert(kNames.size() == static_cast<std::size_t>(OutcomeFault::TooLong) + 1);

// yyyy-mm-dd by place; from_chars alone would take signs.
std::optional<int> digits(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::optional<OutcomeFault> promise_fault(const PromiseToPay& promise, std::chrono::sys_days today) {
  if (promise.amount <= 0) return OutcomeFault::PromiseAmount;
  const auto day = parse_day(promise.date);
  if (!day) return OutcomeFault::PromiseDateMissing;
  if (*day < today) return OutcomeFault::PromiseDatePast;
  if (*day > today + std::chrono::days(kMaxPromiseDays)) return OutcomeFault::PromiseDateFar;
  return std::nullopt;
}

bool too_long(const Outcome& outcome) {
  const auto over = [](const std::string& word) { return word.size() > kMaxOutcomeWordBytes; };
  return outcome.note.size() > kMaxOutcomeNoteBytes || (outcome.promise && over(outcome.promise->means)) ||
         (outcome.payment && (over(outcome.payment->method) || over(outcome.payment->receipt)));
}

}  // namespace

std::chrono::sys_days local_day(WallMs at_ms, std::int32_t utc_offset_minutes) {
  // The server asks this of times that others wrote: the days of a clamped one can still be counted.
  constexpr WallMs kFarthestMs = 100'000'000'000'000'000;  // three million years
  const std::chrono::sys_time<std::chrono::milliseconds> at{
      std::chrono::milliseconds(std::clamp(at_ms, -kFarthestMs, kFarthestMs))};
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

std::optional<OutcomeFault> find_fault(const OutcomeDefinition& definition, const Outcome& outcome,
                                       std::span<const EvidenceRef> evidence, std::chrono::sys_days today) {
  if (definition.asks_promise && !outcome.promise) return OutcomeFault::PromiseMissing;
  if (definition.asks_payment && !outcome.payment) return OutcomeFault::PaymentMissing;
  const bool has_photo = std::any_of(evidence.begin(), evidence.end(), [](const EvidenceRef& file) {
    return file.kind == EvidenceKind::Photo;
  });
  if (definition.asks_photo && !has_photo) return OutcomeFault::PhotoMissing;
  if (outcome.promise) {
    if (const auto fault = promise_fault(*outcome.promise, today)) return fault;
  }
  if (outcome.payment && outcome.payment->amount <= 0) return OutcomeFault::PaymentAmount;
  if (too_long(outcome)) return OutcomeFault::TooLong;
  return std::nullopt;
}

const char* name_of(OutcomeFault fault) noexcept { return kNames[static_cast<std::size_t>(fault)]; }

std::string explain(OutcomeFault fault, Language language) {
  return text(language, std::string("outcome.") + name_of(fault),
              {{"days", std::to_string(kMaxPromiseDays)}});
}

}  // namespace terreno
