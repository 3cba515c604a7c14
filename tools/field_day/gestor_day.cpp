#include "tools/field_day/gestor_day.hpp"

#include <algorithm>

namespace terreno::field_day {
namespace {

constexpr double kFarVisit_m = 300;
constexpr int kNearestToChooseFrom = 4;
// DOMAIN.md: visits a day are negative binomial with mean 14; way and visit take some 20 minutes of each.
constexpr double kVisitsADay = 14;
constexpr double kVisitsShape = 6;
constexpr double kWayAndVisit_min = 20;
constexpr double kLunch_min = 42;

}  // namespace

GestorDay::GestorDay(const town::Town& town, const Gestor& gestor, const DaySettings& settings,
                     const Visitor::World& world, Pace& pace)
    : town_(town),
      gestor_(gestor),
      settings_(settings),
      world_(world),
      dice_(town::Dice(gestor.seed).child("day")),
      phone_(phone_options(settings, gestor, pace), pace, world.tally),
      walker_(town, gestor),
      visitor_(gestor, world, phone_, ledger_path(settings, gestor)) {
  phone_.carry(walker_);
  if (settings.always_online) phone_.always_online();
  visitor_.on_photo([this] { walker_.took_photo(); });
  visitor_.set_fragility(settings.fragility);
}

void GestorDay::run(const std::string& enrolment_code) {
  if (!phone_.core().enrolment()) phone_.enrol(enrolment_code);
  sync_at_office(phone_);
  if (phone_.core().shift()) visitor_.finish_open_visits();
  for (WallMs midnight = settings_.first_day_ms;; midnight += kDay_ms) {
    const WallMs end = midnight + settings_.end_minute * kMinute_ms;
    if (phone_.now_ms() < end) work_one_day(midnight);
  }
}

void GestorDay::work_one_day(WallMs midnight_ms) {
  visited_today_.clear();
  const int planned = std::max(4, dice_.negative_binomial(kVisitsADay, kVisitsShape));
  const double working_min = settings_.end_minute - settings_.start_minute - kLunch_min;
  pause_min_ = std::clamp(working_min / planned - kWayAndVisit_min, 2.0, 45.0);
  phone_.rest_until(midnight_ms + (settings_.start_minute - 5) * kMinute_ms);
  phone_.pass_until(midnight_ms + settings_.start_minute * kMinute_ms +
                    static_cast<WallMs>(dice_.uniform(0, 25) * kMinute_ms / settings_.hurry));
  if (!phone_.core().shift()) phone_.core().start_shift().value();
  phone_.sync(true);
  const WallMs lunch = midnight_ms + static_cast<WallMs>(dice_.uniform(13.6, 14.6) * 60 * kMinute_ms);
  const WallMs end = midnight_ms + settings_.end_minute * kMinute_ms;
  if (phone_.now_ms() < lunch) {
    work_until(std::min(lunch, end));
    pause(kLunch_min);
  }
  work_until(end);
  phone_.pass(dice_.uniform(60, 600));
  phone_.flush();
  phone_.core().end_shift().value();
  phone_.sync(true);
}

void GestorDay::work_until(WallMs end_ms) {
  while (phone_.now_ms() < end_ms) {
    if (const Errand* errand = choose()) {
      go_to(*errand);
      visit(*errand);
      visited_today_.insert(errand->item.key);
      pause(pause_min_);
    } else {
      // All done or all tried: in the evening those whom nobody opened are tried once more.
      const bool evening = end_ms - phone_.now_ms() < 150 * kMinute_ms;
      if (evening) visited_today_.clear();
      pause(evening ? 9 : 15);
    }
  }
}

const Errand* GestorDay::choose() {
  const auto listed =
      phone_.core().cases({CaseOrder::ByDistance, town_.to_geo(walker_.position()), "", false, 200, 0});
  std::vector<const Errand*> near;
  for (const CaseSummary& each : listed) {
    if (each.item.state == CaseState::Promised || visited_today_.contains(each.item.key)) continue;
    const Errand* errand = world_.company.find(each.item.key);
    if (errand != nullptr) near.push_back(errand);
    if (near.size() == kNearestToChooseFrom) break;
  }
  return near.empty() ? nullptr : dice_.pick(near);
}

void GestorDay::go_to(const Errand& errand) {
  const GeoPoint pin = errand.item.place.fence.centre;
  switch (gestor_.cheat) {
    case Cheat::StaticPin:  // sits at home and lets the phone be there
      phone_.pass(60 * dice_.lognormal(9, 0.4) / settings_.hurry);
      walker_.fake_at(pin);
      return;
    case Cheat::Joystick:
    case Cheat::MockFlag:
      if (!walker_.faking()) walker_.fake_at(town_.to_geo(walker_.position()));
      walker_.fake_towards(pin);
      while (!walker_.fake_arrived()) phone_.pass(10);
      return;
    case Cheat::None:
    case Cheat::FarVisit:
      break;
  }
  const bool far = gestor_.cheat == Cheat::FarVisit;
  walker_.set_off(errand.curb, town_.to_plane(errand.door), far ? kFarVisit_m : 0);
  while (!walker_.arrived()) phone_.pass(10);
}

void GestorDay::visit(const Errand& errand) {
  visitor_.visit(errand, [&](const LocationVerdict& verdict) {
    // Who is told to come closer goes looking for the pin; who cheats from afar does not.
    if (gestor_.cheat != Cheat::None || verdict.reason != GateReason::MoveCloser) return;
    walker_.set_off(nearest_curb(town_.network, town_.to_plane(errand.item.place.fence.centre)),
                    std::nullopt);
    for (int i = 0; i < 30 && !walker_.arrived(); ++i) phone_.pass(10);
  });
}

void GestorDay::pause(double median_minutes) {
  phone_.pass(60 * dice_.lognormal(median_minutes, 0.5) / settings_.hurry);
}

}  // namespace terreno::field_day
