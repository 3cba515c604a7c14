#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <random>
#include <set>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "tests/unit/app/phone_world.hpp"

using namespace terreno;
using tests::PhoneWorld;

namespace {

/// Works visits until it is killed and reports each that was confirmed to it.
[[noreturn]] void work_until_killed(PhoneWorld& world, int report) {
  try {
    world.reopen();
    if (!world.core->shift()) world.core->start_shift().value();
    for (int round = 0;; ++round) {
      world.stand_at(0, 8);
      auto open = world.core->open_visits();
      const Uuid visit = open.empty() ? world.core->arrive(world.case_id()).value().id : open[0].id;
      world.core->begin_form(visit).value();
      world.core->answer(visit, "outcome", "refuses").value();
      if (round % 3 == 0) world.attach(visit, "photo", visit.to_string());
      Outcome outcome;
      outcome.code = "refuses";
      world.core->finish_visit(visit, outcome).value();
      if (write(report, visit.bytes.data(), visit.bytes.size()) != 16) _exit(3);
    }
  } catch (...) {
    _exit(2);
  }
}

/// Waits for at most that many reports; fewer come when the other end is closed.
std::vector<Uuid> read_reports(int from, std::size_t at_most) {
  std::vector<Uuid> visits;
  Uuid one;
  while (visits.size() < at_most && read(from, one.bytes.data(), one.bytes.size()) == 16)
    visits.push_back(one);
  return visits;
}

/// Every visit in the journal, after the chain was found whole.
std::vector<Uuid> visits_in_journal(const DeviceStore& store) {
  const auto entries = store.entries_after(0, 1 << 30, 1'000'000);
  CHECK(extend_chain(ChainHead{1, 0, {}}, entries).value() == store.chain_head());
  std::vector<Uuid> visits;
  for (const auto& entry : entries) {
    const auto body = codec::decode_body(entry.kind, entry.version, entry.payload).value();
    if (const auto* visit = std::get_if<VisitFinished>(&body)) visits.push_back(visit->visit_id);
  }
  return visits;
}

}  // namespace

TEST_CASE("what was confirmed is there after the process is killed at any moment, and nothing twice") {
  PhoneWorld world;
  world.core.reset();  // a database must not be open across a fork
  std::mt19937 random(20'260'312);
  std::set<Uuid> confirmed;
  constexpr int kDeaths = 25;
  for (int death = 0; death < kDeaths; ++death) {
    int pipe_ends[2];
    REQUIRE(pipe(pipe_ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      close(pipe_ends[0]);
      work_until_killed(world, pipe_ends[1]);
    }
    close(pipe_ends[1]);
    // Sometimes while it still opens the file, sometimes after a few visits; always at a moment that nobody
    // chose.
    const auto first = read_reports(pipe_ends[0], random() % 4);
    usleep(static_cast<useconds_t>(random() % 60'000));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));  // it worked until it was killed
    const auto rest = read_reports(pipe_ends[0], SIZE_MAX);
    close(pipe_ends[0]);
    confirmed.insert(first.begin(), first.end());
    confirmed.insert(rest.begin(), rest.end());
    world.clock.advance(60'000);

    const DeviceStore store(world.path());
    const auto kept = visits_in_journal(store);
    const std::set<Uuid> unique(kept.begin(), kept.end());
    CHECK(unique.size() == kept.size());
    CHECK(std::includes(unique.begin(), unique.end(), confirmed.begin(), confirmed.end()));
    // At most the one that was being answered to when death came.
    CHECK(unique.size() <= confirmed.size() + static_cast<std::size_t>(death) + 1);
    CHECK(store.finished_visits(1'000'000).size() == kept.size());
    CHECK(store.drafts().size() <= 1);
    CHECK(store.pending_counts().visits == kept.size());
  }
  CHECK_FALSE(confirmed.empty());
}
