#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/texts.hpp"
#include "core/model/work.hpp"

namespace terreno {

inline constexpr int kMaxPromiseDays = 180;
inline constexpr std::size_t kMaxOutcomeNoteBytes = 2'000;
inline constexpr std::size_t kMaxOutcomeWordBytes = 100;  ///< means, method, receipt

/// The day at `at_ms` where clocks are `utc_offset_minutes` from UTC.
std::chrono::sys_days local_day(WallMs at_ms, std::int32_t utc_offset_minutes);

/// "2026-11-21"; nothing for another form or a day that no calendar has.
std::optional<std::chrono::sys_days> parse_day(std::string_view text);

/// What an outcome lacks or has wrong.
enum class OutcomeFault : std::uint8_t {
  PromiseMissing = 0,
  PaymentMissing = 1,
  PhotoMissing = 2,
  PromiseAmount = 3,
  PromiseDateMissing = 4,
  PromiseDatePast = 5,
  PromiseDateFar = 6,
  PaymentAmount = 7,
  TooLong = 8
};

/// Whether a visit may end so: what `definition` asks for is there, and what is there makes sense. The first
/// thing that is wrong, nothing when all is well. `today` is the tenant's day, as the questionnaire saw it.
/// Phone and server ask the same.
std::optional<OutcomeFault> find_fault(const OutcomeDefinition& definition, const Outcome& outcome,
                                       std::span<const EvidenceRef> evidence, std::chrono::sys_days today);

/// snake_case, stable.
const char* name_of(OutcomeFault fault) noexcept;
/// For the gestor.
std::string explain(OutcomeFault fault, Language language);

}  // namespace terreno
