// Gestores of the invented town live a day with real phone cores and no network.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <thread>

#include "core/forms/xlsform.hpp"
#include "core/store/device_store.hpp"
#include "server/domain/outcomes.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"
#include "tools/field_day/collection_talk.hpp"
#include "tools/field_day/gestor_day.hpp"

using namespace terreno;
using namespace terreno::field_day;

namespace {

constexpr WallMs kMidnight = 1'795'240'800'000;  // 2026-11-21 in Mexico City

FormVersion shipped_form(const std::string& name) {
  std::ifstream in(std::string(TERRENO_SOURCE_DIR) + "/schema/forms/" + name + ".xlsx", std::ios::binary);
  const Bytes workbook{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto converted = forms::convert_xlsform(workbook);
  REQUIRE(converted.ok());
  return {converted.form_id, converted.version, converted.title, std::move(converted.xform_xml)};
}

std::string form_of(const Case& item) {
  if (item.purpose == Purpose::Collection) return "visita_cobranza";
  return item.place.kind == PlaceKind::Business ? "validacion_negocio" : "validacion_domicilio";
}

/// What the first sync would have brought.
void seed_phone(const std::string& path, const Company& company, const Gestor& gestor) {
  DeviceStore store(path);
  tests::enrol_sample(store);
  std::vector<Change> changes{server::default_outcomes(), shipped_form("visita_cobranza"),
                              shipped_form("validacion_domicilio"), shipped_form("validacion_negocio")};
  std::uint8_t number = 0;
  for (const Errand& errand : company.errands) {
    if (errand.gestor_login != gestor.login) continue;
    Case item = errand.item;
    item.id.bytes[15] = ++number;
    item.form_id = form_of(item);
    changes.emplace_back(std::move(item));
  }
  store.apply_changes(changes, changes.size());
}

struct Day {
  town::Town town = town::build_town(1);
  Company company = build_company(town, {.seed = 5, .gestores = 6, .cases = 180, .cheats = 0, .traces = ""});
  tests::TempDir dir;
  DaySettings settings;
  Tally tally;
  Labels labels{company};
  Pace pace{std::nullopt};

  Day() {
    settings.folder = dir.path().string();
    settings.server = "http://127.0.0.1:1";  // nobody listens there
    settings.first_day_ms = kMidnight;
    settings.fragility = 0.2;
    std::filesystem::create_directories(dir.file("phones"));
    std::filesystem::create_directories(dir.file("ledgers"));
  }

  /// Until so many visits are finished or so long is past.
  void live(Gestor& gestor, std::uint64_t visits) {
    seed_phone(dir.file("phones/" + gestor.login + ".db"), company, gestor);
    std::exception_ptr trouble;
    std::thread person([&] {
      try {
        GestorDay(town, gestor, settings, {company, tally, labels, -360}, pace).run("");
      } catch (const Stopped&) {
      } catch (...) {
        trouble = std::current_exception();
        pace.stop();
      }
    });
    for (int i = 0; i < 1200 && tally.visits + tally.refused < visits && !pace.stopped(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    pace.stop();
    person.join();
    if (trouble) std::rethrow_exception(trouble);
  }

  std::set<std::string> ledger(const Gestor& gestor) const {
    std::ifstream in(dir.file("ledgers/" + gestor.login + ".txt"));
    std::set<std::string> ids;
    for (std::string line; std::getline(in, line);) CHECK(ids.insert(line.substr(0, 36)).second);
    return ids;
  }
};

}  // namespace

TEST_CASE("an honest gestor's day goes through the phone core, and the ledger holds what the phone holds") {
  Day day;
  Gestor& gestor = day.company.gestores[0];
  day.live(gestor, 25);
  for (const std::string& breach : day.tally.breaches()) FAIL_CHECK(breach);
  CHECK(day.tally.visits >= 15);
  CHECK(day.tally.restarts > 0);
  CHECK(day.tally.fixes > 1'000);
  DeviceStore store(day.dir.file("phones/" + gestor.login + ".db"));
  std::set<std::string> held;
  for (const auto& visit : store.finished_visits(1'000)) held.insert(visit.id.to_string());
  CHECK(held == day.ledger(gestor));
}

TEST_CASE("who stays 300 m away is refused by the gate of a pin that is well known") {
  Day day;
  Gestor& gestor = day.company.gestores[1];
  gestor.cheat = Cheat::FarVisit;
  for (Errand& errand : day.company.errands) {
    errand.item.place.fence = {errand.door, 60, PinPrecision::Rooftop};
  }
  day.live(gestor, 8);
  for (const std::string& breach : day.tally.breaches()) FAIL_CHECK(breach);
  CHECK(day.tally.refused >= 7);
  CHECK(day.tally.visits <= 1);
  day.labels.write(day.dir.file("labels.json"));
  std::ifstream in(day.dir.file("labels.json"));
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  CHECK(text.find("\"cheat\":\"far_visit\"") != std::string::npos);
}

TEST_CASE("every outcome of the catalogue can be meant: its questionnaire then suggests it") {
  const auto catalogue = server::default_outcomes();
  const Company company =
      build_company(town::build_town(1), {.seed = 2, .gestores = 1, .cases = 40, .cheats = 0, .traces = ""});
  tests::TempDir dir;
  seed_phone(dir.file("phone.db"), company, company.gestores[0]);
  PhoneClock clock(kMidnight + 11 * 3'600'000, 1);
  const auto core =
      FieldCore::open({dir.file("phone.db"), Platform::Android, Language::Spanish, "", ""}, clock);
  core->start_shift().value();
  town::Dice dice(9);
  std::map<std::string, int> reached;
  for (const OutcomeDefinition& meant : catalogue.outcomes) {
    if (meant.purpose != Purpose::Collection || meant.contact == ContactClass::Blocked) continue;
    const auto errand = std::find_if(company.errands.begin(), company.errands.end(), [](const Errand& each) {
      return each.item.purpose == Purpose::Collection &&
             each.item.place.fence.precision == PinPrecision::Rooftop;
    });
    REQUIRE(errand != company.errands.end());
    clock.move_to(clock.wall_ms() + 60'000);
    Fix fix;
    fix.captured_at_ms = clock.wall_ms();
    fix.mono_ms = clock.mono_ms();
    fix.point = errand->item.place.fence.centre;
    fix.accuracy_m = 8;
    core->add_fixes(std::span(&fix, 1)).value();
    const auto listed = core->cases({CaseOrder::ByDue, std::nullopt, errand->item.key, true, 10, 0});
    REQUIRE(listed.size() == 1);
    const Uuid visit = core->arrive(listed[0].item.id).value().id;
    core->begin_form(visit).value();
    Intent intent;
    collection_answers(*errand, meant.code, intent, dice);
    FormFiller filler(*core, visit, intent, dice, [](int days) { return date_text(20'778 + days); });
    const bool filled = filler
                            .fill(
                                [](const auto&) {
                                  return Picture{EvidenceKind::Photo, "image/png",
                                                 Bytes{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0}};
                                },
                                [](double) {})
                            .value();
    CHECK_MESSAGE(filled, meant.code << ": " << filler.complaint());
    CHECK(core->suggested_outcome(visit).value().code == meant.code);
    core->cancel_visit(visit, "prueba").value();
    ++reached[meant.code];
  }
  CHECK(reached.size() >= 20);
}
