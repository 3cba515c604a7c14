#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "core/forms/compiled_form.hpp"
#include "server/domain/records.hpp"

namespace terreno::server {

/// What reconciliation asks about the tenant whose phone speaks. One request's view: it need not be safe from
/// several threads.
class WorldView {
 public:
  virtual ~WorldView() = default;
  virtual const TenantPolicy& policy() const = 0;
  /// Null when the tenant's catalogue has no such code.
  virtual const OutcomeDefinition* outcome(std::string_view code) const = 0;
  virtual std::optional<CaseRecord> find_case(const Uuid& case_id) const = 0;
  /// Whether the case is or ever was this gestor's.
  virtual bool had_case(const Uuid& gestor_id, const Uuid& case_id) const = 0;
  /// Null when the tenant has no such version or it cannot be used.
  virtual std::shared_ptr<const forms::CompiledForm> form(std::string_view form_id,
                                                          std::string_view version) const = 0;
};

}  // namespace terreno::server
