#include <algorithm>

#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {

std::int64_t tenant_key_of(Connection& connection, const Uuid& tenant_id) {
  Query query = connection.query("SELECT tenant_key FROM tenant WHERE id = ?1");
  if (!query.bind(tenant_id).step()) throw Error(ErrorCode::NotFound, "there is no such company");
  return query.integer(0);
}

std::optional<std::int64_t> user_key_of(Connection& connection, const Uuid& tenant_id, const Uuid& user_id) {
  Query query = connection.query(
      "SELECT user_key FROM app_user JOIN tenant USING (tenant_key) WHERE tenant.id = ?1 AND app_user.id = "
      "?2");
  if (!query.bind(tenant_id, user_id).step()) return std::nullopt;
  return query.integer(0);
}

std::uint32_t bounded_limit(std::uint32_t limit) noexcept { return std::clamp(limit, 1U, 5000U); }

}  // namespace terreno::server::sqlite
