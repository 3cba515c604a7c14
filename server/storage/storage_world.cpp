#include "server/storage/storage_world.hpp"

namespace terreno::server {

const OutcomeDefinition* StorageWorld::outcome(std::string_view code) const {
  const auto found = tenant_->outcomes.find(code);
  return found == tenant_->outcomes.end() ? nullptr : &found->second;
}

std::optional<CaseRecord> StorageWorld::find_case(const Uuid& case_id) const {
  return storage_.find_case(tenant_->id, case_id);
}

bool StorageWorld::had_case(const Uuid& gestor_id, const Uuid& case_id) const {
  return storage_.had_case(tenant_->id, gestor_id, case_id);
}

std::shared_ptr<const forms::CompiledForm> StorageWorld::form(std::string_view form_id,
                                                              std::string_view version) const {
  return forms_.find(tenant_->id, form_id, version);
}

}  // namespace terreno::server
