#pragma once

#include "server/domain/form_cache.hpp"
#include "server/domain/world.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

/// One tenant's world as the storage holds it. For one request; the storage and the forms must outlive it.
class StorageWorld final : public WorldView {
 public:
  /// `tenant` is not null.
  StorageWorld(Storage& storage, FormCache& forms, std::shared_ptr<const TenantView> tenant)
      : storage_(storage), forms_(forms), tenant_(std::move(tenant)) {}

  const TenantPolicy& policy() const override { return tenant_->policy; }
  const OutcomeDefinition* outcome(std::string_view code) const override;
  std::optional<CaseRecord> find_case(const Uuid& case_id) const override;
  bool had_case(const Uuid& gestor_id, const Uuid& case_id) const override;
  std::shared_ptr<const forms::CompiledForm> form(std::string_view form_id,
                                                  std::string_view version) const override;

 private:
  Storage& storage_;
  FormCache& forms_;
  const std::shared_ptr<const TenantView> tenant_;
};

}  // namespace terreno::server
