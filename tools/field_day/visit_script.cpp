#include "tools/field_day/visit_script.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <set>

#include "tools/field_day/collection_talk.hpp"
#include "tools/field_day/people.hpp"

namespace terreno::field_day {
namespace {

using town::Dice;

constexpr double kFraudShare = 0.02;  ///< of applications whose declared figures are made up
constexpr double kWorkDays = 26;      ///< a month

double contact_multiplier(double hour, bool saturday) {
  double factor = 1.0;
  if (hour < 12) {
    factor = 0.85;
  } else if (hour < 15) {
    factor = 0.9;
  } else if (hour >= 17 && hour < 19) {
    factor = 1.35;
  }
  return saturday ? factor * 1.25 : factor;
}

/// DOMAIN.md's 32 / 20 / 33 / 13, moved by the hour.
Met throw_contact(double hour, bool saturday, Dice& dice) {
  const double factor = contact_multiplier(hour, saturday);
  const double direct = 32 * factor, third = 20 * factor;
  return static_cast<Met>(dice.weighted({direct, third, std::max(5.0, 85 - direct - third), 13}));
}

double dwell_minutes(const Errand& errand, Met met, Dice& dice) {
  if (met == Met::NoContact || met == Met::NotLocatable) return dice.lognormal(3, 0.4);
  if (errand.item.purpose == Purpose::Collection) return dice.lognormal(9, 0.45);
  return errand.item.place.kind == PlaceKind::Business ? dice.lognormal(35, 0.35) : dice.lognormal(22, 0.35);
}

/// What is found on site, against what was declared: mostly the same, DOMAIN.md's 0.6 discrepancies a visit,
/// and far off where the application is a fraud.
class Truth {
 public:
  Truth(const Errand& errand, Dice& dice) : errand_(errand), dice_(dice), fraud_(dice.chance(kFraudShare)) {}

  double amount(const char* name, double otherwise) {
    const double declared = data_number(errand_, name, otherwise);
    if (fraud_) return declared * dice_.uniform(0.3, 0.6);
    return declared * (dice_.chance(0.15) ? dice_.uniform(0.55, 0.78) : dice_.uniform(0.9, 1.08));
  }
  int count(const char* name, int otherwise) {
    const int declared = static_cast<int>(data_number(errand_, name, otherwise));
    return dice_.chance(fraud_ ? 0.7 : 0.12) ? declared + dice_.integer(1, 3) : declared;
  }
  bool fraud() const { return fraud_; }

 private:
  const Errand& errand_;
  Dice& dice_;
  bool fraud_;
};

/// DOMAIN.md's 72 / 15 / 8 / 5.
std::string throw_finding(Dice& dice) {
  static const std::vector<std::string> findings = {"positive", "conditional", "negative", "not_located"};
  return findings[dice.weighted({72, 15, 8, 5})];
}

std::string ten(double amount) { return money_text(std::max(10.0, std::round(amount / 10) * 10)); }

void say(Intent& intent, std::initializer_list<std::pair<const char*, std::string>> answers) {
  for (const auto& [path, value] : answers) intent.values[path] = value;
}

void home_answers(const Errand& errand, const std::string& finding, Intent& intent, Dice& dice) {
  if (finding == "not_located") {
    static const std::vector<std::string> how = {"not_exist", "no_access", "vacant_lot", "street_no_number"};
    say(intent, {{"place/located", dice.pick(how)}, {"close/finding", finding}});
    return;
  }
  Truth truth(errand, dice);
  const int dependants = truth.count("declared_dependants", 1);
  const double income = truth.amount("declared_income", 9'000);
  const auto tenure = errand.item.data.find("declared_tenure");
  static const std::vector<std::string> who = {"holder", "spouse", "relative"};
  say(intent, {{"place/located", "yes"},
               {"place/address_match", "yes"},
               {"person/who_answered", who[dice.weighted({65, 20, 15})]},
               {"person/lives_there", "yes"},
               {"person/id_match", truth.fraud() ? "differs" : "matches"},
               {"home/years_there", std::to_string(truth.count("declared_years_there", 4))},
               {"home/home_kind", dice.chance(0.8) ? "house" : "apartment"},
               {"home/tenure", tenure == errand.item.data.end() ? "owned" : tenure->second},
               {"home/rent", ten(dice.uniform(1'800, 5'500))},
               {"home/services", dice.chance(0.6) ? "water power sewer gas" : "water power"},
               {"household/people", std::to_string(dependants + dice.integer(1, 3))},
               {"household/dependants", std::to_string(dependants)},
               {"household/contributors", "1"},
               {"household/vehicles", dice.chance(0.5) ? "none" : "motorcycle"},
               {"work/job_years", std::to_string(dice.integer(1, 12))},
               {"work/income", ten(income)},
               {"work/expenses", ten(income * dice.uniform(0.45, 0.75))},
               {"work/other_debts", ten(income * dice.uniform(0, 0.15))},
               {"close/risks", "none"},
               {"close/proof_photo", "photo"},
               {"close/signature", "drawn"},
               {"close/finding", finding}});
}

void business_answers(const Errand& errand, const std::string& finding, Intent& intent, Dice& dice) {
  if (finding == "not_located") {
    static const std::vector<std::string> how = {"not_exist", "no_access", "vacant_lot"};
    say(intent, {{"place/located", dice.pick(how)}, {"close/finding", finding}});
    return;
  }
  Truth truth(errand, dice);
  const double day = truth.amount("declared_sales_month", 30'000) / kWorkDays;
  const int years = dice.integer(2, 15), employees = truth.count("declared_employees", 1);
  say(intent,
      {{"place/located", "yes"},
       {"place/sign_seen", truth.fraud() ? "no" : "yes"},
       {"place/business_match", truth.fraud() ? "no" : "yes"},
       {"place/open_on_arrival", "yes"},
       {"person/who_answered", dice.chance(0.8) ? "holder" : "employee"},
       {"person/works_there", "yes"},
       {"person/id_match", "matches"},
       {"trade/business_years", std::to_string(years)},
       {"trade/premises_years", std::to_string(dice.integer(1, years))},
       {"trade/legal", dice.chance(0.5) ? "licence tax" : "informal"},
       {"trade/rent", ten(dice.uniform(2'500, 7'000))},
       {"trade/opens", dice.chance(0.5) ? "09:00" : "08:00"},
       {"trade/closes", dice.chance(0.5) ? "20:00" : "19:00"},
       {"trade/open_days", dice.chance(0.5) ? "mon tue wed thu fri sat" : "mon tue wed thu fri sat sun"},
       {"activity/employees_declared", std::to_string(employees)},
       {"activity/employees_seen", std::to_string(std::max(0, employees - dice.integer(0, 1)))},
       {"activity/customers_seen", std::to_string(dice.poisson(2.5))},
       {"activity/stock_value", ten(day * dice.uniform(6, 15))},
       {"activity/records", dice.chance(0.4) ? "books terminal" : "none"},
       {"money/sales_good", ten(day * 1.45)},
       {"money/sales_normal", ten(day)},
       {"money/sales_bad", ten(day * 0.55)},
       {"money/purchases_week", ten(day * 4)},
       {"money/margin_percent", std::to_string(dice.integer(18, 38))},
       {"money/fixed_costs", ten(day * 3)},
       {"money/household_expenses", ten(dice.uniform(3'000, 7'000))},
       {"money/instalments", ten(dice.uniform(0, 1'800))},
       {"references/neighbour_knows", truth.fraud() ? "no" : "yes"},
       {"close/signature", "drawn"},
       {"close/finding", finding}});
}

}  // namespace

VisitScript write_script(const Errand& errand, double hour, bool saturday, Dice& dice) {
  VisitScript script;
  Met met = throw_contact(hour, saturday, dice);
  if (errand.item.purpose == Purpose::Collection) {
    script.outcome = throw_outcome(errand, met, dice);
    collection_answers(errand, script.outcome, script.intent, dice);
  } else {
    const std::string finding = throw_finding(dice);
    met = finding == "not_located" ? Met::NotLocatable : Met::Direct;
    script.outcome = "validation_" + finding;
    const bool business = errand.item.place.kind == PlaceKind::Business;
    (business ? business_answers : home_answers)(errand, finding, script.intent, dice);
  }
  script.dwell_s = 60 * dwell_minutes(errand, met, dice);
  return script;
}

}  // namespace terreno::field_day
