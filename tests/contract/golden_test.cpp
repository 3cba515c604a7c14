#include <doctest/doctest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>

#include "server/storage/sqlite/tables.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

/// Makes a database of a text dump that an earlier version of this program wrote.
void restore_dump(const std::string& dump, const std::string& path) {
  std::ifstream file(std::string(TERRENO_SOURCE_DIR "/tests/golden/server/") + dump);
  const std::string sql{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_FALSE(sql.empty());
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  char* problem = nullptr;
  const int restored = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &problem);
  CHECK_MESSAGE(restored == SQLITE_OK, (problem != nullptr ? problem : ""));
  sqlite3_free(problem);
  sqlite3_close(database);
}

std::unique_ptr<Storage> restored(const TempDir& folder) {
  restore_dump("v1.sql", folder.file("terreno.db"));
  SqliteOptions options;
  options.path = folder.file("terreno.db");
  return open_sqlite_storage(options);
}

constexpr Period kEver{0, kMorning * 2};
const Uuid kTenant = numbered_id(1, 1);
const Uuid kGestor = numbered_id(2, 1001);
const Uuid kVisit = numbered_id(4, 1);

}  // namespace

TEST_CASE("a server's database of schema 1 opens with people, work and credentials") {
  const TempDir folder;
  const auto storage = restored(folder);
  CHECK(storage->find_tenant(kTenant)->name == "Empresa 1");
  CHECK(storage->tenant_view(kTenant)->outcomes.contains("promise"));
  CHECK(storage->find_user_by_login("ana")->role == Role::Supervisor);
  CHECK(storage->find_session(token_hash("cookie"))->last_used_at_ms == kMorning + 5);
  const auto forms = storage->forms(kTenant);
  REQUIRE(forms.size() == 2);
  CHECK(forms[0].version == "2");
  CHECK(forms[0].current);
  CHECK_FALSE(forms[1].added_at_ms.has_value());
  CHECK(storage->form_uses(kTenant) == default_form_uses());
  CHECK(storage->find_form(kTenant, "cobranza", "1")->xform_xml == "<h:html>1</h:html>");
  CaseFilter filter;
  filter.text = "pena";
  CHECK(storage->cases(kTenant, filter).total == 3);
  filter.text = "1001";
  const CaseRecord first = storage->cases(kTenant, filter).cases.at(0);
  CHECK(first.item.state == CaseState::Promised);
  CHECK(first.last_visit_at_ms == kMorning);
  CHECK(storage->import_cases(kTenant, {sample_import(2, "g1@1")}, kMorning).unchanged == 1);
  const ChangePage page = storage->changes_after(kTenant, kGestor, 0, 1 << 20);
  CHECK(page.changes.size() == 6);  // policy, catalogue, form 2, two cases, one taken away
  Device device;
  device.id = numbered_id(3, 7);
  CHECK(storage->enrol_device(enrolment_code_hash("WAITING"), token_hash("new"), device, kMorning));
}

TEST_CASE("a server's database of schema 1 opens with what came from the field, and takes more") {
  const TempDir folder;
  const auto storage = restored(folder);
  const VisitRecord visit = storage->find_visit(kTenant, kVisit).value();
  CHECK(visit.visit.outcome.promise->amount == 150'000);
  CHECK(visit.marks == std::vector<Mark>{{"short_visit", "40 s"}});
  CHECK(storage->evidence_of_visit(kTenant, kVisit).at(0).state == EvidenceState::Received);
  CHECK(storage->track(kTenant, kGestor, kEver).size() == 30);
  CHECK(storage->battery(kTenant, kGestor, kEver).size() == 2);
  CHECK(storage->cancelled_visits(kTenant, {kEver, std::nullopt, std::nullopt, 10, 0}).size() == 1);
  CHECK(storage->quarantined_count(kTenant) == 1);
  CHECK(storage->gestores(kTenant, kEver).at(0).position.has_value());

  const Device device =
      storage->find_device(token_hash(SampleCompany::token_of(numbered_id(3, 100'101)))).value();
  CHECK(device.head.seq == 5);
  SamplePhone phone(device, make_key_pair());
  CHECK(apply(*storage, phone.batch({sample_visit(numbered_id(4, 9), {})}))->new_visits.size() == 1);
}

TEST_CASE("the upgrade from schema 1 counts each visit under the questionnaire that its entry names") {
  const TempDir folder;
  {
    const auto storage = restored(folder);
    const Device device =
        storage->find_device(token_hash(SampleCompany::token_of(numbered_id(3, 100'101)))).value();
    SamplePhone phone(device, make_key_pair());
    std::vector<EntryBody> visits;
    for (std::uint32_t i = 0; i < 1'500; ++i) {
      VisitFinished visit = sample_visit(numbered_id(5, i), {}, kMorning + i);
      visit.form_id = i % 10 == 0 ? "" : "cobranza";
      visit.form_version = i % 2 == 0 ? "1" : "3";
      visits.emplace_back(std::move(visit));
    }
    REQUIRE(apply(*storage, phone.batch(visits)).ok());
  }
  {
    // As schema 1 left it: the new columns are there and hold nothing yet.
    sqlite::Connection connection(folder.file("terreno.db"), sqlite::Connection::Use::Write, 0);
    connection.execute("UPDATE visit SET visit_form_key = NULL; DELETE FROM visit_form");
    connection.execute("BEGIN");
    sqlite::fill_visit_forms(connection);
    connection.execute("COMMIT");
  }
  SqliteOptions options;
  options.path = folder.file("terreno.db");
  const auto storage = open_sqlite_storage(options);
  std::map<std::string, std::uint64_t> counts;
  for (const FormRecord& form : storage->forms(kTenant)) counts[form.version] = form.visits;
  CHECK(counts == std::map<std::string, std::uint64_t>{{"1", 600}, {"2", 0}, {"3", 750}});
  const AnsweredFilter filter{"cobranza", std::nullopt, kEver, 5000};
  CHECK(storage->answered_visits(kTenant, filter, {}).visits.size() == 1'350);
}
