#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "tools/town/geojson.hpp"

namespace {

constexpr const char* kUsage =
    "usage: terreno_town [--seed N] [--out FILE]\n"
    "Writes a town that does not exist as a GeoJSON base map; the same seed gives the same town.\n"
    "  --seed N    1 when left out\n"
    "  --out FILE  standard output when left out\n";

int fail(const std::string& message) {
  std::cerr << "terreno_town: " << message << '\n' << kUsage;
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  std::string path;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--help") {
      std::cout << kUsage;
      return 0;
    }
    if (i + 1 == argc) return fail(flag + " needs a value");
    const std::string value = argv[++i];
    if (flag == "--seed") {
      seed = std::strtoull(value.c_str(), nullptr, 10);
    } else if (flag == "--out") {
      path = value;
    } else {
      return fail("unknown option " + flag);
    }
  }
  const std::string map = terreno::town::to_geojson(terreno::town::build_town(seed));
  if (path.empty()) {
    std::cout << map;
    return 0;
  }
  std::ofstream file(path, std::ios::binary);
  file << map;
  if (!file.flush()) {
    std::cerr << "terreno_town: cannot write " << path << '\n';
    return 1;
  }
  return 0;
}
