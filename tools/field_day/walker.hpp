#pragma once

#include <optional>

#include "tools/field_day/company.hpp"
#include "tools/field_day/sim_phone.hpp"

namespace terreno::field_day {

/// Somebody who walks or rides along the town's streets with a phone in the pocket. Moves only in sense().
class Walker final : public Carrier {
 public:
  Walker(const town::Town& town, const Gestor& gestor);

  /// Sets off towards a spot; `up_to_m` short of it when that is more than zero. Ends at `door` itself.
  void set_off(const town::Curb& to, std::optional<town::Point> door, double up_to_m = 0);
  bool arrived() const { return done_m_ >= way_m_; }
  town::Point position() const { return position_; }
  void took_photo() { battery_.photo(); }

  /// What a fake-location app shows instead of the truth, while it runs.
  void fake_at(GeoPoint point) { fake_ = point; }
  /// Lets the fake position move in a straight line, ignoring houses and streets, until it is there.
  void fake_towards(GeoPoint point) { fake_goal_ = point; }
  bool faking() const { return fake_.has_value(); }
  bool fake_arrived() const { return !fake_goal_; }

  void sense(WallMs from_ms, WallMs to_ms, std::vector<Fix>& fixes) override;
  BatterySample battery(WallMs at_ms) override;

 private:
  void move(double seconds);
  void move_fake(double seconds);
  double pace_now();
  double sigma_here() const;
  Fix honest_fix(WallMs at_ms);
  Fix faked_fix(WallMs at_ms);

  const town::Town& town_;
  const Gestor& gestor_;
  town::Dice dice_;
  LocationService service_;
  Battery battery_;
  town::Curb curb_;
  town::Point position_;
  town::Line way_;
  double way_m_ = 0;
  double done_m_ = 0;
  double usual_mps_;
  double speed_mps_ = 0;
  double bearing_deg_ = 0;
  std::optional<GeoPoint> fake_, fake_goal_;
  WallMs battery_at_ms_ = 0;
};

}  // namespace terreno::field_day
