#include <doctest/doctest.h>

#include "server/domain/enrolment.hpp"
#include "server/domain/form_cache.hpp"
#include "server/domain/gestor_state.hpp"
#include "server/domain/rate_limit.hpp"

using namespace terreno;
using namespace terreno::server;

TEST_CASE("a gestor is fresh, late or silent by what was heard last, and off without a shift") {
  TenantPolicy policy;
  policy.sync_interval_s = 600;
  constexpr WallMs kNow = 1'773'331'200'000;
  GestorStatus status;
  status.last_sync_at_ms = kNow;
  CHECK(freshness_of(status, policy, kNow) == Freshness::Off);
  status.shift_started_at_ms = kNow - 9'000'000;
  struct Row {
    std::int64_t age_s;
    Freshness expected;
  };
  for (const Row& row : {Row{0, Freshness::Fresh}, Row{1019, Freshness::Fresh}, Row{1020, Freshness::Late},
                         Row{2099, Freshness::Late}, Row{2100, Freshness::Silent}}) {
    CAPTURE(row.age_s);
    status.last_sync_at_ms = kNow - row.age_s * 1000;
    CHECK(freshness_of(status, policy, kNow) == row.expected);
  }
  status.position = Fix{};
  status.position->captured_at_ms = kNow - 5000;
  CHECK(freshness_of(status, policy, kNow) == Freshness::Fresh);
  status.shift_ended_at_ms = kNow;
  CHECK(freshness_of(status, policy, kNow) == Freshness::Off);
}

TEST_CASE("codes and tokens are kept as hashes that forgive how a code is typed") {
  CHECK(normalised_code("abcd-efgh jklm") == "ABCDEFGHJKLM");
  CHECK(enrolment_code_hash("ab-cd") == enrolment_code_hash("ABCD"));
  CHECK(enrolment_code_hash("abce") != enrolment_code_hash("ABCD"));
  CHECK_MESSAGE(token_hash("ab") != token_hash("AB"), "a token is taken letter by letter");
}

TEST_CASE("a rate limit counts per key and window and keeps a bounded number of keys") {
  RateLimit limit(2, 1000, 3);
  CHECK_FALSE(limit.wait_ms("a", 0));
  limit.count("a", 0);
  limit.count("a", 10);
  CHECK(limit.wait_ms("a", 20) == 980);
  CHECK_FALSE(limit.wait_ms("b", 20));
  CHECK_FALSE_MESSAGE(limit.wait_ms("a", 1000), "the window is over");
  limit.count("a", 1000);
  limit.count("a", 1000);
  for (const char* other : {"b", "c", "d"}) limit.count(other, 1001);
  CHECK_FALSE_MESSAGE(limit.wait_ms("a", 1002), "the oldest key gives way");
}

TEST_CASE("a questionnaire is compiled once, whoever asks, and the one unused longest goes") {
  int loads = 0;
  FormCache cache(
      [&](const Uuid&, std::string_view form_id, std::string_view version) -> std::optional<FormVersion> {
        ++loads;
        if (form_id == "absent") return std::nullopt;
        if (form_id == "broken") return FormVersion{"broken", "1", "", "<h:html"};
        const std::string id(form_id);
        return FormVersion{
            id, std::string(version), "",
            "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\">"
            "<h:head><h:title>t</h:title><model><instance><data id=\"" +
                id +
                "\" version=\"1\"><a/></data></instance><bind nodeset=\"/data/a\" type=\"string\"/>"
                "</model></h:head><h:body><input ref=\"/data/a\"><label>A</label></input></h:body>"
                "</h:html>"};
      },
      2);
  const Uuid tenant;
  const auto first = cache.find(tenant, "one", "1");
  REQUIRE(first);
  CHECK(cache.find(tenant, "one", "1") == first);
  CHECK(loads == 1);
  CHECK_FALSE(cache.find(tenant, "absent", "1"));
  CHECK_FALSE(cache.find(tenant, "broken", "1"));
  Uuid other_tenant;
  other_tenant.bytes[0] = 1;
  CHECK(cache.find(other_tenant, "one", "1") != first);
  CHECK(cache.find(tenant, "one", "1") == first);
  cache.find(tenant, "two", "1");
  CHECK(cache.find(tenant, "one", "1") == first);
  const int before = loads;
  cache.find(other_tenant, "one", "1");
  CHECK(loads == before + 1);
}
