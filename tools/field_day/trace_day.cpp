#include "tools/field_day/trace_day.hpp"

#include <algorithm>
#include <cstdio>

#include "tools/field_day/people.hpp"

namespace terreno::field_day {
namespace {

constexpr std::int64_t kStayPerCase_ms = 25 * kMinute_ms;
constexpr int kMostCasesAtStop = 3;
constexpr double kStopFence_m = 100;

std::string case_key(std::size_t day, std::size_t stop, int number) {
  char key[64];
  std::snprintf(key, sizeof key, "TR-%02zu-%02zu-%d", day + 1, stop + 1, number + 1);
  return key;
}

int cases_at(const TraceStop& stop) {
  return std::clamp(static_cast<int>((stop.to_ms - stop.from_ms) / kStayPerCase_ms), 1, kMostCasesAtStop);
}

std::string place_of(const GeoPoint& point) {
  char text[80];
  std::snprintf(text, sizeof text, "Punto %.4f, %.4f", point.lat, point.lon);
  return text;
}

Gestor trace_gestor(const TraceDay& day, town::Dice& dice) {
  Gestor gestor;
  gestor.name = person_name(dice);
  gestor.login = login_of(gestor.name);
  gestor.seed = dice.next();
  gestor.platform = day.platform;
  gestor.phone_model = day.platform == Platform::Ios ? "iPhone" : "Android";
  gestor.trace_id = day.id;
  return gestor;
}

Errand trace_errand(const TraceStop& stop, const Gestor& gestor, std::string key, town::Dice& dice) {
  Errand errand;
  errand.item.key = std::move(key);
  errand.gestor_login = gestor.login;
  errand.door = stop.centre;
  errand.number = dice.integer(1, 1'900);
  errand.home_seed = dice.next();
  invent_file(errand, dice);
  errand.item.place.address = place_of(stop.centre);
  errand.item.place.fence = {stop.centre, kStopFence_m, PinPrecision::Verified};
  return errand;
}

}  // namespace

Company build_trace_company(const std::vector<TraceDay>& days, const CompanySpec& spec) {
  town::Dice dice = town::Dice(spec.seed).child("trace company");
  Company company;
  std::set<std::string> logins;
  for (std::size_t i = 0; i < std::min(days.size(), static_cast<std::size_t>(spec.gestores)); ++i) {
    Gestor gestor = trace_gestor(days[i], dice);
    while (!logins.insert(gestor.login).second) gestor = trace_gestor(days[i], dice);
    for (std::size_t stop = 0; stop < days[i].stops.size(); ++stop) {
      for (int number = 0; number < cases_at(days[i].stops[stop]); ++number)
        company.errands.push_back(trace_errand(days[i].stops[stop], gestor, case_key(i, stop, number), dice));
    }
    company.gestores.push_back(std::move(gestor));
  }
  return company;
}

WallMs TraceCarrier::midnight_of(WallMs at_ms) const {
  return first_midnight_ms_ + (at_ms - first_midnight_ms_) / kDay_ms * kDay_ms;
}

void TraceCarrier::sense(WallMs from_ms, WallMs to_ms, std::vector<Fix>& fixes) {
  const WallMs midnight = midnight_of(to_ms);
  for (const Fix& recorded : day_.fixes) {
    const WallMs at = midnight + recorded.captured_at_ms;
    if (at <= from_ms || at > to_ms) continue;
    fixes.push_back(recorded);
    fixes.back().captured_at_ms = at;
  }
}

BatterySample TraceCarrier::battery(WallMs at_ms) {
  BatterySample latest{at_ms, 100, false};
  for (const BatterySample& recorded : day_.battery) {
    if (midnight_of(at_ms) + recorded.at_ms > at_ms) break;
    latest.percent = recorded.percent;
    latest.charging = recorded.charging;
  }
  return latest;
}

std::optional<WallMs> TraceCarrier::next_fix_after(WallMs at_ms) const {
  const WallMs midnight = midnight_of(at_ms);
  const auto next = std::find_if(day_.fixes.begin(), day_.fixes.end(),
                                 [&](const Fix& fix) { return midnight + fix.captured_at_ms > at_ms; });
  if (next == day_.fixes.end()) return std::nullopt;
  return midnight + next->captured_at_ms;
}

TraceGestorDay::TraceGestorDay(const TraceDay& day, const Gestor& gestor, const DaySettings& settings,
                               const Visitor::World& world, Pace& pace)
    : day_(day),
      gestor_(gestor),
      settings_(settings),
      world_(world),
      dice_(town::Dice(gestor.seed).child("day")),
      phone_(phone_options(settings, gestor, pace), pace, world.tally),
      carrier_(day, settings.first_day_ms),
      visitor_(gestor, world, phone_, ledger_path(settings, gestor)) {
  phone_.carry(carrier_);
  if (settings.always_online) phone_.always_online();
  visitor_.set_fragility(settings.fragility);
  visitor_.set_patience({0.5, 0.1, 12});
}

void TraceGestorDay::run(const std::string& enrolment_code) {
  if (!phone_.core().enrolment()) phone_.enrol(enrolment_code);
  sync_at_office(phone_);
  if (phone_.core().shift()) visitor_.finish_open_visits();
  for (WallMs midnight = settings_.first_day_ms;; midnight += kDay_ms) {
    if (phone_.now_ms() < midnight + settings_.end_minute * kMinute_ms) work_one_day(midnight);
  }
}

void TraceGestorDay::work_one_day(WallMs midnight_ms) {
  phone_.rest_until(midnight_ms + (settings_.start_minute - 5) * kMinute_ms);
  phone_.pass_until(midnight_ms + settings_.start_minute * kMinute_ms);
  if (!phone_.core().shift()) phone_.core().start_shift().value();
  for (const TraceStop& stop : day_.stops) {
    if (midnight_ms + stop.to_ms < phone_.now_ms()) continue;
    // The fix that begins the stop is the first that the gate may see.
    phone_.pass_until(midnight_ms + stop.from_ms);
    visit_at(stop, midnight_ms);
  }
  phone_.pass_until(midnight_ms + settings_.end_minute * kMinute_ms);
  phone_.flush();
  phone_.core().end_shift().value();
  phone_.sync(true);
}

void TraceGestorDay::visit_at(const TraceStop& stop, WallMs midnight_ms) {
  const auto listed = phone_.core().cases({CaseOrder::ByDistance, stop.centre, "", false, 10, 0});
  for (const CaseSummary& each : listed) {
    const Errand* errand = world_.company.find(each.item.key);
    if (errand == nullptr || errand->door != stop.centre || each.item.state == CaseState::Promised) continue;
    const double left_s = static_cast<double>(midnight_ms + stop.to_ms - phone_.now_ms()) / 1000;
    if (left_s < 0) return;
    visitor_.set_longest_visit(std::max(60.0, left_s));
    visitor_.visit(*errand, [&](const LocationVerdict&) {
      // The gate wants a fresh fix, and only the recorded ones exist.
      const auto next = carrier_.next_fix_after(phone_.now_ms());
      if (next && *next < midnight_ms + stop.to_ms) phone_.pass_until(*next);
    });
  }
}

}  // namespace terreno::field_day
