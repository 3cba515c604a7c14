#pragma once

#include <string>

#include "tests/conformance/json_lines.hpp"

namespace terreno::test {

/// The case's name with a mark of its content, since several cases share a name.
std::string xlsform_case_id(const Json& row);

/// Converts a form of xlsform_cases.jsonl; empty when the XForm satisfies what the case asserts, or when the
/// form is refused for the same cause and in the same row, else what differs. Which message of pyxform is
/// which of ours stands in xlsform_messages.csv.
std::string xlsform_case_failure(const Json& row);

}  // namespace terreno::test
