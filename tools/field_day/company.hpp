#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/model/work.hpp"
#include "tools/town/town.hpp"
#include "tools/town/way.hpp"

namespace terreno::field_day {

/// What company it is; kept in the folder, so that every process of a demo sees the same one.
struct CompanySpec {
  std::uint64_t seed = 1;
  int gestores = 40;
  int cases = 600;
  int cheats = 4;
  std::string traces;  ///< folder of real movements; empty: the town
};

/// How somebody makes visits that are none; the known truth against which detectors are judged.
enum class Cheat : std::uint8_t {
  None = 0,
  StaticPin = 1,  ///< one made-up position, always the same accuracy
  Joystick = 2,   ///< straight lines through the houses at one speed
  MockFlag = 3,   ///< a fake-location app that the phone reports
  FarVisit = 4    ///< stays 300 m away and tries all the same
};
std::string_view name_of(Cheat cheat);

struct Gestor {
  std::string login;
  std::string name;
  std::uint64_t seed = 0;
  Platform platform = Platform::Android;
  std::string phone_model;
  town::Travel travel = town::Travel::OnFoot;
  Cheat cheat = Cheat::None;
  town::Curb home;       ///< where the day begins and ends; only in a town
  std::string trace_id;  ///< whose real movements are walked again; empty in a town
};

/// A case and the truth behind it, which neither phone nor server knows.
struct Errand {
  Case item;
  std::string gestor_login;
  GeoPoint door;    ///< where the place really is; the pin is item.place.fence
  town::Curb curb;  ///< only in a town
  int number = 0;   ///< of the house
  std::uint64_t home_seed = 0;
  int due_in_days = 0;
};

struct Company {
  std::vector<Gestor> gestores;
  std::vector<Errand> errands;

  const Errand* find(const std::string& key) const;
};

/// Invents a lender's field team and its work in the town.
Company build_company(const town::Town& town, const CompanySpec& spec);

/// The cases as the office would hand them over: CSV for `terreno import`. Due dates count from `today`
/// (days since 1970).
std::string cases_csv(const Company& company, std::int64_t today);

/// yyyy-mm-dd of a day counted from 1970.
std::string date_text(std::int64_t days);

/// Fills in what a lender knows of a case beside its place: name, phone, and the declared or owed figures.
void invent_file(Errand& errand, town::Dice& dice);

/// Displaces the pin as geocoders do (DOMAIN.md: median 25 m, a tenth beyond 200 m), and gives it the
/// precision and radius that go with such an error.
void invent_pin(Errand& errand, const geo::LocalFrame& frame, town::Dice& dice);

}  // namespace terreno::field_day
