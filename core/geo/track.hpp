#pragma once

#include <span>
#include <vector>

#include "core/model/location.hpp"

namespace terreno::geo {

/// Metres gone along a day's fixes, in the order of their time. What a parked phone's position drifts is not
/// counted, nor a fix that no vehicle could have reached, nor a single one that leaps away and back.
double travelled_m(std::span<const Fix> fixes);

/// The line to draw on a map: the same fixes without drift and outliers, thinned so that none of the dropped
/// points lies more than `tolerance_m` from the line (Douglas–Peucker). tolerance_m >= 0.
std::vector<GeoPoint> trail(std::span<const Fix> fixes, double tolerance_m);

}  // namespace terreno::geo
