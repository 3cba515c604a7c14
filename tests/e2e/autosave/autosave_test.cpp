#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "tests/e2e/autosave/typed_state.hpp"
#include "tests/unit/app/phone_world.hpp"

using namespace terreno;
using tests::Deed;
using tests::Field;
using tests::PhoneWorld;
using tests::TypedState;
using tests::TypedVisit;

namespace {

constexpr int kDefaultKills = 500;
constexpr int kKillsBetweenWholeChecks = 250;

/// What goes through the pipe: a deed before it is done, and again once the core has confirmed it.
struct Report {
  Deed deed;
  bool confirmed = false;
};

int asked_kills() {
  const char* asked = std::getenv("TERRENO_KILLS");
  return asked == nullptr ? kDefaultKills : std::max(1, std::atoi(asked));
}

Uuid visit_of(const FieldCore& core, const PhoneWorld& world, int case_number) {
  for (const OpenVisit& open : core.open_visits()) {
    if (open.case_id == world.case_id(case_number)) return open.id;
  }
  throw std::runtime_error("the visit of case " + std::to_string(case_number) + " is gone");
}

std::string neighbour(const Deed& deed) { return "neighbours[" + std::to_string(deed.instance) + "]"; }

void carry_out(const Deed& deed, PhoneWorld& world) {
  FieldCore& core = *world.core;
  if (deed.kind == Deed::Kind::Arrive) {
    core.arrive(world.case_id(deed.case_number)).value();
    return;
  }
  const Uuid visit = visit_of(core, world, deed.case_number);
  const std::string value = deed.value.data();
  Outcome outcome;
  outcome.code = "refuses";
  switch (deed.kind) {
    case Deed::Kind::Arrive:
      break;
    case Deed::Kind::Begin:
      core.begin_form(visit).value();
      break;
    case Deed::Kind::Type:
      core.answer(visit, tests::kFieldPaths.at(deed.field), value).value();
      break;
    case Deed::Kind::AddNeighbour:
      core.add_repeat(visit, "neighbours").value();
      break;
    case Deed::Kind::TypeNeighbour:
      core.answer(visit, neighbour(deed) + "/name", value).value();
      break;
    case Deed::Kind::RemoveNeighbour:
      core.remove_repeat(visit, neighbour(deed)).value();
      break;
    case Deed::Kind::Finish:
      core.finish_visit(visit, outcome).value();
      break;
    case Deed::Kind::Cancel:
      core.cancel_visit(visit, "se canceló").value();
      break;
  }
}

/// The phone's process: opens the database and types until it is killed.
[[noreturn]] void type_until_killed(PhoneWorld& world, TypedState state, unsigned seed, int pipe_end) {
  try {
    std::mt19937 random(seed);
    world.reopen();
    while (true) {
      Report report{tests::next_deed(state, random), false};
      if (write(pipe_end, &report, sizeof report) != sizeof report) _exit(3);
      carry_out(report.deed, world);
      report.confirmed = true;
      if (write(pipe_end, &report, sizeof report) != sizeof report) _exit(3);
      state.apply(report.deed);
    }
  } catch (const std::exception& thrown) {
    std::cerr << "the phone failed: " << thrown.what() << "\n";
  }
  _exit(2);
}

/// What the database holds after a death, as a phone that starts again shows it.
struct Found {
  std::map<int, std::map<std::string, std::string>> answering;  ///< by case
  std::map<int, bool> open;                                     ///< by case: is its form open?
  std::size_t finished = 0;
};

Found start_again(PhoneWorld& world) {
  world.reopen();
  Found found;
  for (const OpenVisit& open : world.core->open_visits()) {
    const int number = open.case_id.bytes[15];
    found.open[number] = open.stage == VisitStage::Answering;
    if (open.stage != VisitStage::Answering) continue;
    auto& shown = found.answering[number];
    const FormView form = world.core->form(open.id).value();
    for (const auto& question : form.questions) {
      const bool heading = question.is_group || (question.path == "neighbours");
      const bool picture = question.path == "photo" || question.path.ends_with("/picture");
      if (!heading && !picture) shown[question.path] = question.value;
    }
  }
  found.finished = world.core->finished_visits(1'000'000).size();
  world.core.reset();
  return found;
}

bool matches(const Found& found, const TypedState& state) {
  if (found.finished != state.finished || found.open.size() != state.visits.size()) return false;
  for (const auto& [number, visit] : state.visits) {
    const auto open = found.open.find(number);
    if (open == found.open.end() || open->second != visit.answering) return false;
    if (visit.answering && found.answering.at(number) != visit.shown()) return false;
  }
  return true;
}

std::string told(const std::map<std::string, std::string>& shown) {
  std::string out;
  for (const auto& [path, value] : shown) out += " " + path + "='" + value + "'";
  return out;
}

std::string told(const Found& found, const TypedState& state) {
  std::string out =
      "finished " + std::to_string(found.finished) + ", expected " + std::to_string(state.finished);
  for (const auto& [number, shown] : found.answering)
    out += "\n  found " + std::to_string(number) + ":" + told(shown);
  for (const auto& [number, visit] : state.visits)
    out += "\n  expected " + std::to_string(number) + ":" + told(visit.shown());
  return out;
}

/// The chain is whole, SQLite agrees with itself, and the journal's last visit says what was typed.
void check_whole(const PhoneWorld& world, const TypedState& state) {
  const DeviceStore store(world.path());
  const auto entries = store.entries_after(0, 1 << 30, 1'000'000);
  CHECK(extend_chain(ChainHead{1, 0, {}}, entries).value() == store.chain_head());
  std::vector<VisitFinished> visits;
  for (const auto& entry : entries) {
    auto body = codec::decode_body(entry.kind, entry.version, entry.payload).value();
    if (auto* visit = std::get_if<VisitFinished>(&body)) visits.push_back(std::move(*visit));
  }
  CHECK(visits.size() == state.finished);
  if (visits.empty() || !state.last_finished) return;
  std::map<std::string, std::string> journalled;
  for (const FormAnswer& answer : visits.back().answers) journalled[answer.path] = answer.value;
  journalled.erase("debt");
  for (const auto& [path, value] : state.last_finished->shown()) {
    if (value.empty()) continue;
    CHECK(journalled[path] == value);
  }
}

/// All three cases are neighbours, so that the gestor can have a visit open at each.
void gather_cases(const PhoneWorld& world) {
  DeviceStore store(world.path());
  std::vector<Change> changes;
  for (int number = 1; number <= 3; ++number) {
    Case item = tests::sample_case(number);
    item.place.fence = tests::sample_case(1).place.fence;
    changes.emplace_back(std::move(item));
  }
  store.apply_changes(changes, store.cursor() + changes.size());
}

struct Tally {
  std::uint64_t kills = 0, confirmed = 0, in_flight = 0, in_flight_kept = 0, lost = 0;
};

/// One life of the phone: from its start to its death at a moment that nobody chose.
std::vector<Report> live_and_die(PhoneWorld& world, const TypedState& state, std::mt19937& random) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const unsigned seed = static_cast<unsigned>(random());
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(ends[0]);
    type_until_killed(world, state, seed, ends[1]);
  }
  close(ends[1]);
  std::vector<Report> reports;
  Report one;
  // One life in eight ends while the file is still being opened, the others within the first dozen
  // keystrokes.
  const std::size_t wanted = random() % 8 == 0 ? 0 : 1 + random() % 24;
  while (reports.size() < wanted && read(ends[0], &one, sizeof one) == sizeof one) reports.push_back(one);
  usleep(static_cast<useconds_t>(random() % 3'000));
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));  // it worked until it was killed
  while (read(ends[0], &one, sizeof one) == sizeof one) reports.push_back(one);
  close(ends[0]);
  return reports;
}

}  // namespace

TEST_CASE("no confirmed keystroke is lost when the phone is killed at any moment") {
  PhoneWorld world;
  world.core.reset();
  gather_cases(world);
  world.reopen();
  world.core->start_shift().value();
  for (int i = 0; i < 3; ++i) world.stand_at(0, 8);
  world.core.reset();  // a database must not be open across a fork
  const int kills = asked_kills();
  std::mt19937 random(20'261'122);
  TypedState state;
  Tally tally;
  const auto began = std::chrono::steady_clock::now();
  for (int death = 1; death <= kills; ++death) {
    const auto reports = live_and_die(world, state, random);
    std::optional<Deed> in_flight;
    for (const Report& report : reports) {
      in_flight = report.deed;
      if (!report.confirmed) continue;
      state.apply(report.deed);
      in_flight.reset();
      ++tally.confirmed;
    }
    ++tally.kills;
    const Found found = start_again(world);
    // The deed that death interrupted is there whole or not at all.
    bool good = matches(found, state);
    if (in_flight) {
      ++tally.in_flight;
      TypedState further = state;
      further.apply(*in_flight);
      if (!good && matches(found, further)) {
        good = true;
        ++tally.in_flight_kept;
        state = std::move(further);
      }
    }
    if (!good) ++tally.lost;
    REQUIRE_MESSAGE(good, "death " << death << ": " << told(found, state));
    if (death % kKillsBetweenWholeChecks == 0) check_whole(world, state);
  }
  check_whole(world, state);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - began;
  std::cout << "autosave: " << tally.kills << " kills, " << tally.confirmed << " confirmed keystrokes, "
            << tally.lost << " lost; " << tally.in_flight << " interrupted, of which " << tally.in_flight_kept
            << " had landed whole; " << state.finished << " visits finished; "
            << static_cast<std::uint64_t>(static_cast<double>(kills) * 60 / spent.count())
            << " kills a minute\n";
  CHECK(tally.confirmed > 0);
}
