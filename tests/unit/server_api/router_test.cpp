#include "server/api/router.hpp"

#include <doctest/doctest.h>

#include "server/api/static_files.hpp"
#include "server/api/tenant_day.hpp"

using namespace terreno;
using namespace terreno::server;

namespace {

Response nothing(Call&) { return {}; }

constexpr Route kTable[] = {
    {"GET", "/api/cases", Access::Open, 0, 0, nothing},
    {"POST", "/api/cases/import", Access::Open, 0, 0, nothing},
    {"GET", "/api/cases/{id}", Access::Open, 0, 0, nothing},
    {"POST", "/api/cases/{id}/assign", Access::Open, 0, 0, nothing},
    {"HEAD", "/v1/files/{sha256}", Access::Open, 0, 0, nothing},
};

}  // namespace

TEST_CASE("A path fits a pattern segment by segment") {
  std::vector<std::string> parameters;
  CHECK(match_path("/api/cases", "/api/cases", parameters));
  CHECK(match_path("/api/cases/{id}/assign", "/api/cases/7/assign", parameters));
  CHECK(parameters == std::vector<std::string>{"7"});
  CHECK_FALSE(match_path("/api/cases/{id}", "/api/cases/", parameters));
  CHECK_FALSE(match_path("/api/cases/{id}", "/api/cases", parameters));
  CHECK_FALSE(match_path("/api/cases", "/api/cases/", parameters));
  CHECK_FALSE(match_path("/api/cases", "/api/casesx", parameters));
  CHECK_FALSE(match_path("/api/cases", "", parameters));
  CHECK_FALSE(match_path("/api/cases/{id}", "/api/cases/7/8", parameters));
}

TEST_CASE("The router tells an unknown path from a method that the path does not take") {
  const Router router(kTable);
  CHECK(router.find("GET", "/api/cases").route == &kTable[0]);
  CHECK(router.find("GET", "/api/cases/7").route == &kTable[2]);
  CHECK(router.find("HEAD", "/api/cases/7").route == &kTable[2]);
  CHECK(router.find("HEAD", "/v1/files/ab").route == &kTable[4]);
  CHECK(router.find("GET", "/v1/files/ab").route == nullptr);
  const auto unknown = router.find("GET", "/api/nothing");
  CHECK(unknown.route == nullptr);
  CHECK(unknown.allowed.empty());
  const auto wrong = router.find("DELETE", "/api/cases/7");
  CHECK(wrong.route == nullptr);
  CHECK(wrong.allowed == "GET");
  // A literal segment and a parameter may both fit; the method decides.
  CHECK(router.find("POST", "/api/cases/import").route == &kTable[1]);
}

TEST_CASE("A tenant's day begins at its own midnight") {
  CHECK(day_of(1'773'331'200'000, -360) == "2026-03-12");
  CHECK(day_of(0, 0) == "1970-01-01");
  CHECK(day_of(-1, 0) == "1969-12-31");
  const auto mexico = period_of("2026-03-12", -360);
  REQUIRE(mexico);
  CHECK(mexico->from_ms == 1'773'295'200'000);
  CHECK(mexico->to_ms - mexico->from_ms == kDay_ms);
  CHECK(day_of(mexico->from_ms, -360) == "2026-03-12");
  CHECK(day_of(mexico->from_ms - 1, -360) == "2026-03-11");
  for (const char* wrong :
       {"", "2026-3-12", "2026-02-30", "2026-13-01", "12-03-2026", "2026-03-1x", "-026-03-12"}) {
    CAPTURE(std::string(wrong));
    CHECK_FALSE(period_of(wrong, 0));
  }
}
