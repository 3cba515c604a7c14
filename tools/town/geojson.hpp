#pragma once

#include <string>

#include "tools/town/town.hpp"

namespace terreno::town {

/// The town as a base map: one GeoJSON FeatureCollection (RFC 7946) in the order in which it is to be drawn.
/// properties.kind is block, park, plaza, river, street, building or place_name; `class` says more, and
/// `name` is there when there is one.
std::string to_geojson(const Town& town);

/// A text between quotes as JSON writes it.
std::string json_string(std::string_view text);

}  // namespace terreno::town
