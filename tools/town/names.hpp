#pragma once

#include <string>
#include <vector>

namespace terreno::town {

/// Names of streets as any town of the country might have them, without the kind of street before them.
const std::vector<std::string>& street_names();
/// Names of colonias and barrios, the oldest quarters first.
const std::vector<std::string>& colonia_names();
/// Avenues and ways out of town, with their kind.
const std::vector<std::string>& avenue_names();
const std::vector<std::string>& town_names();

}  // namespace terreno::town
