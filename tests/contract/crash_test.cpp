#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "tests/contract/engines.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

constexpr std::uint32_t kPhones = 4;
constexpr VisitFilter kAllVisits{{0, kMorning * 2}, std::nullopt, std::nullopt, 5000, 0};

/// What a phone of the dead process knew: the number of each visit whose commit it was told of.
[[noreturn]] void serve_until_killed(const Engine& engine, const std::string& folder, int acknowledge) {
  const auto storage = engine.open(folder);
  SampleCompany company(*storage, 1);
  std::vector<std::thread> threads;
  std::vector<SamplePhone> phones;
  for (std::uint32_t g = 0; g < kPhones; ++g) {
    company.add_gestor(g);
    phones.push_back(company.enrol(g));
  }
  for (std::uint32_t g = 0; g < kPhones; ++g) {
    threads.emplace_back([&, g] {
      for (std::uint32_t number = g * 100'000;; ++number) {
        if (!apply(*storage, phones[g].batch({sample_visit(numbered_id(4, number), {})}))) std::_Exit(1);
        if (::write(acknowledge, &number, sizeof number) != sizeof number) std::_Exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::_Exit(0);
}

/// Runs the server in a process of its own, kills it after a while and returns what it had acknowledged.
std::multiset<std::uint32_t> acknowledged_before_kill(const Engine& engine, const std::string& folder,
                                                      std::size_t at_least) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    serve_until_killed(engine, folder, ends[1]);
  }
  ::close(ends[1]);
  std::multiset<std::uint32_t> acknowledged;
  std::uint32_t number = 0;
  while (::read(ends[0], &number, sizeof number) == sizeof number) {
    acknowledged.insert(number);
    if (acknowledged.size() == at_least) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  return acknowledged;
}

}  // namespace

TEST_CASE("what was acknowledged before the server was killed is there once after it") {
  for (const Engine& engine : engines()) {
    for (const std::size_t at_least : {std::size_t{1}, std::size_t{40}, std::size_t{250}}) {
      CAPTURE(engine.name);
      CAPTURE(at_least);
      const TempDir folder;
      const auto acknowledged = acknowledged_before_kill(engine, folder.path(), at_least);
      REQUIRE(acknowledged.size() >= at_least);

      const auto storage = engine.open(folder.path());
      std::multiset<Uuid> held;
      for (const VisitRecord& record : storage->visits(numbered_id(1, 1), kAllVisits)) {
        held.insert(record.visit.visit_id);
      }
      for (const std::uint32_t number : acknowledged) {
        CAPTURE(number);
        CHECK(held.count(numbered_id(4, number)) == 1);
      }
      CHECK_MESSAGE(held.size() <= acknowledged.size() + kPhones,
                    "at most one unanswered visit a phone is there too");
    }
  }
}

TEST_CASE("after a restart a phone goes on where it was") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    std::optional<SamplePhone> phone;
    {
      const auto storage = engine.open(folder.path());
      SampleCompany company(*storage, 1);
      company.add_gestor(1);
      phone = company.enrol(1);
      apply(*storage, phone->batch({sample_visit(numbered_id(4, 1), {})})).value();
    }
    const auto storage = engine.open(folder.path());
    CHECK(storage->find_device(token_hash(SampleCompany::token_of(phone->device().id)))->head ==
          phone->head());
    apply(*storage, phone->batch({sample_visit(numbered_id(4, 2), {})})).value();
    CHECK(storage->visits(phone->device().tenant_id, kAllVisits).size() == 2);
    storage->probe();
  }
}
