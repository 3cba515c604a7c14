#pragma once

#include "tools/field_day/gestor_day.hpp"
#include "tools/field_day/traces.hpp"

namespace terreno::field_day {

/// Cases at the places where real people really stopped; gestor i walks the i-th day again.
Company build_trace_company(const std::vector<TraceDay>& days, const CompanySpec& spec);

/// Hands out the fixes and battery rows of a real day as they were recorded, every day anew. Invents nothing.
class TraceCarrier final : public Carrier {
 public:
  TraceCarrier(const TraceDay& day, WallMs first_midnight_ms)
      : day_(day), first_midnight_ms_(first_midnight_ms) {}
  void sense(WallMs from_ms, WallMs to_ms, std::vector<Fix>& fixes) override;
  BatterySample battery(WallMs at_ms) override;
  /// When the next real fix comes; nothing when none is left today.
  std::optional<WallMs> next_fix_after(WallMs at_ms) const;
  WallMs midnight_of(WallMs at_ms) const;

 private:
  const TraceDay& day_;
  WallMs first_midnight_ms_;
};

/// The day of a gestor who moves as somebody really moved: visits happen at that person's stops, when the
/// recorded fixes let the gate open.
class TraceGestorDay final : public Life {
 public:
  TraceGestorDay(const TraceDay& day, const Gestor& gestor, const DaySettings& settings,
                 const Visitor::World& world, Pace& pace);
  void run(const std::string& enrolment_code) override;
  SimPhone& phone() override { return phone_; }
  Visitor& visitor() override { return visitor_; }

 private:
  void work_one_day(WallMs midnight_ms);
  void visit_at(const TraceStop& stop, WallMs midnight_ms);

  const TraceDay& day_;
  const Gestor& gestor_;
  const DaySettings& settings_;
  Visitor::World world_;
  town::Dice dice_;
  SimPhone phone_;
  TraceCarrier carrier_;
  Visitor visitor_;
};

}  // namespace terreno::field_day
