#pragma once

#include <string>
#include <vector>

#include "tests/conformance/json_lines.hpp"

namespace terreno::test {

/// Fills a form as a row of scenario_cases.jsonl says; empty when all that it expects holds, else the first
/// step that does not.
std::string scenario_failure(const Json& row);
/// The kinds of the case's steps that scenario_failure() passes over, one for each step.
std::vector<std::string> scenario_steps_not_compared(const Json& row);

}  // namespace terreno::test
