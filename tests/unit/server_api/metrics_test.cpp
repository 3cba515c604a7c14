#include "server/api/metrics.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "server/api/refusal_log.hpp"
#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

std::string scrape(Office& office) { return office.as("admin", "GET", "/metrics").body; }

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

/// The family of a sample's name: a histogram's samples carry its name with an ending.
std::string family_of(std::string name, const std::set<std::string>& families) {
  for (const char* ending : {"_bucket", "_sum", "_count"}) {
    if (!name.ends_with(ending)) continue;
    const std::string stem = name.substr(0, name.size() - std::string(ending).size());
    if (families.contains(stem)) return stem;
  }
  return name;
}

}  // namespace

TEST_CASE("The metrics are well-formed: heads before samples, each series once, counters named as such") {
  Office office;
  office.get("/api/summary");
  office.application->refused(RefusedAt::Request, 413);
  std::istringstream text(scrape(office));
  std::set<std::string> helped;
  std::set<std::string> typed;
  std::set<std::string> series;
  for (std::string line; std::getline(text, line);) {
    CAPTURE(line);
    std::istringstream words(line);
    std::string first, what, name, type;
    words >> first >> what;
    if (first == "#") {
      words >> name >> type;
      CHECK((what == "HELP" ? helped : typed).insert(name).second);
      if (what == "TYPE") CHECK((type == "counter") == name.ends_with("_total"));
      continue;
    }
    CHECK_FALSE(what.empty());
    CHECK(series.insert(first).second);
    const std::string family = family_of(first.substr(0, first.find('{')), typed);
    CHECK(typed.contains(family));
    CHECK(helped.contains(family));
  }
  CHECK(series.size() > 60);
}

TEST_CASE("Entries are counted by kind and by what became of them, once they are durable") {
  Office office;
  SamplePhone phone = office.company.enrol(1);
  const Uuid case_id = office.company.add_case(1, 1);
  PreparedBatch batch =
      phone.batch({ShiftStarted{numbered_id(6, 1), kMorning}, sample_visit(numbered_id(7, 1), case_id),
                   sample_visit(numbered_id(7, 2), case_id), ShiftEnded{}});
  batch.entries[2].body.reset();
  batch.entries[2].quarantine_code = ErrorCode::InvalidArgument;
  REQUIRE(apply(*office.storage, batch).ok());
  REQUIRE(apply(*office.storage, batch).ok());
  SamplePhone restored = phone;
  restored.continue_from({1, 0, {}});
  CHECK_FALSE(apply(*office.storage, restored.batch({ShiftEnded{}})).ok());
  const std::string text = scrape(office);
  for (const char* line : {R"(terreno_entries_total{kind="shift_started",outcome="applied"} 1)",
                           R"(terreno_entries_total{kind="shift_started",outcome="duplicate"} 1)",
                           R"(terreno_entries_total{kind="visit_finished",outcome="applied"} 1)",
                           R"(terreno_entries_total{kind="visit_finished",outcome="quarantined"} 1)",
                           R"(terreno_entries_total{kind="visit_finished",outcome="duplicate"} 2)",
                           R"(terreno_entries_total{kind="track_chunk",outcome="applied"} 0)",
                           R"(terreno_entries_total{kind="unknown",outcome="applied"} 0)",
                           "terreno_chain_forks_total 1", "terreno_entries_quarantined 1"}) {
    CAPTURE(std::string(line));
    CHECK(has_line(text, line));
  }
}

TEST_CASE("The fleet is counted: phones in service, gestores on shift and heard of late") {
  Office office;
  SamplePhone first = office.company.enrol(1);
  office.other.enrol(1);
  REQUIRE(apply(*office.storage, first.batch({ShiftStarted{numbered_id(6, 1), kMorning}})).ok());
  std::string text = scrape(office);
  for (const char* line :
       {R"(terreno_devices{state="in_service"} 2)", R"(terreno_devices{state="revoked"} 0)",
        "terreno_gestores 4", "terreno_gestores_on_shift 1", R"(terreno_gestores_heard{within="15m"} 1)"}) {
    CAPTURE(std::string(line));
    CHECK(has_line(text, line));
  }
  office.clock.advance(2 * 3'600'000);
  office.storage->set_user_active(office.other.id(), office.other.gestor_id(1), false);
  text = scrape(office);
  for (const char* line :
       {R"(terreno_devices{state="revoked"} 1)", "terreno_gestores 3",
        R"(terreno_gestores_heard{within="1h"} 0)", R"(terreno_gestores_heard{within="24h"} 1)"}) {
    CAPTURE(std::string(line));
    CHECK(has_line(text, line));
  }
}

TEST_CASE("What http/ refused is counted by how far it had come and by status") {
  Office office;
  office.application->refused(RefusedAt::Request, 431);
  office.application->refused(RefusedAt::Request, 431);
  office.application->refused(RefusedAt::Connection, 503);
  const std::string text = scrape(office);
  CHECK(has_line(text, R"(terreno_refusals_total{at="request",status="431"} 2)"));
  CHECK(has_line(text, R"(terreno_refusals_total{at="connection",status="503"} 1)"));
}

TEST_CASE("A flood of refusals writes one line of each kind in ten seconds, and no number is lost") {
  ManualClock clock;
  std::string log;
  RefusalLog refusals(clock, [&log](const std::string& line) { log += line; });
  for (int i = 0; i < 1000; ++i) refusals.note(RefusedAt::Request, 400);
  refusals.note(RefusedAt::Handshake, 408);
  CHECK(log ==
        "{\"level\":\"warn\",\"refused\":\"request\",\"status\":400,\"count\":1}\n"
        "{\"level\":\"warn\",\"refused\":\"handshake\",\"status\":408,\"count\":1}\n");
  log.clear();
  clock.advance(RefusalLog::kQuiet_ms);
  refusals.note(RefusedAt::Request, 400);
  CHECK(log == "{\"level\":\"warn\",\"refused\":\"request\",\"status\":400,\"count\":1000}\n");
}
