#pragma once

#include "core/model/work.hpp"

namespace terreno {

/// What a case becomes when a visit ends with an outcome that makes it `becomes`. The stronger of the two
/// stays, so that a late or second visit never hides a better result: Open < Revisit < Unlocatable < Promised
/// < Escalated < Resolved. A case that the tenant took back stays Cancelled. Phone and server follow the same
/// rule; only the office makes a case weaker, by opening it again.
CaseState case_state_after(CaseState current, CaseState becomes) noexcept;

}  // namespace terreno
