#include "tools/field_day/company.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <set>

#include "tools/field_day/people.hpp"

namespace terreno::field_day {
namespace {

using town::Dice;
using town::Point;

constexpr double kOnFootReach_m = 620;
constexpr double kRidingReach_m = 1500;

/// Errors of geocoders come in kinds, and the kind is known: the share of each, its median error, and the
/// radius that a careful office gives such a pin.
struct PinKind {
  PinPrecision precision;
  double share;
  double median_m;
  double spread;
  double radius_m;
};
constexpr PinKind kPinKinds[] = {{PinPrecision::Rooftop, 0.52, 9, 0.45, 60},
                                 {PinPrecision::Interpolated, 0.28, 24, 0.5, 80},
                                 {PinPrecision::Street, 0.12, 70, 0.5, 180},
                                 {PinPrecision::Approximate, 0.08, 240, 0.5, 600}};

const std::vector<std::string>& phone_models() {
  static const std::vector<std::string> models = {"Moto G54",    "Galaxy A15", "Redmi Note 13",
                                                  "Galaxy A05s", "Moto E14",   "Poco C65"};
  return models;
}

std::string money(double amount) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", std::round(amount / 10) * 10);
  return text;
}

std::vector<Gestor> build_gestores(const town::Town& town, Dice dice, int count, int cheats) {
  std::vector<Gestor> gestores;
  std::set<std::string> logins;
  while (static_cast<int>(gestores.size()) < count) {
    Gestor gestor;
    gestor.name = person_name(dice);
    gestor.login = login_of(gestor.name);
    if (!logins.insert(gestor.login).second) continue;
    gestor.seed = dice.next();
    if (dice.chance(0.15)) gestor.platform = Platform::Ios;
    gestor.phone_model = gestor.platform == Platform::Ios ? "iPhone 12" : dice.pick(phone_models());
    gestor.travel = dice.chance(0.45) ? town::Travel::Riding : town::Travel::OnFoot;
    gestor.home = dice.pick(town.addresses).curb;
    gestores.push_back(std::move(gestor));
  }
  constexpr Cheat kWays[] = {Cheat::StaticPin, Cheat::Joystick, Cheat::MockFlag, Cheat::FarVisit};
  for (int i = 0; i < std::min(cheats, count); ++i) {
    // Spread over the roster, so that they do not stand at its head.
    auto& gestor = gestores[static_cast<std::size_t>((i * 7 + 3) % count)];
    gestor.cheat = kWays[i % 4];
    gestor.platform = Platform::Android;  // such apps are common there
    gestor.phone_model = phone_models().front();
  }
  return gestores;
}

/// The middle of each gestor's area: spread over the town, so that nobody works on another's doorstep.
std::vector<Point> place_areas(const town::Town& town, Dice dice, std::size_t count) {
  std::vector<Point> middles;
  double apart = 700;
  while (middles.size() < count) {
    const Point spot = dice.pick(town.addresses).home;
    const bool crowded = std::any_of(middles.begin(), middles.end(),
                                     [&](Point other) { return distance(other, spot) < apart; });
    if (!crowded) middles.push_back(spot);
    apart *= 0.985;
  }
  return middles;
}

const town::Address& address_near(const town::Town& town, Dice& dice, Point middle, double reach_m) {
  for (;;) {
    const auto& address = dice.pick(town.addresses);
    const double away = distance(address.home, middle);
    if (away < reach_m || dice.chance(0.002)) return address;
  }
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

void invent_debt(Errand& errand, Dice& dice) {
  const double principal = dice.lognormal(14'000, 0.7);
  const int past_due = std::clamp(static_cast<int>(dice.lognormal(38, 0.9)), 1, 400);
  const double interest = principal * 0.035 * past_due / 30, late = principal * 0.012 * past_due / 30;
  const double fees = past_due > 60 ? 350 : 0;
  auto& data = errand.item.data;
  data["product"] = dice.chance(0.6) ? "Crédito grupal" : "Crédito personal";
  data["days_past_due"] = std::to_string(past_due);
  data["principal"] = money(principal);
  data["interest"] = money(interest);
  data["late_interest"] = money(late);
  data["fees"] = money(fees);
  data["balance"] = money(principal + interest + late + fees);
  data["overdue"] = money(principal * 0.2 + interest + late + fees);
  errand.item.note = past_due > 90 ? "Cuenta en etapa extrajudicial; ofrecer convenio." : "";
}

void invent_application(Errand& errand, Dice& dice) {
  auto& data = errand.item.data;
  data["declared_income"] = money(dice.lognormal(11'500, 0.4));
  data["declared_years_there"] = std::to_string(dice.integer(1, 22));
  data["declared_dependants"] = std::to_string(dice.integer(0, 4));
  data["requested_amount"] = money(dice.lognormal(18'000, 0.5));
  if (errand.item.place.kind == PlaceKind::Business) {
    data["declared_business"] = business_name(dice);
    data["declared_sales_month"] = money(dice.lognormal(36'000, 0.5));
    data["declared_employees"] = std::to_string(dice.integer(0, 4));
  } else {
    data["declared_occupation"] = occupation(dice);
    data["declared_employer"] = employer(dice);
    data["declared_tenure"] = dice.chance(0.6) ? "owned" : "rented";
  }
}

}  // namespace

std::string date_text(std::int64_t days) {
  // Civil from days (Hinnant).
  const std::int64_t z = days + 719'468;
  const std::int64_t era = z / 146'097;
  const std::int64_t day_of_era = z - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t mp = (5 * day_of_year + 2) / 153;
  const std::int64_t month = mp < 10 ? mp + 3 : mp - 9;
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", static_cast<int>(year_of_era + era * 400 + (month <= 2)),
                static_cast<int>(month), static_cast<int>(day_of_year - (153 * mp + 2) / 5 + 1));
  return text;
}

std::string_view name_of(Cheat cheat) {
  switch (cheat) {
    case Cheat::None:
      return "none";
    case Cheat::StaticPin:
      return "static_pin";
    case Cheat::Joystick:
      return "joystick";
    case Cheat::MockFlag:
      return "mock_flag";
    case Cheat::FarVisit:
      return "far_visit";
  }
  return "none";
}

const Errand* Company::find(const std::string& key) const {
  const auto found =
      std::lower_bound(errands.begin(), errands.end(), key,
                       [](const Errand& errand, const std::string& k) { return errand.item.key < k; });
  return found != errands.end() && found->item.key == key ? &*found : nullptr;
}

void invent_file(Errand& errand, Dice& dice) {
  Case& item = errand.item;
  item.purpose = dice.chance(0.7) ? Purpose::Collection : Purpose::Validation;
  item.place.kind = dice.chance(0.3) ? PlaceKind::Business : PlaceKind::Home;
  item.party = {person_name(dice), phone_number(dice)};
  item.place.reference = dice.chance(0.6) ? door_hint(dice) : "";
  errand.due_in_days = dice.integer(0, 9);
  if (item.purpose == Purpose::Collection) {
    invent_debt(errand, dice);
  } else {
    invent_application(errand, dice);
  }
}

void invent_pin(Errand& errand, const geo::LocalFrame& frame, Dice& dice) {
  const std::size_t kind =
      dice.weighted({kPinKinds[0].share, kPinKinds[1].share, kPinKinds[2].share, kPinKinds[3].share});
  const PinKind& pin = kPinKinds[kind];
  const double away = dice.lognormal(pin.median_m, pin.spread),
               direction = dice.uniform(0, 2 * std::numbers::pi);
  const auto door = frame.to_xy(errand.door);
  errand.item.place.fence = {
      frame.to_point({door.x_m + away * std::cos(direction), door.y_m + away * std::sin(direction)}),
      pin.radius_m, pin.precision};
}

Company build_company(const town::Town& town, const CompanySpec& spec) {
  const Dice dice = Dice(spec.seed).child("company");
  Company company;
  company.gestores = build_gestores(town, dice.child("gestores"), spec.gestores, spec.cheats);
  const auto areas = place_areas(town, dice.child("areas"), company.gestores.size());
  Dice throws = dice.child("cases");
  for (int i = 0; i < spec.cases; ++i) {
    const std::size_t whose = static_cast<std::size_t>(i) % company.gestores.size();
    const double reach =
        company.gestores[whose].travel == town::Travel::OnFoot ? kOnFootReach_m : kRidingReach_m;
    const auto& address = address_near(town, throws, areas[whose], reach);
    Errand errand;
    char key[16];
    std::snprintf(key, sizeof key, "CR-%05d", 20'001 + i);
    errand.item.key = key;
    errand.gestor_login = company.gestores[whose].login;
    errand.door = town.to_geo(address.door);
    errand.curb = address.curb;
    errand.number = address.number;
    errand.home_seed = throws.next();
    invent_file(errand, throws);
    errand.item.place.address = town.address_text(address);
    invent_pin(errand, town.frame, throws);
    company.errands.push_back(std::move(errand));
  }
  return company;
}

std::string cases_csv(const Company& company, std::int64_t today) {
  std::set<std::string> columns;
  for (const Errand& errand : company.errands)
    for (const auto& [name, value] : errand.item.data) columns.insert(name);
  std::string out =
      "key,purpose,name,phone,kind,address,reference,lat,lon,radius_m,precision,due,gestor,note";
  for (const std::string& column : columns) out += ",data." + column;
  out += '\n';
  constexpr const char* kKinds[] = {"home", "business", "workplace"};
  constexpr const char* kPrecisions[] = {"verified", "rooftop", "interpolated", "street", "approximate"};
  for (const Errand& errand : company.errands) {
    const Case& item = errand.item;
    const Fence& fence = item.place.fence;
    char place[96];
    std::snprintf(place, sizeof place, "%.6f,%.6f,%.0f,%s", fence.centre.lat, fence.centre.lon,
                  fence.radius_m, kPrecisions[static_cast<int>(fence.precision)]);
    out += item.key + (item.purpose == Purpose::Collection ? ",collection," : ",validation,") +
           csv_field(item.party.name) + ',' + item.party.phone + ',' +
           kKinds[static_cast<int>(item.place.kind)] + ',' + csv_field(item.place.address) + ',' +
           csv_field(item.place.reference) + ',' + place + ',' + date_text(today + errand.due_in_days) + ',' +
           errand.gestor_login + ',' + csv_field(item.note);
    for (const std::string& column : columns) {
      const auto value = item.data.find(column);
      out += ',' + (value == item.data.end() ? std::string() : csv_field(value->second));
    }
    out += '\n';
  }
  return out;
}

}  // namespace terreno::field_day
