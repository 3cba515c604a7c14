// Packing and unpacking a five-minute chunk, a point, beside copying the same fixes as fixed structs.
#include <benchmark/benchmark.h>

#include <cstring>
#include <random>
#include <vector>

#include "core/geo/track_codec.hpp"

namespace {

using namespace terreno;

/// What a fixed layout would store of a fix.
struct FixedFix {
  std::int64_t captured_at_ms;
  std::int32_t lat, lon;
  std::uint16_t accuracy, speed, bearing, altitude;
};

std::vector<Fix> walk(std::size_t count) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> noise(0, 6e-5);
  std::vector<Fix> fixes(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto step = static_cast<double>(i);
    fixes[i].captured_at_ms = 1'760'000'000'000 + static_cast<WallMs>(i) * 10'000;
    fixes[i].mono_ms = 5'000'000 + static_cast<MonoMs>(i) * 10'000;
    fixes[i].point = {19.43 + 8e-5 * step + noise(random), -99.13 + 4e-5 * step + noise(random)};
    fixes[i].accuracy_m = 8 + static_cast<double>(random() % 12);
    fixes[i].speed_mps = 1 + static_cast<double>(random() % 8) / 10;
    fixes[i].bearing_deg = static_cast<double>(20 + random() % 20);
  }
  return fixes;
}

void per_point(benchmark::State& state, std::size_t points, std::size_t bytes) {
  state.counters["time_a_point"] =
      benchmark::Counter(static_cast<double>(points),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["bytes_a_point"] = static_cast<double>(bytes) / static_cast<double>(points);
}

void copy_fixed_structs(benchmark::State& state) {
  const std::vector<FixedFix> from(static_cast<std::size_t>(state.range(0)));
  std::vector<FixedFix> to(from.size());
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), from.size() * sizeof(FixedFix));
    benchmark::ClobberMemory();
  }
  per_point(state, from.size(), from.size() * sizeof(FixedFix));
}
BENCHMARK(copy_fixed_structs)->Arg(30)->Arg(360);

void pack(benchmark::State& state) {
  const auto fixes = walk(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(geo::pack_track(fixes, {}));
  per_point(state, fixes.size(), geo::pack_track(fixes, {}).size());
}
BENCHMARK(pack)->Arg(30)->Arg(360);

void unpack(benchmark::State& state) {
  const auto fixes = walk(static_cast<std::size_t>(state.range(0)));
  const Bytes packed = geo::pack_track(fixes, {});
  for (auto _ : state) benchmark::DoNotOptimize(geo::unpack_track(packed));
  per_point(state, fixes.size(), packed.size());
}
BENCHMARK(unpack)->Arg(30)->Arg(360);

}  // namespace
