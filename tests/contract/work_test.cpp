#include <doctest/doctest.h>

#include "tests/contract/engines.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

constexpr std::size_t kPlenty = 1 << 20;

template <typename T>
std::vector<T> of_kind(const ChangePage& page) {
  std::vector<T> found;
  for (const Change& change : page.changes) {
    if (const auto* item = std::get_if<T>(&change)) found.push_back(*item);
  }
  return found;
}

FormVersion form(const std::string& version, const std::string& xml = "<h:html/>") {
  return {"cobranza", version, "Visita de cobranza", xml};
}

}  // namespace

TEST_CASE("importing the same cases twice touches nothing the second time") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    std::vector<CaseImport> rows;
    for (int i = 0; i < 20; ++i) rows.push_back(sample_import(i, company.login(1)));
    CHECK(storage->import_cases(company.id(), rows, kMorning).added == 20);
    const auto before = storage->cases(company.id(), {}).cases;
    const std::uint64_t cursor =
        storage->changes_after(company.id(), company.gestor_id(1), 0, kPlenty).cursor;

    const ImportCounts again = storage->import_cases(company.id(), rows, kMorning + 1000);
    CHECK(again.unchanged == 20);
    CHECK(again.added + again.updated == 0);
    const auto after = storage->cases(company.id(), {}).cases;
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      CHECK(after[i].revision == before[i].revision);
      CHECK(after[i].updated_at_ms == before[i].updated_at_ms);
      CHECK(after[i].item == before[i].item);
    }
    CHECK(storage->changes_after(company.id(), company.gestor_id(1), cursor, kPlenty).changes.empty());

    rows[3].item.note = "llamar antes";
    CHECK(storage->import_cases(company.id(), rows, kMorning + 2000).updated == 1);
    const auto changed =
        of_kind<Case>(storage->changes_after(company.id(), company.gestor_id(1), cursor, kPlenty));
    REQUIRE(changed.size() == 1);
    CHECK(changed[0].note == "llamar antes");
  }
}

TEST_CASE("an import leaves a case with whom people gave it to unless the file names somebody new") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    for (std::uint32_t gestor = 1; gestor <= 3; ++gestor) company.add_gestor(gestor);
    storage->import_cases(company.id(), {sample_import(1, "")}, kMorning);
    const Uuid case_id = storage->cases(company.id(), {}).cases.at(0).item.id;
    const auto holder = [&] { return storage->find_case(company.id(), case_id)->gestor_id; };
    const auto import = [&](const std::string& login) {
      return storage->import_cases(company.id(), {sample_import(1, login)}, kMorning + 1);
    };

    storage->assign_case(company.id(), case_id, company.gestor_id(1), kMorning).value();
    CHECK(import("").unchanged == 1);
    CHECK(holder() == company.gestor_id(1));

    CHECK(import(company.login(2)).updated == 1);
    CHECK(holder() == company.gestor_id(2));
    storage->assign_case(company.id(), case_id, company.gestor_id(1), kMorning).value();
    CHECK_MESSAGE(import(company.login(2)).unchanged == 1, "it says what it said before");
    CHECK(import("").unchanged == 1);
    CHECK(holder() == company.gestor_id(1));

    CHECK_MESSAGE(import(company.login(1)).unchanged == 1, "it names whose the case is already");
    CHECK(import(company.login(3)).updated == 1);
    CHECK(holder() == company.gestor_id(3));
  }
}

TEST_CASE("an import with an unknown gestor imports nothing") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    CHECK_THROWS_AS(
        storage->import_cases(company.id(), {sample_import(1, company.login(1)), sample_import(2, "nobody")},
                              kMorning),
        Error);
    CHECK(storage->cases(company.id(), {}).total == 0);
  }
}

TEST_CASE("cases are found by the beginnings of their words, whatever case and accents") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    storage->import_cases(company.id(),
                          {sample_import(1, company.login(1)), sample_import(2, ""), sample_import(34, "")},
                          kMorning);
    const auto found = [&](const std::string& text) {
      CaseFilter filter;
      filter.text = text;
      return storage->cases(company.id(), filter).total;
    };
    CHECK(found("jose pena") == 3);
    CHECK(found("JUÁREZ 34") == 1);
    CHECK(found("1002") == 1);
    CHECK(found("mx-1002") == 1);
    CHECK(found("jua 34") == 1);
    CHECK(found("lopez") == 0);
    CHECK(found("\" OR words : *") == 0);

    CaseFilter filter;
    filter.gestor_id = company.gestor_id(1);
    CHECK(storage->cases(company.id(), filter).total == 1);
    filter.gestor_id.reset();
    filter.state = CaseState::Resolved;
    CHECK(storage->cases(company.id(), filter).total == 0);
    filter.state = CaseState::Open;
    filter.limit = 2;
    filter.offset = 2;
    const CasePage page = storage->cases(company.id(), filter);
    CHECK(page.total == 3);
    REQUIRE(page.cases.size() == 1);
    CHECK(page.cases[0].item.key == "MX-1034");
  }
}

TEST_CASE("a case that moves to another gestor leaves the first phone and reaches the second") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    company.add_gestor(2);
    const Uuid case_id = company.add_case(1, 1);
    const auto first = storage->changes_after(company.id(), company.gestor_id(1), 0, kPlenty);
    CHECK(of_kind<Case>(first).size() == 1);
    const auto second = storage->changes_after(company.id(), company.gestor_id(2), 0, kPlenty);
    CHECK(of_kind<Case>(second).empty());

    storage->assign_case(company.id(), case_id, company.gestor_id(2), kMorning + 1).value();
    const auto lost = storage->changes_after(company.id(), company.gestor_id(1), first.cursor, kPlenty);
    REQUIRE(lost.changes.size() == 1);
    CHECK(std::get<CaseRemoved>(lost.changes[0]).case_id == case_id);
    const auto got = storage->changes_after(company.id(), company.gestor_id(2), second.cursor, kPlenty);
    REQUIRE(got.changes.size() == 1);
    CHECK(std::get<Case>(got.changes[0]).id == case_id);
    CHECK(storage->had_case(company.id(), company.gestor_id(1), case_id));
    CHECK(storage->find_case(company.id(), case_id)->gestor_id == company.gestor_id(2));

    storage->assign_case(company.id(), case_id, {}, kMorning + 2).value();
    CHECK(storage->find_case(company.id(), case_id)->gestor_id.is_nil());
    CHECK_FALSE(storage->assign_case(company.id(), case_id, numbered_id(2, 99), kMorning));
    CHECK_FALSE(storage->assign_case(company.id(), numbered_id(9, 9), company.gestor_id(1), kMorning));
  }
}

TEST_CASE("a case that the company takes back leaves the phone and comes again when it is opened again") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    const Uuid case_id = company.add_case(1, 1);
    CaseImport row = sample_import(1, company.login(1));
    row.item.state = CaseState::Cancelled;
    CHECK(storage->import_cases(company.id(), {row}, kMorning).updated == 1);
    CHECK(storage->find_case(company.id(), case_id)->item.state == CaseState::Cancelled);
    auto page = storage->changes_after(company.id(), company.gestor_id(1), 0, kPlenty);
    CHECK(of_kind<CaseRemoved>(page).size() == 1);
    CHECK(storage->import_cases(company.id(), {row}, kMorning).unchanged == 1);

    row.item.state = CaseState::Open;
    CHECK(storage->import_cases(company.id(), {row}, kMorning).updated == 1);
    page = storage->changes_after(company.id(), company.gestor_id(1), page.cursor, kPlenty);
    REQUIRE(page.changes.size() == 1);
    CHECK(std::get<Case>(page.changes[0]).state == CaseState::Open);
  }
}

TEST_CASE("phones learn the latest version of a questionnaire and the server keeps them all") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    storage->add_form(company.id(), form("1")).value();
    storage->add_form(company.id(), form("2", "<h:html>2</h:html>")).value();
    const auto page = storage->changes_after(company.id(), company.gestor_id(1), 0, kPlenty);
    const auto forms = of_kind<FormVersion>(page);
    REQUIRE(forms.size() == 1);
    CHECK(forms[0] == form("2", "<h:html>2</h:html>"));
    CHECK(*storage->find_form(company.id(), "cobranza", "1") == form("1"));

    CHECK(storage->add_form(company.id(), form("2", "<h:html>2</h:html>")));
    CHECK(storage->changes_after(company.id(), company.gestor_id(1), page.cursor, kPlenty).changes.empty());
    const auto other = storage->add_form(company.id(), form("2", "<h:html>other</h:html>"));
    REQUIRE_FALSE(other.ok());
    CHECK(other.error().code == ErrorCode::AlreadyExists);
  }
}

TEST_CASE("changes come in pages that leave nothing out, whatever their size") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    std::vector<CaseImport> rows;
    for (int i = 0; i < 50; ++i) rows.push_back(sample_import(i, company.login(1)));
    storage->import_cases(company.id(), rows, kMorning);
    const auto whole = storage->changes_after(company.id(), company.gestor_id(1), 0, kPlenty);
    CHECK_FALSE(whole.more);
    CHECK(whole.changes.size() == 52);  // policy, catalogue, cases
    for (const std::size_t max_bytes : {std::size_t{1}, std::size_t{700}, std::size_t{5000}}) {
      std::vector<Change> gathered;
      ChangePage page;
      do {
        page = storage->changes_after(company.id(), company.gestor_id(1), page.cursor, max_bytes);
        REQUIRE_FALSE(page.changes.empty());
        gathered.insert(gathered.end(), page.changes.begin(), page.changes.end());
      } while (page.more);
      CHECK(gathered == whole.changes);
      CHECK(page.cursor == whole.cursor);
    }
    const auto lost =
        storage->changes_after(company.id(), company.gestor_id(1), whole.cursor + 1000, kPlenty);
    CHECK_MESSAGE(lost.changes == whole.changes, "a cursor that the server never gave begins anew");
  }
}
