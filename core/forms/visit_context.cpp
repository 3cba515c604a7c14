#include "core/forms/visit_context.hpp"

namespace terreno::forms {

FormContext visit_context(const FormContextRecord& record, const Case& item, const Uuid& device_id,
                          std::string_view gestor_name) {
  FormContext context;
  context.now_ms = record.now_ms;
  context.utc_offset_minutes = record.utc_offset_minutes;
  context.random_seed = record.random_seed;
  context.device_id = device_id.to_string();
  context.username = gestor_name;
  context.prefill = item.data;
  context.prefill.emplace("key", item.key);
  context.prefill.emplace("name", item.party.name);
  context.prefill.emplace("phone", item.party.phone);
  context.prefill.emplace("address", item.place.address);
  context.prefill.emplace("reference", item.place.reference);
  context.prefill.emplace("note", item.note);
  return context;
}

}  // namespace terreno::forms
