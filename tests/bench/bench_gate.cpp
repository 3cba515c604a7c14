// The location gate with ten fixes, beside what ten exact geodesics alone cost.
#include <benchmark/benchmark.h>

#include <vector>

#include "core/geo/distance.hpp"
#include "core/geo/gate.hpp"

namespace {

using namespace terreno;

constexpr WallMs kNow = 1'760'000'000'000;
const Fence kFence{{19.4326, -99.1332}, 50, PinPrecision::Rooftop};

std::vector<Fix> arrival(double east_m) {
  const geo::LocalFrame frame(kFence.centre);
  std::vector<Fix> fixes(10);
  for (std::size_t i = 0; i < fixes.size(); ++i) {
    const auto step = static_cast<double>(i);
    fixes[i].captured_at_ms = kNow - 2'000 * static_cast<WallMs>(fixes.size() - i);
    fixes[i].point = frame.to_point({east_m + 3 * step, 5 - step});
    fixes[i].accuracy_m = 9 + step;
  }
  return fixes;
}

void ten_geodesics(benchmark::State& state) {
  const auto fixes = arrival(10);
  for (auto _ : state) {
    double sum = 0;
    for (const Fix& fix : fixes) sum += geo::geodesic_m(fix.point, kFence.centre);
    benchmark::DoNotOptimize(sum);
  }
}
BENCHMARK(ten_geodesics);

/// Argument: metres from the pin; at the fence's edge the probability costs most.
void judge_ten_fixes(benchmark::State& state) {
  const auto fixes = arrival(static_cast<double>(state.range(0)));
  const GatePolicy policy;
  for (auto _ : state) benchmark::DoNotOptimize(geo::judge(kFence, policy, fixes, Platform::Android, kNow));
}
BENCHMARK(judge_ten_fixes)->Arg(0)->Arg(50)->Arg(300);

void probability_at_the_edge(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(geo::inside_circle_probability(50, 10, 50));
}
BENCHMARK(probability_at_the_edge);

}  // namespace
