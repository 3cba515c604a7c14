#include "tools/field_day/team.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "tools/field_day/gestor_day.hpp"
#include "tools/field_day/preparation.hpp"
#include "tools/field_day/trace_day.hpp"

namespace terreno::field_day {
namespace {

constexpr int kDrainRounds = 600;
constexpr std::int64_t kLook_ms = 500;
constexpr int kLooksPerLabels = 40;

/// Local time of day, "11:42".
std::string time_text(WallMs at_ms, int utc_offset_minutes) {
  const std::int64_t minute = (at_ms / kMinute_ms + utc_offset_minutes) % (24 * 60);
  char text[8];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minute / 60), static_cast<int>(minute % 60));
  return text;
}

bool all_sent(const SyncStatus& status) { return status.pending_entries == 0 && status.pending_files == 0; }

}  // namespace

Ground build_ground(const CompanySpec& spec, int start_minute, int end_minute) {
  Ground ground;
  if (spec.traces.empty()) {
    ground.town = std::make_unique<town::Town>(town::build_town(spec.seed));
    ground.company = build_company(*ground.town, spec);
  } else {
    ground.traces = read_traces(spec.traces, start_minute * kMinute_ms, end_minute * kMinute_ms);
    ground.company = build_trace_company(ground.traces, spec);
  }
  return ground;
}

Team::Team(const Options& options, const Ground& ground, Pace& pace)
    : options_(options),
      ground_(ground),
      pace_(pace),
      labels_(ground.company),
      codes_(read_codes(options.folder)) {
  settings_.folder = options.folder;
  settings_.server = options.server.empty() ? "http://127.0.0.1:8080" : options.server;
  settings_.first_day_ms = first_midnight(options, SystemClock().wall_ms());
  settings_.utc_offset_minutes = options.utc_offset_minutes;
  settings_.start_minute = options.start_minute;
  settings_.end_minute = options.end_minute;
  settings_.fragility = options.fragility;
  settings_.hurry = options.hurry;
  settings_.always_online = options.always_online;
}

int Team::run() {
  start_all();
  watch();
  pace_.stop();
  for (std::thread& thread : threads_) thread.join();
  labels_.write(options_.folder + "/labels.json");
  return report();
}

void Team::start_all() {
  for (const Gestor& gestor : ground_.company.gestores) {
    if (!options_.only.empty() && !options_.only.contains(gestor.login)) continue;
    const auto code = codes_.find(gestor.login);
    if (code == codes_.end()) continue;
    ++living_;
    threads_.emplace_back([this, &gestor, code = code->second] {
      live(gestor, code);
      --living_;
    });
  }
}

void Team::live(const Gestor& gestor, const std::string& code) {
  try {
    const auto life = life_of(gestor);
    if (options_.drain) {
      drain(*life);
    } else {
      life->run(code);
    }
  } catch (const Stopped&) {
    // What is open stays open on the phone, as when somebody closes the app.
  } catch (const Error& error) {
    tally_.breach(gestor.login + ": " + traits_of(error.code).name + ": " + error.message);
  } catch (const std::exception& error) {
    tally_.breach(gestor.login + ": " + error.what());
  }
}

std::unique_ptr<Life> Team::life_of(const Gestor& gestor) {
  const Visitor::World world{ground_.company, tally_, labels_, options_.utc_offset_minutes};
  if (ground_.town) return std::make_unique<GestorDay>(*ground_.town, gestor, settings_, world, pace_);
  const auto day = std::find_if(ground_.traces.begin(), ground_.traces.end(),
                                [&](const TraceDay& each) { return each.id == gestor.trace_id; });
  return std::make_unique<TraceGestorDay>(*day, gestor, settings_, world, pace_);
}

void Team::drain(Life& life) {
  SimPhone& phone = life.phone();
  phone.always_online();
  if (!phone.core().enrolment()) return;  // it died before it belonged to anybody
  if (phone.core().shift()) life.visitor().finish_open_visits();
  for (int round = 0; round < kDrainRounds; ++round) {
    phone.sync(true);
    if (all_sent(phone.core().sync_status())) return;
    phone.pass(20);
  }
  const SyncStatus status = phone.core().sync_status();
  tally_.breach("a phone could not send everything: " + std::to_string(status.pending_entries) +
                " entries, " + std::to_string(status.pending_files) + " files; " + status.trouble_text);
}

void Team::watch() {
  const bool screen = ::isatty(STDOUT_FILENO) == 1;
  try {
    for (int look = 0; living_ > 0; ++look) {
      if (options_.until_visits > 0 && tally_.visits >= static_cast<std::uint64_t>(options_.until_visits))
        break;
      if (screen) std::cout << '\r' << status() << "   " << std::flush;
      if (!screen && look % 60 == 0) std::cout << status() << std::endl;
      if (look % kLooksPerLabels == kLooksPerLabels - 1) labels_.write(options_.folder + "/labels.json");
      pace_.rest(kLook_ms);
    }
  } catch (const Stopped&) {
    // Asked to end: the caller does.
  }
  if (screen) std::cout << '\n';
}

std::string Team::status() const {
  return time_text(pace_.now_ms(), options_.utc_offset_minutes) + "  " + std::to_string(living_) +
         " phones, " + std::to_string(tally_.visits) + " visits, " + std::to_string(tally_.refused) +
         " refused by the gate, " + std::to_string(tally_.cancelled) + " given up, " +
         std::to_string(tally_.fixes) + " fixes, " + std::to_string(tally_.requests) + " requests, " +
         std::to_string(tally_.offline) + " without network, " + std::to_string(tally_.refusals) +
         " refusals, " + std::to_string(tally_.restarts) + " restarts, " +
         std::to_string(tally_.breaches().size()) + " errors";
}

int Team::report() const {
  std::cout << status() << std::endl;
  const auto breaches = tally_.breaches();
  for (const std::string& breach : breaches) std::cerr << "broken: " << breach << '\n';
  return breaches.empty() ? 0 : 1;
}

}  // namespace terreno::field_day
