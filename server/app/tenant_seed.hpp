#pragma once

#include "core/base/clock.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

/// Adds a tenant that can work at once: the default policy, outcome catalogue and the three default
/// questionnaires.
Tenant add_tenant_with_defaults(Storage& storage, std::string_view name, const Clock& clock);

}  // namespace terreno::server
