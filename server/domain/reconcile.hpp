#pragma once

#include "server/domain/world.hpp"

namespace terreno::server {

/// What the server makes of a finished visit. Nothing here refuses it: evidence is kept and marked.
struct VisitReview {
  LocationVerdict verdict;
  std::vector<Mark> marks;  ///< in a stable order, each code at most once
  std::vector<AnswerDifference> differences;
  std::optional<CaseState> case_becomes;  ///< nothing when the outcome is not in the catalogue
};

inline constexpr std::int64_t kClockSkewMs = 5 * 60'000;
inline constexpr std::int64_t kClockJumpMs = 60'000;
inline constexpr std::int64_t kShortVisitMs = 2 * 60'000;

/// A fix may be this much older than the arrival, or newer than the end, beside the policy's own limit.
inline constexpr std::int64_t kFixTimeToleranceMs = 2 * 60'000;

/// Both clocks when the phone spoke.
struct ClockPair {
  WallMs phone_ms = 0;
  WallMs server_ms = 0;
};

/// Judges the visit again with the same core: place, time, case, outcome, questionnaire.
VisitReview review_visit(const Device& device, const VisitFinished& visit, const WorldView& world,
                         const ClockPair& clocks);

}  // namespace terreno::server
