#include <doctest/doctest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <string>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "core/store/device_store.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;

namespace {

/// Makes a database of a reviewed text dump.
void restore_dump(const std::string& dump, const std::string& path) {
  std::ifstream file(std::string(TERRENO_SOURCE_DIR "/tests/golden/device/") + dump);
  const std::string sql{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_FALSE(sql.empty());
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

}  // namespace

TEST_CASE("a database of schema 1 opens with all that it held") {
  const tests::TempDir dir;
  restore_dump("v1.sql", dir.file("phone.db"));
  DeviceStore store(dir.file("phone.db"));

  CHECK(store.identity()->gestor_name == "Lucía Gestora");
  CHECK(store.policy().tenant_name == "Demo");
  CHECK(store.outcomes().size() == 5);
  CHECK(store.current_form("visita")->title == "Visita de cobranza");
  CHECK(store.cases_by_due({}, 10, 0).size() == 2);
  CHECK(store.find_case(tests::sample_case(2).id)->state == CaseState::Promised);
  CHECK(store.open_shift()->fixes == 1);
  CHECK(store.read_tail().fixes.size() == 1);
  CHECK(store.last_battery_percent() == 77);

  const auto entries = store.entries_after(0, 1 << 20, 10);
  REQUIRE(entries.size() == 2);
  CHECK(extend_chain(ChainHead{1, 0, {}}, entries).value() == store.chain_head());
  const auto body = codec::decode_body(entries[1].kind, entries[1].version, entries[1].payload).value();
  CHECK(std::get<VisitFinished>(body).outcome.promise->amount == 120'050);
  CHECK(store.confirmed_head().seq == 1);
  CHECK(store.pending_counts().files == 1);
  CHECK(store.finished_visits(10).at(0).delivery == DeliveryState::Pending);

  const auto drafts = store.drafts();
  REQUIRE(drafts.size() == 1);
  CHECK(drafts[0].answering);
  CHECK(drafts[0].visit.verdict.answer == GateAnswer::Inside);
  CHECK(drafts[0].visit.form_context.random_seed == 42);
  CHECK(drafts[0].item == tests::sample_case(1));
  CHECK(store.draft_answers(drafts[0].visit.visit_id).at(2).value == "Doña Ana");
}
