#pragma once

#include <vector>

#include "core/model/location.hpp"

namespace terreno::geo {

/// Takes out each single fix that leaps away and back: those before and after it agree with one another, and
/// nobody could have gone there, turned round and returned in the time, whatever the fixes may err. Two wrong
/// fixes in a row stay, and so does a wrong first or last one. `ordered`: by time.
void drop_spikes(std::vector<const Fix*>& ordered);

}  // namespace terreno::geo
