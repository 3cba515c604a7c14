#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {

void add_session(Connection& connection, const Session& session) {
  connection.query("DELETE FROM session WHERE expires_at_ms <= ?1").bind(session.created_at_ms).run();
  const int added =
      connection
          .query(
              "INSERT INTO session (token_hash, user_key, created_at_ms, last_used_at_ms, expires_at_ms) "
              "SELECT ?1, user_key, ?3, ?4, ?5 FROM app_user WHERE id = ?2 AND active = 1")
          .bind(session.token_hash, session.user_id, session.created_at_ms, session.last_used_at_ms,
                session.expires_at_ms)
          .run();
  if (added == 0) throw Error(ErrorCode::NotFound, "there is no such user, or not any more");
}

std::optional<Session> find_session(Connection& connection, const Sha256& token_hash) {
  Query query = connection.query(
      "SELECT u.id, created_at_ms, last_used_at_ms, expires_at_ms, t.id FROM session "
      "JOIN app_user u USING (user_key) JOIN tenant t USING (tenant_key) "
      "WHERE token_hash = ?1 AND u.active = 1");
  if (!query.bind(token_hash).step()) return std::nullopt;
  return Session{token_hash,       query.uuid(0),    query.integer(1),
                 query.integer(2), query.integer(3), query.uuid(4)};
}

void touch_session(Connection& connection, const Sha256& token_hash, WallMs used_at_ms) {
  connection.query("UPDATE session SET last_used_at_ms = ?2 WHERE token_hash = ?1")
      .bind(token_hash, used_at_ms)
      .run();
}

void remove_session(Connection& connection, const Sha256& token_hash) {
  connection.query("DELETE FROM session WHERE token_hash = ?1").bind(token_hash).run();
}

void add_enrolment_code(Connection& connection, const EnrolmentCode& code) {
  const auto user = user_key_of(connection, code.tenant_id, code.gestor_id);
  if (!user) throw Error(ErrorCode::NotFound, "there is no such gestor");
  connection
      .query(
          "INSERT INTO enrolment_code (code_hash, tenant_key, user_key, expires_at_ms) VALUES (?1, ?2, ?3, "
          "?4)")
      .bind(code.code_hash, tenant_key_of(connection, code.tenant_id), *user, code.expires_at_ms)
      .run();
}

namespace {

/// Whom a code enrols a phone for.
struct CodeHolder {
  std::int64_t tenant_key = 0;
  std::int64_t user_key = 0;
  Uuid tenant_id;
  Uuid gestor_id;
  std::string gestor_name;
};

/// Nothing when the code is unknown or another phone has used it.
std::optional<CodeHolder> code_holder(Connection& connection, const Sha256& code_hash, const PublicKey& key) {
  Query query = connection.query(
      "SELECT c.tenant_key, c.user_key, t.id, u.id, u.name FROM enrolment_code c JOIN tenant t USING "
      "(tenant_key) "
      "JOIN app_user u USING (user_key) WHERE code_hash = ?1 AND u.active AND ifnull(used_by, ?2) = ?2");
  if (!query.bind(code_hash, key).step()) return std::nullopt;
  return CodeHolder{query.integer(0), query.integer(1), query.uuid(2), query.uuid(3), query.text(4)};
}

struct HeldPhone {
  std::int64_t device_key = 0;
  std::int64_t user_key = 0;
  Uuid id;
  ChainHead head;
};

std::optional<HeldPhone> held_phone(Connection& connection, std::int64_t tenant_key, const PublicKey& key) {
  Query query = connection.query(
      "SELECT device_key, user_key, id, epoch, seq, hash FROM device WHERE tenant_key = ?1 AND public_key = "
      "?2");
  if (!query.bind(tenant_key, key).step()) return std::nullopt;
  return HeldPhone{query.integer(0),
                   query.integer(1),
                   query.uuid(2),
                   {static_cast<std::uint32_t>(query.integer(3)),
                    static_cast<std::uint64_t>(query.integer(4)), query.array<Sha256>(5)}};
}

void renew_phone(Connection& connection, std::int64_t device_key, const Sha256& token_hash,
                 const Device& device) {
  connection
      .query(
          "UPDATE device SET token_hash = ?2, platform = ?3, name = ?4, app_version = ?5, revoked = 0 "
          "WHERE device_key = ?1")
      .bind(device_key, token_hash, static_cast<int>(device.platform), device.name, device.app_version)
      .run();
}

void insert_phone(Connection& connection, const CodeHolder& holder, const Sha256& token_hash,
                  const Device& device, WallMs now_ms) {
  connection
      .query(
          "INSERT INTO device (tenant_key, user_key, id, token_hash, public_key, platform, name, "
          "app_version, "
          "enrolled_at_ms, epoch, seq, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
      .bind(holder.tenant_key, holder.user_key, device.id, token_hash, device.public_key,
            static_cast<int>(device.platform), device.name, device.app_version, now_ms, device.head.epoch,
            device.head.seq, device.head.hash)
      .run();
}

constexpr std::string_view kSelectDevice =
    "SELECT d.id, t.id, u.id, d.public_key, d.platform, d.name, d.app_version, d.epoch, d.seq, d.hash, "
    "d.revoked OR NOT u.active, u.name, d.enrolled_at_ms FROM device d JOIN tenant t USING (tenant_key) "
    "JOIN app_user u USING (user_key) ";

Device read_device(const Query& query) {
  Device device;
  device.id = query.uuid(0);
  device.tenant_id = query.uuid(1);
  device.gestor_id = query.uuid(2);
  device.public_key = query.array<PublicKey>(3);
  device.platform = static_cast<Platform>(query.integer(4));
  device.name = query.text(5);
  device.app_version = query.text(6);
  device.head = {static_cast<std::uint32_t>(query.integer(7)), static_cast<std::uint64_t>(query.integer(8)),
                 query.array<Sha256>(9)};
  device.revoked = query.flag(10);
  device.gestor_name = query.text(11);
  device.enrolled_at_ms = query.integer(12);
  return device;
}

}  // namespace

Result<Device> enrol_device(Connection& connection, const Sha256& code_hash, const Sha256& token_hash,
                            const Device& device, WallMs now_ms) {
  connection.query("DELETE FROM enrolment_code WHERE expires_at_ms <= ?1").bind(now_ms).run();
  const auto holder = code_holder(connection, code_hash, device.public_key);
  if (!holder) return Error(ErrorCode::NotFound, "the code is unknown, used or expired");
  Device enrolled = device;
  enrolled.tenant_id = holder->tenant_id;
  enrolled.gestor_id = holder->gestor_id;
  enrolled.gestor_name = holder->gestor_name;
  enrolled.enrolled_at_ms = now_ms;
  const auto held = held_phone(connection, holder->tenant_key, device.public_key);
  if (held && held->user_key != holder->user_key) {
    return Error(ErrorCode::AlreadyEnrolled, "the phone belongs to another gestor");
  }
  connection.query("UPDATE enrolment_code SET used_by = ?2 WHERE code_hash = ?1")
      .bind(code_hash, device.public_key)
      .run();
  if (held) {
    renew_phone(connection, held->device_key, token_hash, device);
    enrolled.id = held->id;
    enrolled.head = held->head;
  } else {
    insert_phone(connection, *holder, token_hash, device, now_ms);
  }
  return enrolled;
}

std::optional<Device> find_device(Connection& connection, const Sha256& token_hash) {
  static const std::string kSql = std::string(kSelectDevice) + "WHERE d.token_hash = ?1";
  Query query = connection.query(kSql);
  if (!query.bind(token_hash).step()) return std::nullopt;
  return read_device(query);
}

std::vector<Device> devices(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id) {
  static const std::string kSql =
      std::string(kSelectDevice) + "WHERE t.id = ?1 AND u.id = ?2 ORDER BY d.enrolled_at_ms DESC, d.id";
  std::vector<Device> found;
  Query query = connection.query(kSql);
  query.bind(tenant_id, gestor_id);
  while (query.step()) found.push_back(read_device(query));
  return found;
}

void revoke_device(Connection& connection, const Uuid& tenant_id, const Uuid& device_id) {
  const std::int64_t tenant_key = tenant_key_of(connection, tenant_id);
  const int revoked = connection.query("UPDATE device SET revoked = 1 WHERE tenant_key = ?1 AND id = ?2")
                          .bind(tenant_key, device_id)
                          .run();
  if (revoked == 0) throw Error(ErrorCode::NotFound, "there is no such phone");
  // The code that it was enrolled with would let it in again.
  connection
      .query(
          "DELETE FROM enrolment_code WHERE tenant_key = ?1 AND used_by = "
          "(SELECT public_key FROM device WHERE tenant_key = ?1 AND id = ?2)")
      .bind(tenant_key, device_id)
      .run();
}

KeyPair load_or_make_server_key(Connection& connection) {
  {
    Query query = connection.query("SELECT public_key, secret_key FROM server_key");
    if (query.step()) return {query.array<PublicKey>(0), query.array<SecretKey>(1)};
  }
  const KeyPair made = make_key_pair();
  connection.query("INSERT INTO server_key (id, public_key, secret_key) VALUES (1, ?1, ?2)")
      .bind(made.public_key, made.secret_key)
      .run();
  return made;
}

}  // namespace terreno::server::sqlite
