#include "server/domain/cancellation.hpp"

#include <doctest/doctest.h>

using namespace terreno;
using namespace terreno::server;

namespace {

VisitCancelled after(GateAnswer answer, GateReason reason) {
  VisitCancelled visit;
  visit.verdict.answer = answer;
  visit.verdict.reason = reason;
  return visit;
}

}  // namespace

TEST_CASE("a visit that was given up before the gate was asked is no refusal of the gate") {
  const TenantPolicy policy;
  CHECK_FALSE(gate_was_asked(VisitCancelled{}));
  CHECK_FALSE(gate_refused(VisitCancelled{}, policy));
  CHECK_FALSE(gate_refused(after(GateAnswer::Inside, GateReason::Inside), policy));
}

TEST_CASE("a gate that said no, or could not tell, has refused") {
  TenantPolicy policy;
  CHECK(gate_refused(after(GateAnswer::Outside, GateReason::Outside), policy));
  CHECK(gate_refused(after(GateAnswer::Inconclusive, GateReason::StaleFix), policy));
  const VisitCancelled unsure = after(GateAnswer::Inconclusive, GateReason::WaitBetterFix);
  CHECK(gate_refused(unsure, policy));
  policy.collection_gate.inconclusive_allows = true;
  CHECK_FALSE_MESSAGE(gate_refused(unsure, policy), "the tenant lets such visits begin");
  CHECK(gate_refused(after(GateAnswer::Outside, GateReason::Outside), policy));
}
