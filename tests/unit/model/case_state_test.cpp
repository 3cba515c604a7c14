#include "core/model/case_state.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>

using namespace terreno;

TEST_CASE("a case follows the stronger outcome and one that was taken back stays so") {
  constexpr CaseState kByStrength[] = {CaseState::Open,     CaseState::Revisit,   CaseState::Unlocatable,
                                       CaseState::Promised, CaseState::Escalated, CaseState::Resolved};
  for (const CaseState current : kByStrength) {
    for (const CaseState becomes : kByStrength) {
      const auto rank = [&](CaseState state) {
        return std::find(std::begin(kByStrength), std::end(kByStrength), state);
      };
      CHECK(case_state_after(current, becomes) == (rank(becomes) > rank(current) ? becomes : current));
    }
    CHECK(case_state_after(CaseState::Cancelled, current) == CaseState::Cancelled);
    CHECK(case_state_after(current, CaseState::Cancelled) == current);
  }
}
