#include "server/domain/outcomes.hpp"

namespace terreno::server {

OutcomeCatalogue default_outcomes() {
  return {{
#include "server/domain/outcomes_table.inc"
  }};
}

}  // namespace terreno::server
