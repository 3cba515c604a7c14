#pragma once

#include <vector>

#include "tools/town/dice.hpp"
#include "tools/town/town.hpp"

namespace terreno::town {

/// A row of houses under one roof, as they stand along a street.
struct House {
  Polygon footprint;
  std::vector<Point> facades;  ///< the middle of each front that has a number of its own
  double depth_m = 0;
};

/// Lines the sides of a block with houses. `outwards` is 0 at the plaza and 1 where the town ends: there are
/// more gaps and front gardens there.
std::vector<House> build_houses(const Polygon& block, double outwards, Dice& dice);

/// A footprint of its own for a church, a market hall and so on, within the block around `middle`.
Polygon landmark_shape(BuildingUse use, const Polygon& block, Point middle);

}  // namespace terreno::town
