#pragma once

#include "tools/town/town.hpp"

namespace terreno::town {

enum class Travel { OnFoot, Riding };

/// The way along the streets from one curb to another, both ends included (A*). Who rides prefers avenues.
Line find_way(const Network& network, const StreetPlan& plan, const Curb& from, const Curb& to,
              Travel travel);

/// The spot on a street that is nearest to a point.
Curb nearest_curb(const Network& network, Point point);

}  // namespace terreno::town
