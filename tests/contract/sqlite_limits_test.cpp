#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "tests/contract/sample_field.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

constexpr VisitFilter kAllVisits{{0, kMorning * 2}, std::nullopt, std::nullopt, 5000, 0};

SqliteOptions options_in(const TempDir& folder, std::uint64_t max_bytes) {
  SqliteOptions options;
  options.path = folder.file("terreno.db");
  options.max_bytes = max_bytes;
  return options;
}

VisitFinished large_visit(std::uint32_t number) {
  VisitFinished visit = sample_visit(numbered_id(4, number), {});
  visit.outcome.note.assign(30'000, 'x');
  return visit;
}

}  // namespace

TEST_CASE(
    "a full disk refuses what does not fit, keeps what was acknowledged and goes on when there is room") {
  const TempDir folder;
  std::optional<SamplePhone> phone;
  std::optional<PreparedBatch> refused;
  std::uint32_t taken = 0;
  {
    const auto storage = open_sqlite_storage(options_in(folder, 1'000'000));
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    phone = company.enrol(1);
    for (; taken < 100 && !refused; ++taken) {
      PreparedBatch batch = phone->batch({large_visit(taken)});
      const auto applied = apply(*storage, batch);
      if (applied) continue;
      CHECK(applied.error().code == ErrorCode::DiskFull);
      CHECK(applied.error().retryable);
      refused = std::move(batch);
      break;
    }
    REQUIRE(refused);
    REQUIRE(taken > 5);
    CHECK_MESSAGE(storage->visits(company.id(), kAllVisits).size() == taken, "reading goes on");
    CHECK_FALSE(apply(*storage, *refused));
    TenantPolicy policy = storage->tenant_view(company.id())->policy;
    policy.sync_interval_s = 61;
    storage->set_policy(company.id(), policy);
    CHECK_MESSAGE(storage->tenant_view(company.id())->policy.sync_interval_s == 61,
                  "what fits is still written");
  }
  const auto storage = open_sqlite_storage(options_in(folder, 0));
  CHECK(apply(*storage, *refused));
  CHECK(storage->visits(phone->device().tenant_id, kAllVisits).size() == taken + 1);
}

TEST_CASE("writes beyond the queue's bound are told to come later") {
  const TempDir folder;
  SqliteOptions options = options_in(folder, 0);
  options.max_queued = 4;
  const auto storage = open_sqlite_storage(options);
  SampleCompany company(*storage, 1);
  company.add_gestor(1);
  SamplePhone phone = company.enrol(1);
  const PreparedBatch batch = phone.batch({sample_visit(numbered_id(4, 1), {})});
  std::atomic<int> refused{0};
  std::atomic<int> answered{0};
  // While the first answer is held back the writer stands still and the queue fills.
  std::promise<void> go_on;
  std::shared_future<void> gate(go_on.get_future());
  std::promise<void> standing;
  storage->apply_batch(batch, [&](const Result<BatchEffects>&) {
    standing.set_value();
    gate.wait();
    ++answered;
  });
  standing.get_future().wait();
  for (int i = 0; i < 10; ++i) {
    storage->apply_batch(batch, [&](const Result<BatchEffects>& applied) {
      if (!applied && applied.error().code == ErrorCode::Unavailable) ++refused;
      ++answered;
    });
  }
  CHECK(refused == 6);
  go_on.set_value();
  for (int wait = 0; wait < 1000 && answered < 11; ++wait) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(answered == 11);
  CHECK(storage->visits(company.id(), kAllVisits).size() == 1);
}

TEST_CASE("only the owner may read the database file") {
  const TempDir folder;
  const auto storage = open_sqlite_storage(options_in(folder, 0));
  storage->probe();
  for (const char* suffix : {"", "-wal"}) {
    struct stat about {};
    REQUIRE(::stat(folder.file(std::string("terreno.db") + suffix).c_str(), &about) == 0);
    CHECK((about.st_mode & 0077) == 0);
  }
}
