// From a cold start to the case list: a database with 500 cases is opened with nothing of it in the page
// cache, beside reading the same file as cold from end to end.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

#include "core/app/field_core.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace terreno;

constexpr int kCases = 500;

struct Database {
  tests::TempDir dir;
  tests::ManualClock clock;
  OpenOptions options;
  Database() {
    options.database_path = dir.file("phone.db");
    DeviceStore store(options.database_path);
    tests::enrol_sample(store);
    tests::seed_sample(store, kCases);
  }
  /// Drops the file from the page cache; a file that is not on a disk (tmpfs) stays warm.
  void chill() const {
    const int file = open(options.database_path.c_str(), O_RDONLY);
    if (fsync(file) != 0 || posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) != 0) {
      throw std::runtime_error("the page cache could not be dropped");
    }
    close(file);
  }
};

void read_file_cold(benchmark::State& state) {
  const Database database;
  std::vector<char> buffer(64 * 1024);
  for (auto _ : state) {
    state.PauseTiming();
    database.chill();
    state.ResumeTiming();
    const int file = open(database.options.database_path.c_str(), O_RDONLY);
    while (read(file, buffer.data(), buffer.size()) > 0) benchmark::ClobberMemory();
    close(file);
  }
}
BENCHMARK(read_file_cold)->UseRealTime();

void open_and_list(benchmark::State& state) {
  const Database database;
  CaseQuery query;
  query.limit = static_cast<std::uint32_t>(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    database.chill();
    state.ResumeTiming();
    auto core = FieldCore::open(database.options, database.clock);
    if (core->cases(query).empty()) throw std::runtime_error("no cases");
    state.PauseTiming();
    // Closing belongs to another moment of the day; the object must be gone before the file is dropped again.
    core.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(open_and_list)->Arg(1)->Arg(50)->Arg(kCases)->UseRealTime();

/// The list once the database is open, in the order that people use in the street.
void list_by_distance(benchmark::State& state) {
  const Database database;
  const auto core = FieldCore::open(database.options, database.clock);
  CaseQuery query;
  query.order = CaseOrder::ByDistance;
  query.near_point = GeoPoint{20, -99};
  query.limit = 50;
  for (auto _ : state) benchmark::DoNotOptimize(core->cases(query));
}
BENCHMARK(list_by_distance)->UseRealTime();

}  // namespace
