#pragma once

namespace terreno::server::marks {

// What reconciliation says about a visit. The codes are stored and have texts in the console: they stay.

inline constexpr const char* kVerdictDiffers =
    "verdict_differs";  ///< the same core judges the fixes otherwise
inline constexpr const char* kGateRefused =
    "gate_refused";  ///< on the server's verdict the visit should not have begun
inline constexpr const char* kFixesOfOtherTime =
    "fixes_of_other_time";  ///< the gate's time or its fixes do not lie between arrival and end
inline constexpr const char* kFenceDiffers =
    "fence_differs";                                       ///< judged against another place than the case's
inline constexpr const char* kMockFix = "mock_fix";        ///< the platform says the position was made up
inline constexpr const char* kClockSkew = "clock_skew";    ///< the phone's clock is off by over five minutes
inline constexpr const char* kClockJump = "clock_jump";    ///< the wall clock moved during the visit
inline constexpr const char* kTimeOrder = "time_order";    ///< finished before it arrived
inline constexpr const char* kShortVisit = "short_visit";  ///< under two minutes on site
inline constexpr const char* kCaseUnknown = "case_unknown";        ///< the tenant has no such case
inline constexpr const char* kCaseReassigned = "case_reassigned";  ///< was the gestor's, is not any more
inline constexpr const char* kOthersCase = "others_case";          ///< never was the gestor's
inline constexpr const char* kCaseCancelled = "case_cancelled";    ///< the tenant had taken it back
inline constexpr const char* kOutcomeUnknown = "outcome_unknown";  ///< no such code in the catalogue
inline constexpr const char* kOutcomeIncomplete = "outcome_incomplete";  ///< lacks what the outcome asks for
inline constexpr const char* kFormUnknown = "form_unknown";  ///< the server has no such questionnaire version
inline constexpr const char* kFormCalculatedDiffers = "form_calculated_differs";
inline constexpr const char* kFormNotRelevant = "form_not_relevant";
inline constexpr const char* kFormConstraintBroken = "form_constraint_broken";
inline constexpr const char* kFormRequiredMissing = "form_required_missing";
inline constexpr const char* kFormUnknownQuestion = "form_unknown_question";

}  // namespace terreno::server::marks
