#include "core/model/case_state.hpp"

namespace terreno {
namespace {

int strength(CaseState state) noexcept {
  switch (state) {
    case CaseState::Open:
      return 0;
    case CaseState::Revisit:
      return 1;
    case CaseState::Unlocatable:
      return 2;
    case CaseState::Promised:
      return 3;
    case CaseState::Escalated:
      return 4;
    case CaseState::Resolved:
      return 5;
    case CaseState::Cancelled:
      return 6;
  }
  return 0;
}

}  // namespace

CaseState case_state_after(CaseState current, CaseState becomes) noexcept {
  return strength(becomes) > strength(current) && becomes != CaseState::Cancelled ? becomes : current;
}

}  // namespace terreno
