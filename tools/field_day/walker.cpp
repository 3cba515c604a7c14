#include "tools/field_day/walker.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace terreno::field_day {
namespace {

using town::Point;

constexpr double kPlain_m = 1890;  ///< altitude of the town
constexpr double kCentre_m = 650;  ///< how far the narrow streets reach
constexpr double kJoystick_mps = 7;

double bearing_of(Point along) {
  const double degrees = std::atan2(along.x, along.y) * 180 / std::numbers::pi;
  return degrees < 0 ? degrees + 360 : degrees;
}

/// The point `metres` along a line, and the direction there.
std::pair<Point, Point> along(const town::Line& line, double metres) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double size = distance(line[i - 1], line[i]);
    if (metres <= size && size > 0)
      return {between(line[i - 1], line[i], metres / size), line[i] - line[i - 1]};
    metres -= size;
  }
  return {line.back(), line.size() > 1 ? line.back() - line[line.size() - 2] : Point{0, 1}};
}

}  // namespace

Walker::Walker(const town::Town& town, const Gestor& gestor)
    : town_(town),
      gestor_(gestor),
      dice_(town::Dice(gestor.seed).child("walker")),
      service_(town::Dice(gestor.seed).child("gps"), gestor.platform),
      battery_(town::Dice(gestor.seed).child("battery")),
      curb_(gestor.home),
      position_(town.network.point_on(gestor.home.edge, gestor.home.share)),
      usual_mps_(gestor.travel == town::Travel::OnFoot ? dice_.lognormal(1.25, 0.1)
                                                       : dice_.lognormal(6.2, 0.15)) {}

void Walker::set_off(const town::Curb& to, std::optional<Point> door, double up_to_m) {
  const town::Line streets = find_way(town_.network, town_.plan, curb_, to, gestor_.travel);
  way_ = {position_};
  way_.insert(way_.end(), streets.begin(), streets.end());
  if (door) way_.push_back(*door);
  way_m_ = std::max(0.0, length(way_) - up_to_m);
  done_m_ = 0;
  curb_ = up_to_m > 0 ? nearest_curb(town_.network, along(way_, way_m_).first) : to;
}

double Walker::pace_now() {
  // Crossings, traffic and phone calls: now and then nobody moves.
  if (dice_.chance(gestor_.travel == town::Travel::OnFoot ? 0.04 : 0.14)) return usual_mps_ * 0.1;
  return usual_mps_ * dice_.uniform(0.7, 1.25);
}

void Walker::move(double seconds) {
  if (arrived()) {
    speed_mps_ = 0;
    return;
  }
  speed_mps_ = pace_now();
  done_m_ = std::min(way_m_, done_m_ + speed_mps_ * seconds);
  const auto [point, direction] = along(way_, done_m_);
  position_ = point;
  bearing_deg_ = bearing_of(direction);
}

void Walker::move_fake(double seconds) {
  if (!fake_ || !fake_goal_) return;
  const Point from = town_.to_plane(*fake_), to = town_.to_plane(*fake_goal_);
  const double step = kJoystick_mps * seconds, left = distance(from, to);
  bearing_deg_ = bearing_of(to - from);
  if (step >= left) {
    fake_ = std::exchange(fake_goal_, std::nullopt);
  } else {
    fake_ = town_.to_geo(between(from, to, step / left));
  }
}

double Walker::sigma_here() const {
  const double out = length(position_) / kCentre_m;
  return out < 1 ? kStreetSigma_m : std::max(kOpenSigma_m, kStreetSigma_m - 9 * (out - 1));
}

Fix Walker::honest_fix(WallMs at_ms) {
  const auto reading = service_.read(at_ms, sigma_here());
  Fix fix;
  fix.captured_at_ms = at_ms;
  fix.point = town_.to_geo(position_ + reading.error);
  fix.accuracy_m = reading.accuracy_m;
  fix.speed_mps = std::max(0.0, std::round(10 * (speed_mps_ + dice_.normal(0, 0.15))) / 10);
  if (speed_mps_ > 0.5) fix.bearing_deg = std::fmod(bearing_deg_ + dice_.normal(0, 8) + 360, 360);
  fix.altitude_m = std::round(kPlain_m + dice_.normal(0, 6));
  return fix;
}

Fix Walker::faked_fix(WallMs at_ms) {
  Fix fix;
  fix.captured_at_ms = at_ms;
  fix.point = *fake_;
  fix.accuracy_m = gestor_.cheat == Cheat::StaticPin ? 5 : 1;
  fix.altitude_m = 0;
  fix.speed_mps = fake_goal_ ? kJoystick_mps : 0;
  fix.bearing_deg = fake_goal_ && gestor_.cheat != Cheat::Joystick ? bearing_deg_ : 0;
  fix.mock = gestor_.cheat == Cheat::MockFlag;
  return fix;
}

void Walker::sense(WallMs from_ms, WallMs to_ms, std::vector<Fix>& fixes) {
  const double seconds = static_cast<double>(to_ms - from_ms) / 1000;
  move(seconds);
  move_fake(seconds);
  fixes.push_back(fake_ ? faked_fix(to_ms) : honest_fix(to_ms));
}

BatterySample Walker::battery(WallMs at_ms) {
  if (battery_at_ms_ != 0) battery_.pass(static_cast<double>(at_ms - battery_at_ms_) / 3'600'000);
  battery_at_ms_ = at_ms;
  return {at_ms, battery_.percent(), battery_.charging()};
}

}  // namespace terreno::field_day
