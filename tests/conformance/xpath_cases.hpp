#pragma once

#include <string>

#include "tests/conformance/json_lines.hpp"

namespace terreno::test {

/// Whether a row of xpath_cases.jsonl is written in an upstream assertion, undisputed and repeatable: all of
/// these must hold. The others are what a reference engine happened to answer.
bool in_xpath_gate(const Json& row);

/// Evaluates the row's expression; empty when it gives what is expected, else what it gave instead.
std::string xpath_case_failure(const Json& row);

}  // namespace terreno::test
