#pragma once

#include <string>
#include <vector>

#include "tools/town/dice.hpp"
#include "tools/town/plane.hpp"

namespace terreno::town {

enum class StreetClass { Highway, Avenue, Street };

/// Half of the width between the façades.
double half_width_m(StreetClass street_class);

/// A street as it runs before it meets the others. A street that something interrupts has several lines.
struct PlannedStreet {
  std::string name;
  StreetClass street_class = StreetClass::Street;
  std::vector<Line> lines;
};

struct River {
  Line centre;
  double half_width_m = 0;
};

/// The drawing from which the town is built: a grid that bends and turns with the land, avenues every few
/// blocks, diagonals, a ring, a river with its two promenades and the few streets that cross it.
struct StreetPlan {
  std::vector<PlannedStreet> streets;
  River river;
  Polygon outline;      ///< where the town ends
  Point park, stadium;  ///< inside the two large open spaces
};

StreetPlan plan_streets(const Dice& dice);

}  // namespace terreno::town
