#pragma once

#include "core/model/wire.hpp"

namespace terreno::server {

/// The catalogue that a new tenant begins with (schema/outcomes.csv).
OutcomeCatalogue default_outcomes();

/// What a case becomes when a visit ends with an outcome that makes it `becomes`. The stronger of the two
/// stays, so that a late or second visit never hides a better result: Open < Revisit < Unlocatable < Promised
/// < Escalated < Resolved. A case that the tenant took back stays Cancelled.
CaseState case_state_after(CaseState current, CaseState becomes) noexcept;

}  // namespace terreno::server
