#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
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

/// Whether a visit may end so: what `definition` asks for is there, and what is there makes sense.
/// OutcomeInvalid with one reason, in the gestor's language. `today` is the tenant's day.
Result<void> check_outcome(const OutcomeDefinition& definition, const Outcome& outcome, bool has_photo,
                           std::chrono::sys_days today, Language language);

}  // namespace terreno
