#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/forms/form_session.hpp"

namespace terreno::forms {

/// A filled form as the XML instance that OpenRosa servers take: relevant nodes with a value, instances of
/// repeats in their order, the form's id and version on the root. Any thread that owns the session.
std::string write_submission(const FormSession& session);

/// What a submission holds, as FormSession::restore() takes it: answers and the number of instances of each
/// repeat. FormInvalid when it is broken XML or of another form; what the form does not have is left out.
/// Limits as for XForms.
Result<std::vector<Answer>> read_submission(const CompiledForm& form, std::string_view xml);

}  // namespace terreno::forms
