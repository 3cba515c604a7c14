#pragma once

#include "core/model/wire.hpp"

namespace terreno::server {

/// The catalogue that a new tenant begins with (schema/outcomes.csv).
OutcomeCatalogue default_outcomes();

}  // namespace terreno::server
