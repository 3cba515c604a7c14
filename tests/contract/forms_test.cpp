#include <doctest/doctest.h>

#include "tests/contract/engines.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

constexpr std::size_t kPlenty = 1U << 24U;

/// A company with one gestor and two versions of the questionnaire 'cobranza'.
struct FormOffice {
  explicit FormOffice(const Engine& engine) : storage(engine.open(folder.path())), company(*storage, 1) {
    company.add_gestor(1);
    FormAddition addition{kMorning, "ana", "cobranza.xlsx", {1, 2, 3}, true};
    storage->add_form(company.id(), version("1"), addition).value();
    addition.apply = false;
    storage->add_form(company.id(), version("2"), addition).value();
  }

  static FormVersion version(const std::string& number, const std::string& form_id = "cobranza") {
    return {form_id, number, "Visita " + number, "<h:html>" + form_id + number + "</h:html>"};
  }
  static VisitFinished visit(std::uint32_t number, const std::string& form_version,
                             WallMs finished_at_ms = kMorning) {
    VisitFinished made = sample_visit(numbered_id(4, number), {}, finished_at_ms);
    made.form_id = "cobranza";
    made.form_version = form_version;
    return made;
  }
  /// What a phone is told from there on: the versions of questionnaires and the forms of cases.
  std::vector<std::string> told(std::uint64_t& cursor) {
    const ChangePage page = storage->changes_after(company.id(), company.gestor_id(1), cursor, kPlenty);
    cursor = page.cursor;
    std::vector<std::string> out;
    for (const Change& change : page.changes) {
      if (const auto* form = std::get_if<FormVersion>(&change))
        out.push_back(form->form_id + " " + form->version);
      if (const auto* item = std::get_if<Case>(&change)) out.push_back(item->key + " " + item->form_id);
    }
    return out;
  }

  TempDir folder;
  std::unique_ptr<Storage> storage;
  SampleCompany company;
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "a version that is held back reaches phones when it is applied, and an earlier one can be applied "
    "again") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    FormOffice office(engine);
    std::uint64_t cursor = 0;
    CHECK(office.told(cursor) == Told{"cobranza 1"});
    CHECK(office.storage->apply_form(office.company.id(), "cobranza", "2"));
    CHECK(office.told(cursor) == Told{"cobranza 2"});
    CHECK(office.storage->apply_form(office.company.id(), "cobranza", "2"));
    CHECK_MESSAGE(office.told(cursor).empty(), "what applies already is not sent again");
    CHECK(office.storage->apply_form(office.company.id(), "cobranza", "1"));
    CHECK(office.told(cursor) == Told{"cobranza 1"});
    CHECK(office.storage->apply_form(office.company.id(), "cobranza", "9").error().code ==
          ErrorCode::NotFound);
  }
}

TEST_CASE(
    "the list of questionnaires tells who brought each version, which applies and how often it was filled") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    FormOffice office(engine);
    SamplePhone phone = office.company.enrol(1);
    const std::vector<EntryBody> visits = {FormOffice::visit(1, "1", kMorning),
                                           FormOffice::visit(2, "1", kMorning + 5),
                                           FormOffice::visit(3, "7")};
    REQUIRE(apply(*office.storage, phone.batch(visits)).ok());
    // The same visit under another entry counts once.
    REQUIRE(apply(*office.storage, phone.batch({visits[0]})).ok());
    const auto forms = office.storage->forms(office.company.id());
    REQUIRE(forms.size() == 3);
    CHECK(forms[0].version == "2");
    CHECK_FALSE(forms[0].current);
    CHECK(forms[0].visits == 0);
    CHECK(forms[1].version == "1");
    CHECK(forms[1].current);
    CHECK(forms[1].title == "Visita 1");
    CHECK(forms[1].added_by == "ana");
    CHECK(forms[1].added_at_ms == kMorning);
    CHECK(forms[1].visits == 2);
    CHECK(forms[1].last_visit_at_ms == kMorning + 5);
    CHECK(forms[2].version == "7");
    CHECK_FALSE_MESSAGE(forms[2].held, "a visit may name a version that never came");
    const auto source = office.storage->form_source(office.company.id(), "cobranza", "1");
    REQUIRE(source.has_value());
    CHECK(source->file_name == "cobranza.xlsx");
    CHECK(source->content == Bytes{1, 2, 3});
    CHECK_FALSE(office.storage->form_source(office.company.id(), "cobranza", "7").has_value());
  }
}

TEST_CASE("another questionnaire for a purpose reaches the cases that had the former one, and no others") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    FormOffice office(engine);
    Storage& storage = *office.storage;
    const Uuid tenant = office.company.id();
    CHECK(storage.form_uses(tenant) == default_form_uses());
    CHECK(storage.set_form_use(tenant, FormUse::Collection, "nueva", kMorning).error().code ==
          ErrorCode::NotFound);
    CHECK(storage.set_form_use(tenant, FormUse::Collection, "cobranza", kMorning).value() == 0);
    CHECK(storage.form_uses(tenant).at(FormUse::Collection) == "cobranza");

    CaseImport validation = sample_import(2, "g1@1");
    validation.item.purpose = Purpose::Validation;
    CaseImport special = sample_import(3, "g1@1");
    special.item.form_id = "especial";
    CaseImport nobodys = sample_import(4, "");
    storage.import_cases(tenant, {sample_import(1, "g1@1"), validation, special, nobodys}, kMorning);
    storage.add_form(tenant, FormOffice::version("1", "nueva")).value();
    std::uint64_t cursor = 0;
    office.told(cursor);

    CHECK(storage.set_form_use(tenant, FormUse::Collection, "nueva", kMorning + 9).value() == 2);
    CHECK(office.told(cursor) == Told{"MX-1001 nueva"});
    CHECK(storage.cases(tenant, {}).cases.at(3).item.form_id == "nueva");
    CHECK(storage.cases(tenant, {}).cases.at(3).updated_at_ms == kMorning + 9);
  }
}

TEST_CASE("answered visits come in pages by time, of one version or of all, each once") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    FormOffice office(engine);
    const Uuid case_id = office.company.add_case(1, 1);
    SamplePhone phone = office.company.enrol(1);
    std::vector<EntryBody> bodies;
    for (std::uint32_t i = 1; i <= 23; ++i) {
      // Several in the same millisecond, and the phone sends them in no order of time.
      VisitFinished visit = FormOffice::visit(i, i % 3 == 0 ? "2" : "1", kMorning + 1000 * ((i * 7) % 5));
      visit.case_id = case_id;
      if (i == 23) visit.form_id = "otra";
      bodies.emplace_back(visit);
    }
    REQUIRE(apply(*office.storage, phone.batch(bodies)).ok());
    for (const std::uint32_t limit : {1U, 4U, 100U}) {
      AnsweredFilter filter{"cobranza", std::nullopt, {0, kMorning * 2}, limit};
      std::set<Uuid> seen;
      WallMs last = 0;
      AnsweredPage page;
      do {
        page = office.storage->answered_visits(office.company.id(), filter, page.cursor);
        for (const AnsweredVisit& one : page.visits) {
          CHECK(seen.insert(one.visit.visit_id).second);
          CHECK(one.visit.finished_at_ms >= last);
          last = one.visit.finished_at_ms;
          CHECK(one.case_key == "MX-1001");
          CHECK(one.gestor_name == "Gestor 1");
        }
      } while (page.more);
      CHECK(seen.size() == 22);
    }
    AnsweredFilter second{"cobranza", "2", {kMorning + 1000, kMorning + 3000}, 100};
    for (const AnsweredVisit& one : office.storage->answered_visits(office.company.id(), second, {}).visits) {
      CHECK(one.visit.form_version == "2");
      CHECK(one.visit.finished_at_ms >= kMorning + 1000);
      CHECK(one.visit.finished_at_ms < kMorning + 3000);
    }
  }
}

TEST_CASE("every difference of a filled questionnaire is kept with both values") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    FormOffice office(engine);
    SamplePhone phone = office.company.enrol(1);
    PreparedBatch batch = phone.batch({FormOffice::visit(1, "1")});
    const std::vector<AnswerDifference> differences = {{"form_calculated_differs", "total", "12", "13"},
                                                       {"form_not_relevant", "people[2]/age", "40", ""}};
    batch.entries[0].differences = differences;
    REQUIRE(apply(*office.storage, std::move(batch)).ok());
    CHECK(office.storage->find_visit(office.company.id(), numbered_id(4, 1))->differences == differences);
  }
}

TEST_CASE("a questionnaire is as large as one answer to a phone can carry, and no larger") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    FormOffice office(engine);
    FormVersion large = FormOffice::version("9", "large");
    large.xform_xml.resize(kMaxFormBytes, 'x');
    CHECK(office.storage->add_form(office.company.id(), large, {}).error().code == ErrorCode::TooLarge);
    large.xform_xml.resize(kMaxFormBytes - 1024);
    std::uint64_t cursor = 0;
    (void)office.told(cursor);
    FormAddition addition{kMorning, "ana", "", {}, true};
    office.storage->add_form(office.company.id(), large, addition).value();
    SyncResponse answer;
    answer.quarantined.resize(500, {~0ULL, ErrorCode::Internal});
    answer.changes =
        office.storage->changes_after(office.company.id(), office.company.gestor_id(1), cursor, kPlenty)
            .changes;
    REQUIRE(answer.changes.size() == 1);
    CHECK(codec::decode_sync_response(codec::encode(answer)).ok());
  }
}
