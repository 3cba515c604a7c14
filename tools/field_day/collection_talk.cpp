#include "tools/field_day/collection_talk.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>

namespace terreno::field_day {
namespace {

using town::Dice;

std::string direct_outcome(const Errand& errand, Dice& dice) {
  // DOMAIN.md: promises per right-party contact fall from 45 % to 18 % with the days past due.
  const double past_due = data_number(errand, "days_past_due", 30);
  const double promises = past_due <= 30 ? 0.45 : past_due <= 90 ? 0.30 : 0.18;
  if (dice.chance(promises)) return "promise";
  static const std::vector<std::string> others = {"paid_part", "paid_full", "agreement", "asks_restructure",
                                                  "refuses",   "hardship",  "disputes",  "deceased"};
  return others[dice.weighted({24, 10, 12, 12, 18, 14, 9, 1})];
}

std::string whom_for(const std::string& outcome, Dice& dice) {
  static const std::set<std::string> third = {"notice_left", "third_confirms", "third_denies",
                                              "unknown_there", "deceased"};
  static const std::set<std::string> nobody = {
      "nobody_in",         "closed",     "no_access",       "unsafe_area",
      "address_not_found", "vacant_lot", "business_closed", "moved"};
  if (outcome == "minor_answered") return "minor";
  if (nobody.contains(outcome)) return "nobody";
  if (third.contains(outcome)) return "third_party";
  return dice.chance(0.87) ? "holder" : "codebtor";
}

void promise_answers(double overdue, Intent& intent, Dice& dice) {
  static const std::vector<std::string> means = {"transfer", "branch", "store", "app"};
  const double share = dice.chance(0.4) ? 1.0 : dice.uniform(0.3, 0.8);
  intent.values["promise/amount"] = money_text(std::max(100.0, overdue * share));
  intent.days["promise/date"] = dice.integer(1, 14);
  intent.values["promise/means"] = means[dice.weighted({30, 20, 40, 10})];
}

void payment_answers(double overdue, bool full, Intent& intent, Dice& dice) {
  intent.values["payment/method"] = dice.chance(0.7) ? "cash" : "transfer";
  intent.values["payment/amount"] =
      money_text(full ? overdue : std::max(100.0, overdue * dice.uniform(0.15, 0.6)));
  intent.values["payment/receipt"] = "R-" + std::to_string(dice.integer(10'000, 99'999));
  intent.values["payment/receipt_photo"] = "photo";
}

void agreement_answers(double overdue, Intent& intent, Dice& dice) {
  const int instalments = dice.integer(3, 12);
  intent.values["agreement/instalments"] = std::to_string(instalments);
  intent.values["agreement/instalment_amount"] = money_text(std::max(50.0, overdue / instalments));
  intent.days["agreement/first_date"] = dice.integer(3, 20);
}

}  // namespace

double data_number(const Errand& errand, const char* name, double otherwise) {
  const auto found = errand.item.data.find(name);
  return found == errand.item.data.end() ? otherwise : std::strtod(found->second.c_str(), nullptr);
}

std::string money_text(double amount) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", std::max(1.0, std::round(amount)));
  return text;
}

std::string throw_outcome(const Errand& errand, Met met, Dice& dice) {
  const bool business = errand.item.place.kind == PlaceKind::Business;
  static const std::vector<std::string> third = {"notice_left", "third_confirms", "third_denies",
                                                 "minor_answered"};
  static const std::vector<std::string> nobody = {"nobody_in", "closed", "no_access", "unsafe_area"};
  static const std::vector<std::string> lost = {"address_not_found", "moved", "unknown_there", "vacant_lot",
                                                "business_closed"};
  switch (met) {
    case Met::Direct:
      return direct_outcome(errand, dice);
    case Met::ThirdParty:
      return third[dice.weighted({55, 28, 10, 7})];
    case Met::NoContact:
      return nobody[dice.weighted({business ? 15.0 : 80.0, business ? 70.0 : 4.0, 12, 3})];
    case Met::NotLocatable:
      return lost[dice.weighted({18, 42, 26, 6, business ? 30.0 : 0.0})];
  }
  return "nobody_in";
}

void collection_answers(const Errand& errand, const std::string& outcome, Intent& intent, Dice& dice) {
  static const std::set<std::string> settled = {"paid_full", "paid_part", "promise", "agreement"};
  const double overdue = std::max(200.0, data_number(errand, "overdue", 2'000));
  intent.values["outcome"] = outcome;
  intent.values["contact/whom"] = whom_for(outcome, dice);
  intent.values["contact/id_shown"] = "yes";
  intent.values["talk/amount_told"] = money_text(overdue);
  intent.values["talk/willingness"] = settled.contains(outcome) ? "high"
                                      : outcome == "refuses"    ? "low"
                                                                : "medium";
  intent.values["close/hardship_signs"] = outcome == "hardship" ? "no_income" : "none";
  intent.values["close/facade_photo"] = "photo";
  intent.values["close/next_action"] = outcome == "promise"     ? "wait_promise"
                                       : outcome == "paid_full" ? "close"
                                                                : "revisit";
  intent.values["close/safety_incident"] = outcome == "unsafe_area" ? "threat" : "none";
  if (outcome == "promise") promise_answers(overdue, intent, dice);
  if (outcome == "agreement") agreement_answers(overdue, intent, dice);
  if (outcome == "paid_full" || outcome == "paid_part")
    payment_answers(overdue, outcome == "paid_full", intent, dice);
}

}  // namespace terreno::field_day
