#include <doctest/doctest.h>

#include <limits>

#include "core/journal/journal.hpp"
#include "core/store/device_store.hpp"
#include "core/store/text_fold.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using tests::sample_case;

namespace {

struct Phone {
  tests::TempDir dir;
  DeviceStore store{dir.file("phone.db")};
  Phone() { tests::enrol_sample(store); }

  void apply(const Change& change) { store.apply_changes(std::span(&change, 1), store.cursor() + 1); }
  std::vector<std::string> keys(const CaseFilter& filter) const {
    std::vector<std::string> out;
    for (const CaseRecord& record : store.cases_by_due(filter, 100, 0)) out.push_back(record.item.key);
    return out;
  }
};

}  // namespace

TEST_CASE("folding forgets case, accents and signs") {
  CHECK(fold_text("  José  Núñez-Ávila, 3º \"B\" ") == "jose nunez avila 3 b");
  CHECK(fold_text("AÇÃO ÜBER Éi") == "acao uber ei");
  CHECK(fold_text("jose\xCC\x81") == "jose");  // the accent as a character of its own
  CHECK(fold_text("").empty());
  CHECK(search_words(" Calle   5 ") == std::vector<std::string>{"calle", "5"});
  CHECK(fold_text("\xC3") == "\xC3");  // cut in the middle of a letter
}

TEST_CASE("cases come by due date and those without one last") {
  Phone phone;
  for (int number = 1; number <= 3; ++number) phone.apply(sample_case(number));
  Case undated = sample_case(9);
  undated.due_at_ms.reset();
  phone.apply(undated);
  CHECK(phone.keys({}) == std::vector<std::string>{"C-1003", "C-1002", "C-1001", "C-1009"});
  CHECK(phone.store.cases_by_due({}, 2, 1)[1].item.key == "C-1001");
}

TEST_CASE("every word of a search must stand somewhere in key, name or address") {
  Phone phone;
  Case item = sample_case(1);
  item.party.name = "María Peña";
  item.place.address = "Av. Revolución 12";
  phone.apply(item);
  phone.apply(sample_case(2));
  CHECK(phone.keys({search_words("PENA revolucion"), false}) == std::vector<std::string>{"C-1001"});
  CHECK(phone.keys({search_words("peña centro"), false}).empty());
  CHECK(phone.keys({search_words("c-1002"), false}) == std::vector<std::string>{"C-1002"});
  CHECK(phone.keys({search_words("100% ' \" _"), false}) == phone.keys({search_words("100"), false}));
}

TEST_CASE("closed cases show only when asked for, cancelled ones never") {
  Phone phone;
  for (int state = 0; state <= 6; ++state) {
    Case item = sample_case(state);
    item.state = static_cast<CaseState>(state);
    phone.apply(item);
  }
  CHECK(phone.keys({}).size() == 3);
  CHECK(phone.keys({{}, true}).size() == 6);
  CHECK(phone.store.case_pins({{}, true}).size() == 6);
}

TEST_CASE("a case changes in place and goes when it is taken away") {
  Phone phone;
  phone.apply(sample_case(1));
  Case changed = sample_case(1);
  changed.party.name = "Otra Persona";
  phone.apply(changed);
  CHECK(phone.store.find_case(changed.id) == changed);
  CHECK(phone.keys({search_words("otra"), false}).size() == 1);
  phone.apply(CaseRemoved{changed.id});
  CHECK_FALSE(phone.store.find_case(changed.id).has_value());
}

TEST_CASE("changes come all or none") {
  Phone phone;
  Case broken = sample_case(2);
  broken.place.fence.centre.lat =
      std::numeric_limits<double>::quiet_NaN();  // no such value in a STRICT table
  const std::vector<Change> changes{sample_case(1), broken};
  CHECK_THROWS_AS(phone.store.apply_changes(changes, 7), Error);
  CHECK(phone.keys({}).empty());
  CHECK(phone.store.cursor() == 0);
}

TEST_CASE("a form version stays while an open visit uses it") {
  Phone phone;
  tests::seed_sample(phone.store);
  VisitDraft draft;
  draft.item = sample_case(1);
  draft.visit.visit_id.bytes[0] = 9;
  draft.visit.case_id = draft.item.id;
  draft.visit.form_id = "visita";
  draft.visit.form_version = "1";
  draft.answering = true;
  phone.store.save_draft(draft);
  phone.apply(tests::sample_form("2"));
  CHECK(phone.store.current_form("visita")->version == "2");
  CHECK(phone.store.find_form("visita", "1").has_value());
  phone.apply(CaseRemoved{draft.item.id});
  CHECK(phone.store.find_draft(draft.visit.visit_id)->item == draft.item);
  phone.store.drop_draft(draft.visit.visit_id);
  CHECK_FALSE(phone.store.find_form("visita", "1").has_value());
}

TEST_CASE("a weaker later outcome leaves the case as the server will have it") {
  Phone phone;
  tests::ManualClock clock;
  Journal journal(phone.store, clock);
  phone.apply(sample_case(1));
  std::uint8_t number = 0;
  const auto visit = [&](CaseState becomes) {
    VisitFinished made;
    made.visit_id.bytes[0] = ++number;
    made.case_id = sample_case(1).id;
    VisitDraft draft;
    draft.visit = made;
    phone.store.save_draft(draft);
    phone.store.finish_draft(made, becomes, journal.append(made));
  };
  const auto state = [&] { return phone.store.find_case(sample_case(1).id)->state; };
  visit(CaseState::Promised);
  visit(CaseState::Revisit);
  CHECK(state() == CaseState::Promised);
  phone.apply(sample_case(1));
  CHECK_MESSAGE(state() == CaseState::Promised, "the server does not know of the visits yet");
  REQUIRE(phone.store.confirm(Receipt{phone.store.chain_head(), 0, {}}, {}).ok());
  Case moved = sample_case(1);
  moved.state = CaseState::Resolved;
  phone.apply(moved);
  visit(CaseState::Revisit);
  CHECK(state() == CaseState::Resolved);
  phone.apply(sample_case(1));
  CHECK_MESSAGE(state() == CaseState::Revisit,
                "the office opened it again before it heard of the last visit");
}
