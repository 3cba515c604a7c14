#pragma once

#include "tools/field_day/company.hpp"
#include "tools/field_day/form_filler.hpp"

namespace terreno::field_day {

/// What will come of a visit, thrown before it begins.
struct VisitScript {
  Intent intent;
  std::string outcome;  ///< code of the catalogue that the person means
  double dwell_s = 0;   ///< from the form's opening to its end
};

/// Throws outcome and length by DOMAIN.md's distributions: who is found depends on the hour, who promises on
/// how long the debt is due. `hour` is local, 0..24.
VisitScript write_script(const Errand& errand, double hour, bool saturday, town::Dice& dice);

}  // namespace terreno::field_day
