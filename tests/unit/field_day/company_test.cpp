#include "tools/field_day/company.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/geo/distance.hpp"
#include "server/domain/case_import.hpp"

using namespace terreno;
using namespace terreno::field_day;

namespace {

const town::Town& town_of_seed_1() {
  static const town::Town town = town::build_town(1);
  return town;
}

const Company& company_of_seed_1() {
  static const Company company =
      build_company(town_of_seed_1(), {.seed = 1, .gestores = 40, .cases = 600, .cheats = 4, .traces = ""});
  return company;
}

}  // namespace

TEST_CASE("the server's import takes the company's file without a complaint") {
  const Company& company = company_of_seed_1();
  server::ImportWorld world;
  world.is_gestor = [&](std::string_view login) {
    return std::any_of(company.gestores.begin(), company.gestores.end(),
                       [&](const Gestor& gestor) { return gestor.login == login; });
  };
  world.is_form = [](std::string_view) { return true; };
  world.utc_offset_minutes = -360;
  const auto table = server::read_cases_csv(cases_csv(company, 20'778), world, Language::English);
  for (const auto& problem : table.problems)
    FAIL_CHECK(problem.line << " " << problem.column << ": " << problem.reason);
  REQUIRE(table.cases.size() == 600);
  for (std::size_t i = 0; i < table.cases.size(); ++i) {
    const Case& imported = table.cases[i].item;
    const Case& meant = company.errands[i].item;
    CHECK(imported.party == meant.party);
    CHECK(imported.place.address == meant.place.address);
    CHECK(imported.data == meant.data);
    CHECK(imported.purpose == meant.purpose);
    CHECK(geo::geodesic_m(imported.place.fence.centre, meant.place.fence.centre) < 0.2);
  }
}

TEST_CASE("logins are unique and plain, and the cheats are known") {
  const Company& company = company_of_seed_1();
  std::set<std::string> logins;
  std::set<Cheat> ways;
  for (const Gestor& gestor : company.gestores) {
    logins.insert(gestor.login);
    for (const char c : gestor.login) CHECK((c == '.' || (c >= 'a' && c <= 'z')));
    if (gestor.cheat != Cheat::None) CHECK(ways.insert(gestor.cheat).second);
  }
  CHECK(logins.size() == 40);
  CHECK(ways.size() == 4);
}

TEST_CASE("pins are wrong as geocoders are wrong: half within 25 m, a tenth beyond 200 m") {
  std::vector<double> errors;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Company company = build_company(
        town_of_seed_1(), {.seed = seed, .gestores = 40, .cases = 600, .cheats = 0, .traces = ""});
    for (const Errand& errand : company.errands)
      errors.push_back(geo::geodesic_m(errand.door, errand.item.place.fence.centre));
  }
  std::sort(errors.begin(), errors.end());
  CHECK(errors[errors.size() / 2] > 10);
  CHECK(errors[errors.size() / 2] < 30);
  const auto far = std::count_if(errors.begin(), errors.end(), [](double error) { return error > 200; });
  CHECK(static_cast<double>(far) / static_cast<double>(errors.size()) == doctest::Approx(0.07).epsilon(0.6));
}

TEST_CASE("days are written as calendars write them") {
  CHECK(date_text(0) == "1970-01-01");
  CHECK(date_text(20'778) == "2026-11-21");
  CHECK(date_text(19'782) == "2024-02-29");
}
