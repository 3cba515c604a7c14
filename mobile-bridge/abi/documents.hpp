#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/app/field_core.hpp"

namespace terreno::bridge {

// The JSON documents of terreno.h; documents.md says what their members are.

std::string to_json(const std::optional<Enrolment>& enrolment);
std::string to_json(const std::vector<CaseSummary>& cases);
std::string to_json(const Case& item);
std::string to_json(const std::vector<OutcomeDefinition>& outcomes);
std::string to_json(const std::optional<OpenShift>& shift);
std::string to_json(const OpenVisit& visit);
std::string to_json(const std::vector<OpenVisit>& visits);
std::string to_json(const GateView& gate);
std::string to_json(const FormView& form);
std::string to_json(const EvidenceRef& evidence);
std::string to_json(const Outcome& outcome);
std::string to_json(const FinishedVisit& visit);
std::string to_json(const std::vector<FinishedVisit>& visits);
std::string to_json(const SyncStatus& status);

// What callers give. InvalidArgument names the member that is missing, of another type or unknown.

Result<CaseQuery> case_query_from_json(std::string_view json);
Result<Outcome> outcome_from_json(std::string_view json);
Result<Purpose> purpose_from_name(std::string_view name);
Result<EvidenceKind> evidence_kind_from_name(std::string_view name);

}  // namespace terreno::bridge
