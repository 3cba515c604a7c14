#include "core/codec/codec.hpp"
#include "server/domain/outcomes.hpp"
#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {
namespace {

Tenant read_tenant(const Query& row) {
  return {row.uuid(0), row.text(1), codec::decode_policy(row.blob(2)).value()};
}

const std::string kUserColumns =
    "SELECT u.id, t.id, u.login, u.name, u.role, u.password_hash, u.active "
    "FROM app_user u JOIN tenant t USING (tenant_key) ";

User read_user(const Query& row) {
  User user;
  user.id = row.uuid(0);
  user.tenant_id = row.uuid(1);
  user.login = row.text(2);
  user.name = row.text(3);
  user.role = static_cast<Role>(row.integer(4));
  user.password_hash = row.text(5);
  user.active = row.flag(6);
  return user;
}

std::int64_t required_user_key(Connection& connection, const Uuid& tenant_id, const Uuid& user_id) {
  const auto key = user_key_of(connection, tenant_id, user_id);
  if (!key) throw Error(ErrorCode::NotFound, "there is no such user");
  return *key;
}

}  // namespace

void add_tenant(Connection& connection, const Tenant& tenant) {
  const int added = connection
                        .query(
                            "INSERT INTO tenant (id, name, policy, outcomes) VALUES (?1, ?2, ?3, ?4) "
                            "ON CONFLICT (id) DO NOTHING")
                        .bind(tenant.id, tenant.name, codec::encode_value(tenant.policy),
                              codec::encode_value(default_outcomes()))
                        .run();
  if (added == 0) throw Error(ErrorCode::AlreadyExists, "the company is there already");
  const std::int64_t key = tenant_key_of(connection, tenant.id);
  announce(connection, {key, kEveryGestor, FeedKind::Policy});
  announce(connection, {key, kEveryGestor, FeedKind::Outcomes});
}

std::optional<Tenant> find_tenant(Connection& connection, const Uuid& tenant_id) {
  Query query = connection.query("SELECT id, name, policy FROM tenant WHERE id = ?1");
  if (!query.bind(tenant_id).step()) return std::nullopt;
  return read_tenant(query);
}

std::vector<Tenant> tenants(Connection& connection) {
  std::vector<Tenant> found;
  Query query = connection.query("SELECT id, name, policy FROM tenant ORDER BY name");
  while (query.step()) found.push_back(read_tenant(query));
  return found;
}

std::shared_ptr<const TenantView> load_view(Connection& connection, const Uuid& tenant_id) {
  Query query = connection.query("SELECT policy, outcomes FROM tenant WHERE id = ?1");
  if (!query.bind(tenant_id).step()) return nullptr;
  auto view = std::make_shared<TenantView>();
  view->id = tenant_id;
  view->policy = codec::decode_policy(query.blob(0)).value();
  OutcomeCatalogue catalogue = codec::decode_outcomes(query.blob(1)).value();
  for (OutcomeDefinition& outcome : catalogue.outcomes) {
    std::string code = outcome.code;
    view->outcomes.emplace(std::move(code), std::move(outcome));
  }
  return view;
}

OutcomeCatalogue outcomes(Connection& connection, const Uuid& tenant_id) {
  Query query = connection.query("SELECT outcomes FROM tenant WHERE id = ?1");
  if (!query.bind(tenant_id).step()) throw Error(ErrorCode::NotFound, "there is no such company");
  return codec::decode_outcomes(query.blob(0)).value();
}

void set_policy(Connection& connection, const Uuid& tenant_id, const TenantPolicy& policy) {
  const std::int64_t key = tenant_key_of(connection, tenant_id);
  const int changed = connection.query("UPDATE tenant SET policy = ?2 WHERE tenant_key = ?1 AND policy <> ?2")
                          .bind(key, codec::encode_value(policy))
                          .run();
  if (changed > 0) announce(connection, {key, kEveryGestor, FeedKind::Policy});
}

void set_outcomes(Connection& connection, const Uuid& tenant_id, const OutcomeCatalogue& catalogue) {
  const std::int64_t key = tenant_key_of(connection, tenant_id);
  const int changed =
      connection.query("UPDATE tenant SET outcomes = ?2 WHERE tenant_key = ?1 AND outcomes <> ?2")
          .bind(key, codec::encode_value(catalogue))
          .run();
  if (changed > 0) announce(connection, {key, kEveryGestor, FeedKind::Outcomes});
}

Result<void> add_user(Connection& connection, const User& user) {
  const std::int64_t tenant_key = tenant_key_of(connection, user.tenant_id);
  const int added = connection
                        .query(
                            "INSERT INTO app_user (tenant_key, id, login, name, role, password_hash, active) "
                            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (login) DO NOTHING")
                        .bind(tenant_key, user.id, user.login, user.name, static_cast<int>(user.role),
                              user.password_hash, user.active)
                        .run();
  if (added == 0) return Error(ErrorCode::AlreadyExists, "the login is taken");
  connection.query("INSERT INTO gestor_state (user_key, tenant_key) VALUES (?1, ?2)")
      .bind(connection.database().getLastInsertRowid(), tenant_key)
      .run();
  return {};
}

std::optional<User> find_user_by_login(Connection& connection, std::string_view login) {
  static const std::string kSql = kUserColumns + "WHERE u.login = ?1";
  Query query = connection.query(kSql);
  if (!query.bind(login).step()) return std::nullopt;
  return read_user(query);
}

std::optional<User> find_user(Connection& connection, const Uuid& tenant_id, const Uuid& user_id) {
  static const std::string kSql = kUserColumns + "WHERE t.id = ?1 AND u.id = ?2";
  Query query = connection.query(kSql);
  if (!query.bind(tenant_id, user_id).step()) return std::nullopt;
  return read_user(query);
}

std::vector<User> users(Connection& connection, const Uuid& tenant_id) {
  static const std::string kSql = kUserColumns + "WHERE t.id = ?1 ORDER BY u.name, u.login";
  std::vector<User> found;
  Query query = connection.query(kSql);
  query.bind(tenant_id);
  while (query.step()) found.push_back(read_user(query));
  return found;
}

void set_user_active(Connection& connection, const Uuid& tenant_id, const Uuid& user_id, bool active) {
  const std::int64_t key = required_user_key(connection, tenant_id, user_id);
  connection.query("UPDATE app_user SET active = ?2 WHERE user_key = ?1").bind(key, active).run();
  if (active) return;
  connection.query("DELETE FROM session WHERE user_key = ?1").bind(key).run();
  connection.query("DELETE FROM enrolment_code WHERE user_key = ?1").bind(key).run();
}

void set_password(Connection& connection, const Uuid& tenant_id, const Uuid& user_id,
                  const std::string& hash) {
  const std::int64_t key = required_user_key(connection, tenant_id, user_id);
  connection.query("UPDATE app_user SET password_hash = ?2 WHERE user_key = ?1").bind(key, hash).run();
  connection.query("DELETE FROM session WHERE user_key = ?1").bind(key).run();
}

}  // namespace terreno::server::sqlite
