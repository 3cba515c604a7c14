#pragma once

#include <string_view>

#include "core/base/uuid.hpp"
#include "core/forms/form_context.hpp"
#include "core/model/entries.hpp"

namespace terreno::forms {

/// What a visit's questionnaire knows from outside; the phone fills with it and the server rechecks with it.
/// Prefill holds the case's data by name, and where no datum has the name, of the case itself: key, name,
/// phone, address, reference, note.
FormContext visit_context(const FormContextRecord& record, const Case& item, const Uuid& device_id,
                          std::string_view gestor_name);

}  // namespace terreno::forms
