#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/model/work.hpp"

namespace terreno {

/// What the answers say came of the visit. The questionnaires use these paths, in whatever group they stand:
/// for a collection `outcome`, `promise/amount`, `promise/date`, `promise/means`, `payment/method`,
/// `payment/amount`, `payment/receipt`, and `agreement/instalment_amount` with `agreement/first_date`, since
/// an agreement's first instalment is a promise; for a validation `finding`, whose value X is the outcome
/// validation_X. What is not answered stays empty. A suggestion is not checked: find_fault() does that
/// when the gestor confirms it.
Outcome suggest_outcome(Purpose purpose, std::span<const FormAnswer> answers);

/// Decimal text of an amount in whole cents: "1500" is 150000, "99.5" is 9950; more decimals are rounded half
/// up. Nothing for what is no plain number, for a negative one, and from 10¹³ up.
std::optional<Cents> cents_of(std::string_view decimal);

}  // namespace terreno
