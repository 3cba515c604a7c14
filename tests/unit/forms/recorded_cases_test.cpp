// Cases that web-forms, Enketo and JavaRosa recorded (../shared/data/forms); tools/forms_conformance tells
// them one by one.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/conformance/isolated.hpp"
#include "tests/conformance/scenario_cases.hpp"
#include "tests/conformance/xpath_cases.hpp"

namespace {

using terreno::test::Json;

/// Cases tried and passed of a file; none tried when it is absent.
struct Count {
  int tried = 0, passed = 0;
};

Count count_cases(const char* file, bool (*counts)(const Json&), std::string (*failure)(const Json&)) {
  std::ifstream in(std::filesystem::path(TERRENO_SOURCE_DIR) / "../shared/data/forms" / file);
  Count count;
  for (std::string line; std::getline(in, line);) {
    const Json row = terreno::test::parse_json(line);
    if (!counts(row)) continue;
    ++count.tried;
    count.passed += terreno::test::isolated([&] { return failure(row); }, 2).empty() ? 1 : 0;
  }
  if (count.tried == 0) MESSAGE("skipped: no recorded cases at ../shared/data/forms");
  return count;
}

}  // namespace

TEST_CASE("the recorded XPath cases of other engines hold") {
  const Count count =
      count_cases("xpath_cases.jsonl", terreno::test::in_xpath_gate, terreno::test::xpath_case_failure);
  CHECK(count.passed * 1000 >= count.tried * 992);
}

TEST_CASE("the recorded form scenarios of other engines hold") {
  const Count count = count_cases(
      "scenario_cases.jsonl", [](const Json&) { return true; }, terreno::test::scenario_failure);
  CHECK(count.passed * 100 >= count.tried * 75);
}
