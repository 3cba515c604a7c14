#include "tools/town/town.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tools/town/geojson.hpp"
#include "tools/town/way.hpp"

using namespace terreno::town;

namespace {

const Town& town_of_seed_1() {
  static const Town town = build_town(1);
  return town;
}

/// Whether a step leads along one street: each of its ends is on it.
bool on_one_edge(const Network& network, Point a, Point b) {
  for (const auto& edge : network.edges) {
    const Point from = network.nodes[edge.from].at, to = network.nodes[edge.to].at;
    if (nearest_on_segment(from, to, a).distance_m < 0.01 &&
        nearest_on_segment(from, to, b).distance_m < 0.01)
      return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the same seed gives the same town and another seed another") {
  const std::string map = to_geojson(town_of_seed_1());
  CHECK(map == to_geojson(build_town(1)));
  CHECK(map != to_geojson(build_town(2)));
}

TEST_CASE("every town is large enough for the demo and small enough to be sent to a browser") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    const Town town = build_town(seed);
    CHECK(town.blocks.size() > 700);
    CHECK(town.addresses.size() > 5'000);
    CHECK(town.colonias.size() > 10);
    CHECK(town.plaza.size() >= 4);
    CHECK(town.landmarks.size() >= 5);
    CHECK(to_geojson(town).size() < 3'000'000);
    bool bridged = false;
    for (const auto& edge : town.network.edges) bridged = bridged || edge.bridge;
    CHECK(bridged);
  }
}

TEST_CASE("houses stand inside their blocks") {
  std::size_t houses = 0;
  for (const Block& block : town_of_seed_1().blocks) {
    for (const Building& house : block.houses) {
      ++houses;
      for (const Point& corner : house.footprint) CHECK(contains(block.outline, corner));
    }
  }
  CHECK(houses > 5'000);
}

TEST_CASE("an address is beside the street that it names") {
  const Town& town = town_of_seed_1();
  std::set<std::string> texts;
  for (const Address& address : town.addresses) {
    const Point curb = town.network.point_on(address.curb.edge, address.curb.share);
    CHECK(distance(curb, address.door) < 30);
    CHECK(distance(curb, address.door) < distance(curb, address.home));
    CHECK(town.network.edges[address.curb.edge].street == address.street);
    texts.insert(town.address_text(address));
  }
  CHECK(static_cast<double>(texts.size()) > 0.8 * static_cast<double>(town.addresses.size()));
}

TEST_CASE("there is a way along the streets between any two addresses") {
  const Town& town = town_of_seed_1();
  Dice dice(3);
  for (int i = 0; i < 30; ++i) {
    const Address& from = dice.pick(town.addresses);
    const Address& to = dice.pick(town.addresses);
    const auto travel = i % 2 == 0 ? Travel::OnFoot : Travel::Riding;
    const Line way = find_way(town.network, town.plan, from.curb, to.curb, travel);
    const Point start = town.network.point_on(from.curb.edge, from.curb.share);
    const Point goal = town.network.point_on(to.curb.edge, to.curb.share);
    REQUIRE(way.size() >= 2);
    CHECK(way.front() == start);
    CHECK(way.back() == goal);
    CHECK(length(way) >= distance(start, goal) - 0.01);
    CHECK(length(way) < 2.2 * distance(start, goal) + 900);
    for (std::size_t step = 1; step < way.size(); ++step)
      REQUIRE(on_one_edge(town.network, way[step - 1], way[step]));
  }
}

TEST_CASE("a way between neighbours on one street does not go round the block") {
  const Town& town = town_of_seed_1();
  const Address& from = town.addresses.front();
  const Line way = find_way(town.network, town.plan, from.curb, {from.curb.edge, 1}, Travel::OnFoot);
  CHECK(way.size() == 2);
  const Curb near = nearest_curb(town.network, from.door);
  CHECK(distance(town.network.point_on(near.edge, near.share), from.door) <= 30);
}

TEST_CASE("an inset keeps its margin and says when no room is left") {
  const Polygon square = {{0, 0}, {100, 0}, {100, 100}, {0, 100}};
  const auto inner = inset(square, {10, 20, 10, 20});
  REQUIRE(inner);
  CHECK(area(*inner) == doctest::Approx(60 * 80));
  CHECK_FALSE(inset(square, {60, 60, 60, 60}));
}

TEST_CASE("the map is one feature collection with quoted names") {
  CHECK(json_string("a\"b\\c\n") == "\"a\\\"b\\\\c\\u000a\"");
  const std::string map = to_geojson(town_of_seed_1());
  CHECK(map.starts_with("{\"type\":\"FeatureCollection\""));
  for (const char* kind : {"block", "park", "plaza", "river", "street", "building", "place_name"})
    CHECK(map.find("\"kind\":\"" + std::string(kind) + "\"") != std::string::npos);
}
