#include <csignal>
#include <iostream>
#include <thread>

#include "tools/field_day/options.hpp"
#include "tools/field_day/preparation.hpp"
#include "tools/field_day/team.hpp"
#include "tools/town/geojson.hpp"

namespace {

using namespace terreno;
using namespace terreno::field_day;

void need(const std::string& value, const char* flag) {
  if (value.empty()) throw Error(ErrorCode::InvalidArgument, std::string(flag) + " is needed");
}

int prepare(const Options& options) {
  const Ground ground = build_ground(options.company, options.start_minute, options.end_minute);
  prepare_company(options, ground.company, ground.town ? town::to_geojson(*ground.town) : std::string());
  std::cout << ground.company.gestores.size() << " gestores, " << ground.company.errands.size()
            << " cases, seed " << options.company.seed << '\n';
  return 0;
}

/// Waits for SIGINT or SIGTERM on a thread of its own, so that no handler touches anything.
class SignalWatch {
 public:
  explicit SignalWatch(Pace& pace) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::thread([&pace, signals = signals_] {
      int which = 0;
      sigwait(&signals, &which);
      pace.stop();
    }).detach();
  }

 private:
  sigset_t signals_{};
};

int run(Options options) {
  options.company = read_spec(options.folder);
  Pace pace(options.clock);
  const SignalWatch watch(pace);
  const Ground ground = build_ground(options.company, options.start_minute, options.end_minute);
  return Team(options, ground, pace).run();
}

int execute(const Options& options) {
  if (options.command == "clock") {
    std::cout << plan_from(options, SystemClock().wall_ms()).to_string() << '\n';
    return 0;
  }
  need(options.folder, "--folder");
  if (options.command == "prepare") return prepare(options);
  if (options.command == "run") return run(options);
  throw Error(ErrorCode::InvalidArgument,
              options.command.empty() ? "which command?" : "no command '" + options.command + "'");
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--help") {
      std::cout << kUsage;
      return 0;
    }
  }
  try {
    return execute(read_options(argc, argv));
  } catch (const Error& error) {
    std::cerr << "terreno_field_day: " << error.message << '\n';
    if (error.code != ErrorCode::InvalidArgument) return 1;
    std::cerr << "Try terreno_field_day --help\n";
    return 2;
  }
}
