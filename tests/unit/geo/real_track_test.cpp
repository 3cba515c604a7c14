#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/geo/spikes.hpp"
#include "core/geo/track_codec.hpp"

namespace terreno::geo {
namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else if (c != '\n') {
      fields.back() += c;
    }
  }
  return fields;
}

std::optional<double> number(const std::string& field) {
  if (field.empty()) return std::nullopt;
  return std::strtod(field.c_str(), nullptr);
}

/// Fixes of each phone in the São Paulo set at 10 s or more, in the file's order; empty without the set.
std::map<std::string, std::vector<Fix>> sao_paulo() {
  const std::string path = TERRENO_SOURCE_DIR "/../shared/data/location/saopaulo-odc2017/location.csv.gz";
  std::map<std::string, std::vector<Fix>> phones;
  if (!std::ifstream(path)) return phones;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> csv(popen(("zcat '" + path + "'").c_str(), "r"),
                                                            pclose);
  char buffer[512];
  while (csv && std::fgets(buffer, sizeof buffer, csv.get())) {
    const auto f = fields_of(buffer);
    if (f.size() < 13 || f[0] == "user") continue;
    Fix fix;
    fix.captured_at_ms = static_cast<WallMs>(*number(f[2]) * 1000);
    fix.mono_ms = static_cast<MonoMs>(*number(f[f[10].empty() ? 2 : 10]) / (f[10].empty() ? 1e-3 : 1e6));
    fix.point = {*number(f[3]), *number(f[4])};
    fix.accuracy_m = *number(f[5]);
    if (f[6] != "0") fix.altitude_m = number(f[6]);
    fix.speed_mps = number(f[7]);
    fix.bearing_deg = number(f[8]);
    auto& phone = phones[f[0]];
    if (phone.empty() || fix.captured_at_ms - phone.back().captured_at_ms >= 9'500) phone.push_back(fix);
  }
  return phones;
}

struct Cost {
  std::size_t points = 0, bytes = 0, chunks = 0;
  double per_point() const { return static_cast<double>(bytes) / static_cast<double>(points); }
};

void add_chunk(Cost& cost, std::span<const Fix> fixes) {
  const Bytes packed = pack_track(fixes, {});
  const auto back = unpack_track(packed);
  REQUIRE(back.ok());
  REQUIRE(back->fixes.size() == fixes.size());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < fixes.size(); ++i) wrong += back->fixes[i] != quantised(fixes[i]);
  REQUIRE(wrong == 0);
  cost.points += fixes.size();
  cost.bytes += packed.size();
  ++cost.chunks;
}

/// Cuts at `most` fixes or at a silence of five minutes, as a shift's chunks are sealed.
Cost cost_in_chunks(const std::map<std::string, std::vector<Fix>>& phones, std::size_t most) {
  Cost cost;
  for (const auto& [phone, fixes] : phones) {
    std::size_t from = 0;
    for (std::size_t i = 1; i <= fixes.size(); ++i) {
      const bool silence =
          i < fixes.size() && fixes[i].captured_at_ms - fixes[i - 1].captured_at_ms > 300'000;
      if (i < fixes.size() && !silence && i - from < most) continue;
      if (i - from >= 10) add_chunk(cost, std::span(fixes).subspan(from, i - from));
      from = i;
    }
  }
  return cost;
}

}  // namespace

TEST_CASE("real fixes come back as quantised and cost what a gestor's day may") {
  const auto phones = sao_paulo();
  if (phones.empty()) {
    MESSAGE("SKIPPED: ../shared/data/location/saopaulo-odc2017 is not here");
    return;
  }
  const Cost short_chunks = cost_in_chunks(phones, 30), long_chunks = cost_in_chunks(phones, 240);
  MESSAGE("bytes a point with every field: " << short_chunks.per_point() << " in chunks of up to 30 ("
                                             << short_chunks.chunks << " of them), "
                                             << long_chunks.per_point() << " in chunks of up to 240");
  CHECK(short_chunks.points > 10'000);
  CHECK(short_chunks.per_point() < 7.0);
  CHECK(long_chunks.per_point() < 6.6);
}

TEST_CASE("of real days only a few fixes are taken for spikes") {
  const auto phones = sao_paulo();
  if (phones.empty()) {
    MESSAGE("SKIPPED: ../shared/data/location/saopaulo-odc2017 is not here");
    return;
  }
  std::size_t all = 0;
  std::size_t kept = 0;
  for (const auto& [phone, fixes] : phones) {
    std::vector<const Fix*> ordered;
    for (const Fix& fix : fixes) ordered.push_back(&fix);
    all += ordered.size();
    drop_spikes(ordered);
    kept += ordered.size();
  }
  const double share = static_cast<double>(all - kept) / static_cast<double>(all);
  MESSAGE("taken for spikes: " << all - kept << " of " << all << " real fixes");
  CHECK(share > 0);
  CHECK(share < 0.01);
}

}  // namespace terreno::geo
