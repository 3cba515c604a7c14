#include "server/domain/cancellation.hpp"

#include "core/geo/gate.hpp"

namespace terreno::server {

bool gate_was_asked(const VisitCancelled& visit) { return visit.verdict.reason != GateReason::NoFix; }

bool gate_refused(const VisitCancelled& visit, const TenantPolicy& policy) {
  return gate_was_asked(visit) && !geo::may_begin(visit.verdict, policy.collection_gate) &&
         !geo::may_begin(visit.verdict, policy.validation_gate);
}

}  // namespace terreno::server
