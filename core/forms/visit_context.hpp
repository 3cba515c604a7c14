#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/uuid.hpp"
#include "core/forms/compiled_form.hpp"
#include "core/forms/form_context.hpp"
#include "core/model/entries.hpp"

namespace terreno::forms {

/// What a questionnaire may know of the case: its data by name, and where no datum has the name, the case's
/// own key, name, phone, address, reference and note.
std::map<std::string, std::string> case_prefill(const Case& item);

/// Of these data, those that an expression of the form may read: the ones that it names, or all when it looks
/// at the case in a way that names none.
std::map<std::string, std::string> prefill_read_by(const CompiledForm& form,
                                                   const std::map<std::string, std::string>& prefill);

/// What a visit's questionnaire knows from outside; the phone fills with it and the server rechecks with it.
FormContext visit_context(const FormContextRecord& record, const Uuid& device_id,
                          std::string_view gestor_name);

}  // namespace terreno::forms
