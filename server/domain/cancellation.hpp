#pragma once

#include "server/domain/records.hpp"

namespace terreno::server {

/// Whether the gate had been asked and knew a position: a verdict of NoFix is also what a visit carries whose
/// gate was never asked.
bool gate_was_asked(const VisitCancelled& visit);

/// Whether the visit was given up after the gate had said no. A verdict that opens a visit of either purpose
/// is no refusal: the entry does not say which purpose it was.
bool gate_refused(const VisitCancelled& visit, const TenantPolicy& policy);

}  // namespace terreno::server
