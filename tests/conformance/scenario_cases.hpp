#pragma once

#include <string>

#include "tests/conformance/json_lines.hpp"

namespace terreno::test {

/// Fills a form as a row of scenario_cases.jsonl says; empty when all that it expects holds, else the first
/// step that does not.
std::string scenario_failure(const Json& row);

}  // namespace terreno::test
