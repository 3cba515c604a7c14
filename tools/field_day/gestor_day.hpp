#pragma once

#include <set>
#include <string>

#include "tools/field_day/life.hpp"
#include "tools/field_day/walker.hpp"

namespace terreno::field_day {

/// The days of one gestor in the town: the way to work, cases one after another, lunch, the way home.
class GestorDay final : public Life {
 public:
  GestorDay(const town::Town& town, const Gestor& gestor, const DaySettings& settings,
            const Visitor::World& world, Pace& pace);
  void run(const std::string& enrolment_code) override;
  SimPhone& phone() override { return phone_; }
  Visitor& visitor() override { return visitor_; }

 private:
  void work_one_day(WallMs midnight_ms);
  void work_until(WallMs end_ms);
  const Errand* choose();
  void go_to(const Errand& errand);
  void visit(const Errand& errand);
  void pause(double median_minutes);

  const town::Town& town_;
  const Gestor& gestor_;
  const DaySettings& settings_;
  Visitor::World world_;
  town::Dice dice_;
  SimPhone phone_;
  Walker walker_;
  Visitor visitor_;
  std::set<std::string> visited_today_;
  double pause_min_ = 4;  ///< median, between two visits
};

}  // namespace terreno::field_day
