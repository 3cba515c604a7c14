#include "tools/field_day/options.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

namespace terreno::field_day {
namespace {

constexpr std::int64_t kMinute_ms = 60'000;
constexpr std::int64_t kDay_ms = 86'400'000;
constexpr int kNightBegins_min = 30;  ///< after the day's end
constexpr int kNightEnds_min = 10;    ///< before the day's start

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorCode::InvalidArgument, message); }

double number(const std::string& flag, const std::string& text, double least, double most) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= least && value <= most))
    refuse(flag + " takes a number from " + std::to_string(least) + " to " + std::to_string(most));
  return value;
}

int integer(const std::string& flag, const std::string& text, int least, int most) {
  return static_cast<int>(number(flag, text, least, most));
}

/// "08:30" as minutes of the day.
int minute_of_day(const std::string& flag, const std::string& text) {
  int hours = 0, minutes = 0;
  char colon = 0;
  std::istringstream in(text);
  if (!(in >> hours >> colon >> minutes) || colon != ':' || hours < 0 || hours > 23 || minutes < 0 ||
      minutes > 59)
    refuse(flag + " takes a time of day such as 08:30");
  return hours * 60 + minutes;
}

using Setter = std::function<void(const std::string& flag, const std::string& value)>;

std::map<std::string, Setter> setters(Options& o) {
  const auto text = [](std::string& into) {
    return [&into](const auto&, const auto& value) { into = value; };
  };
  const auto whole = [](int& into, int least, int most) {
    return [&into, least, most](const auto& flag, const auto& value) {
      into = integer(flag, value, least, most);
    };
  };
  const auto time = [](int& into) {
    return [&into](const auto& flag, const auto& value) { into = minute_of_day(flag, value); };
  };
  const auto real = [](double& into, double least, double most) {
    return [&into, least, most](const auto& flag, const auto& value) {
      into = number(flag, value, least, most);
    };
  };
  return {{"--folder", text(o.folder)},
          {"--seed",
           [&o](const auto&, const auto& v) { o.company.seed = std::strtoull(v.c_str(), nullptr, 10); }},
          {"--gestores", whole(o.company.gestores, 1, 2'000)},
          {"--cases", whole(o.company.cases, 1, 200'000)},
          {"--cheats", whole(o.company.cheats, 0, 2'000)},
          {"--terreno", text(o.terreno)},
          {"--data", text(o.data)},
          {"--server", text(o.server)},
          {"--clock", [&o](const auto&, const auto& v) { o.clock = TimePlan::parse(v).value(); }},
          {"--only",
           [&o](const auto&, const auto& v) {
             std::istringstream logins(v);
             for (std::string login; std::getline(logins, login, ',');) o.only.insert(login);
           }},
          {"--sync-interval", whole(o.sync_interval_s, 10, 86'400)},
          {"--utc-offset", whole(o.utc_offset_minutes, -840, 840)},
          {"--start", time(o.start_minute)},
          {"--end", time(o.end_minute)},
          {"--at", time(o.at_minute)},
          {"--speed", real(o.speed, 0.01, 10'000)},
          {"--hurry", real(o.hurry, 0.1, 100)},
          {"--fragility", real(o.fragility, 0, 1)},
          {"--until-visits", whole(o.until_visits, 1, 1'000'000)}};
}

}  // namespace

const char* const kUsage =
    R"(usage: terreno_field_day COMMAND --folder DIR [options]

A lender's field team that does not exist, at work: each gestor's phone is a real phone core that talks to a real
server over HTTP.

  prepare   Invents the company and writes DIR/town.geojson, cases.csv and gestores.csv. With --terreno and --data
            it also puts them into the server: gestores, base map, cases (through `terreno import`), policy, and an
            enrolment code for each gestor in DIR/codes.csv.
  clock     Prints the demo clock that server and phones are both to be given: --demo-clock there, --clock here.
  run       Lives the company's days against --server until it is stopped (SIGINT, SIGTERM). What happened before the
            clock's beginning is caught up as fast as the machine can.

the company (prepare)
  --seed N               1; the same seed gives the same town, people and cases
  --gestores N           40
  --cases N              600
  --cheats N             4; how many gestores cheat: DIR/labels.json says who, how and in which visits
  --traces [DIR]         real movements from São Paulo and the MobilityNet experiments instead of the town
                         (../shared/data/location beside the project when DIR is left out)
  --terreno PROGRAM      the server's program
  --data DIR             the server's data folder
  --sync-interval S      120; how often phones sync when nothing is urgent

time (clock, run)
  --at HH:MM             12:00; what the demo's clock shows at this moment
  --start HH:MM          08:30; when the working day begins
  --end HH:MM            18:00
  --speed X              10; demo seconds in a real one
  --utc-offset MINUTES   -360; of the tenant
  --clock PLAN           as `clock` printed it; without it nobody waits and each phone lives as fast as it can

run
  --server URL           http://127.0.0.1:8080
  --only LOGIN,LOGIN     only these phones live in this process
  --hurry X              1; divides pauses
  --fragility P          0.01; share of visits in the middle of which the phone dies
  --until-visits N       ends when this many visits are finished
  --always-online        no spells without network
  --drain                makes no visits: opens every phone, ends what is open, syncs until nothing is left, and exits

exit codes: 0 all is well, 1 a promise was broken (each is printed), 2 the command line makes no sense
)";

Options read_options(int argc, char** argv) {
  Options options;
  const auto known = setters(options);
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool valued = i + 1 < argc && std::string(argv[i + 1]).rfind("--", 0) != 0;
    if (word.rfind("--", 0) != 0) {
      if (!options.command.empty()) refuse("more than one command: " + options.command + " and " + word);
      options.command = word;
    } else if (word == "--drain") {
      options.drain = true;
    } else if (word == "--always-online") {
      options.always_online = true;
    } else if (word == "--traces") {
      options.company.traces = valued ? argv[++i] : "../shared/data/location";
    } else if (const auto setter = known.find(word); setter == known.end()) {
      refuse("unknown option " + word);
    } else if (i + 1 == argc) {
      refuse(word + " needs a value");
    } else {
      setter->second(word, argv[++i]);
    }
  }
  if (options.end_minute <= options.start_minute) refuse("--end must be later than --start");
  return options;
}

void write_spec(const std::string& folder, const CompanySpec& spec) {
  std::filesystem::create_directories(folder);
  std::ofstream file(folder + "/company.conf");
  file << spec.seed << ' ' << spec.gestores << ' ' << spec.cases << ' ' << spec.cheats << '\n'
       << spec.traces << '\n';
  if (!file.flush()) throw Error(ErrorCode::Io, "cannot write " + folder + "/company.conf");
}

CompanySpec read_spec(const std::string& folder) {
  CompanySpec spec;
  std::ifstream file(folder + "/company.conf");
  if (!(file >> spec.seed >> spec.gestores >> spec.cases >> spec.cheats))
    throw Error(ErrorCode::NotFound, "no company in '" + folder + "': run `terreno_field_day prepare` first");
  file.ignore();
  std::getline(file, spec.traces);
  return spec;
}

WallMs first_midnight(const Options& options, WallMs real_ms) {
  const std::int64_t offset = options.utc_offset_minutes * kMinute_ms;
  const std::int64_t local = (options.clock ? options.clock->shown_origin_ms : real_ms) + offset;
  return local / kDay_ms * kDay_ms - offset;
}

TimePlan plan_from(const Options& options, WallMs real_ms) {
  Options today = options;
  today.clock.reset();
  const WallMs midnight = first_midnight(today, real_ms);
  TimePlan plan;
  plan.real_origin_ms = real_ms;
  plan.shown_origin_ms = midnight + options.at_minute * kMinute_ms;
  plan.speed = options.speed;
  const int night_begin = options.end_minute + kNightBegins_min;
  const int night_end = 24 * 60 + options.start_minute - kNightEnds_min;
  if (night_begin > options.at_minute && night_end > night_begin && night_end - night_begin <= 20 * 60) {
    plan.night_begin_ms = midnight + night_begin * kMinute_ms;
    plan.night_ms = (night_end - night_begin) * kMinute_ms;
  }
  return plan;
}

}  // namespace terreno::field_day
