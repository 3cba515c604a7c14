#include <doctest/doctest.h>

#include "server/domain/enrolment.hpp"
#include "server/domain/form_cache.hpp"
#include "server/domain/gestor_state.hpp"
#include "server/domain/rate_limit.hpp"

using namespace terreno;
using namespace terreno::server;

namespace {

constexpr WallMs kNow = 1'773'331'200'000;

TenantPolicy ten_minute_policy() {
  TenantPolicy policy;
  policy.sync_interval_s = 600;
  policy.chunk_interval_s = 300;
  return policy;
}

/// On shift for hours, heard and placed so many seconds ago; no fix at all when `fix_age_s` is negative.
GestorStatus working(std::int64_t contact_age_s, std::int64_t fix_age_s) {
  GestorStatus status;
  status.shift_started_at_ms = kNow - 9'000'000;
  status.last_sync_at_ms = kNow - contact_age_s * 1000;
  if (fix_age_s >= 0) status.position.emplace().captured_at_ms = kNow - fix_age_s * 1000;
  return status;
}

}  // namespace

TEST_CASE("a gestor is as fresh as the worse of contact and position, and what is missing is named") {
  struct Row {
    std::int64_t contact_age_s, fix_age_s;
    LiveState expected;
  };
  constexpr LiveState kFresh{Freshness::Fresh, Lacking::Nothing};
  const Row rows[] = {
      {0, 0, kFresh},
      {1019, 1019, kFresh},
      {1020, 1020, {Freshness::Late, Lacking::Contact}},
      {2099, 2099, {Freshness::Late, Lacking::Contact}},
      {2100, 2100, {Freshness::Silent, Lacking::Contact}},
      // It syncs and does not say where it is; a fix may be older by the five minutes of an open chunk.
      {0, 1319, kFresh},
      {0, 1320, {Freshness::Late, Lacking::Position}},
      {0, 2399, {Freshness::Late, Lacking::Position}},
      {0, 2400, {Freshness::Silent, Lacking::Position}},
      {0, -1, {Freshness::Silent, Lacking::Position}},
      {1100, 2400, {Freshness::Silent, Lacking::Position}},
      {2100, -1, {Freshness::Silent, Lacking::Contact}},
      {1100, 1400, {Freshness::Late, Lacking::Contact}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.contact_age_s);
    CAPTURE(row.fix_age_s);
    CHECK(live_state_of(working(row.contact_age_s, row.fix_age_s), ten_minute_policy(), kNow) ==
          row.expected);
  }
}

TEST_CASE("without a shift nobody is missed, and a shift that has just begun needs no fix yet") {
  GestorStatus status = working(0, 0);
  status.shift_ended_at_ms = kNow;
  CHECK(live_state_of(status, ten_minute_policy(), kNow) == LiveState{});
  status = working(0, -1);
  status.shift_started_at_ms = kNow - 60'000;
  CHECK(live_state_of(status, ten_minute_policy(), kNow).freshness == Freshness::Fresh);
  // Yesterday's last fix says nothing of today.
  status.position.emplace().captured_at_ms = kNow - 50'000'000;
  CHECK(live_state_of(status, ten_minute_policy(), kNow).freshness == Freshness::Fresh);
}

TEST_CASE("a phone whose clock runs ahead goes silent all the same") {
  GestorStatus ahead = working(2100, -1);
  ahead.position.emplace().captured_at_ms = kNow + 86'400'000;
  CHECK(live_state_of(ahead, ten_minute_policy(), kNow) == LiveState{Freshness::Silent, Lacking::Contact});
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
