#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/forms/form_session.hpp"

namespace terreno::forms {

/// Where a submission is not what the form makes of the same inputs.
struct FormDifference {
  enum class Kind {
    CalculatedDiffers,  ///< an expression yields `expected`
    NotRelevant,        ///< the question was hidden
    ConstraintBroken,   ///< also an answer of the wrong type or a choice not offered; `expected` holds the
                        ///< message
    RequiredMissing,    ///< `expected` holds the message
    UnknownQuestion,    ///< the form has no such path
  };
  Kind kind;
  std::string path;
  std::string submitted;
  std::string expected;
};

/// Fills the form again with what a phone submitted (FormSession::answers()) under the phone's recorded
/// context and reports every difference, in the order of the submission and then of the form. Empty means
/// that the same core agrees.
std::vector<FormDifference> recheck(const CompiledForm& form, std::span<const Answer> submitted,
                                    const FormContext& context);

}  // namespace terreno::forms
