#include "tools/town/houses.hpp"

#include <algorithm>
#include <cmath>

namespace terreno::town {
namespace {

constexpr double kCorner_m = 15;  ///< of a side's beginning that the houses of the side before it occupy
constexpr double kLot_m = 11;     ///< usual width of one front

bool all_inside(const Polygon& block, const Polygon& footprint) {
  return std::all_of(footprint.begin(), footprint.end(),
                     [&](Point corner) { return contains(block, corner); });
}

House house_at(Point corner, Point along, double width_m, double setback_m, double depth_m) {
  const Point inwards = left_of(along);
  const Point front = corner + inwards * setback_m;
  House house;
  house.depth_m = depth_m;
  house.footprint = {front, front + along * width_m, front + along * width_m + inwards * depth_m,
                     front + inwards * depth_m};
  const int fronts = std::max(1, static_cast<int>(width_m / kLot_m));
  for (int i = 0; i < fronts; ++i) house.facades.push_back(front + along * (width_m * (i + 0.5) / fronts));
  return house;
}

}  // namespace

std::vector<House> build_houses(const Polygon& block, double outwards, Dice& dice) {
  std::vector<House> houses;
  const double gap = 0.02 + 0.33 * outwards * outwards;
  for (std::size_t side = 0; side < block.size(); ++side) {
    const Point from = block[side];
    const Point to = block[(side + 1) % block.size()];
    const Point along = unit(to - from);
    const double end_m = distance(from, to) - 0.6;
    double at_m = kCorner_m + dice.uniform(0, 3);
    while (at_m + 9 < end_m) {
      double width = dice.uniform(10, outwards < 0.35 ? 34 : 25);
      if (end_m - at_m - width < 9) width = end_m - at_m;
      const double setback = 0.6 + (dice.chance(outwards * 0.8) ? dice.uniform(1, 4.5) : 0);
      House house = house_at(from + along * at_m, along, width, setback, dice.uniform(9, 13.5));
      if (!dice.chance(gap) && all_inside(block, house.footprint)) houses.push_back(std::move(house));
      at_m += width + (dice.chance(outwards) ? dice.uniform(1.5, 6) : 0.2);
    }
  }
  return houses;
}

Polygon landmark_shape(BuildingUse use, const Polygon& block, Point middle) {
  // Aligned with the block's longest side, so that it stands as everything around it stands.
  Point along{1, 0};
  double longest = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const Point side = block[(i + 1) % block.size()] - block[i];
    if (length(side) > longest) along = unit(side);
    longest = std::max(longest, length(side));
  }
  const Point up = left_of(along);
  const auto shape = [&](std::initializer_list<Point> corners) {
    Polygon polygon;
    for (const Point& corner : corners) polygon.push_back(middle + along * corner.x + up * corner.y);
    return polygon;
  };
  switch (use) {
    case BuildingUse::Church:  // a nave with transept and apse
      return shape({{-30, -8},
                    {8, -8},
                    {8, -19},
                    {20, -19},
                    {20, -8},
                    {29, -5},
                    {29, 5},
                    {20, 8},
                    {20, 19},
                    {8, 19},
                    {8, 8},
                    {-30, 8}});
    case BuildingUse::Market:
      return shape({{-30, -26}, {30, -26}, {30, 26}, {-30, 26}});
    case BuildingUse::School:  // three wings around a yard
      return shape({{-30, -26}, {-18, -26}, {-18, 14}, {18, 14}, {18, -26}, {30, -26}, {30, 26}, {-30, 26}});
    case BuildingUse::Hospital:
      return shape({{-32, -12},
                    {-12, -12},
                    {-12, -28},
                    {12, -28},
                    {12, -12},
                    {32, -12},
                    {32, 12},
                    {12, 12},
                    {12, 28},
                    {-12, 28},
                    {-12, 12},
                    {-32, 12}});
    case BuildingUse::House:
      break;
  }
  return shape({{-12, -10}, {12, -10}, {12, 10}, {-12, 10}});
}

}  // namespace terreno::town
