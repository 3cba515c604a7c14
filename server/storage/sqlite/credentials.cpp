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

Result<Device> enrol_device(Connection& connection, const Sha256& code_hash, const Sha256& token_hash,
                            const Device& device, WallMs now_ms) {
  connection.query("DELETE FROM enrolment_code WHERE expires_at_ms <= ?1").bind(now_ms).run();
  Query code = connection.query(
      "DELETE FROM enrolment_code WHERE code_hash = ?1 RETURNING tenant_key, user_key, "
      "(SELECT id FROM tenant t WHERE t.tenant_key = enrolment_code.tenant_key), "
      "(SELECT id FROM app_user u WHERE u.user_key = enrolment_code.user_key AND u.active = 1), "
      "(SELECT name FROM app_user u WHERE u.user_key = enrolment_code.user_key)");
  if (!code.bind(code_hash).step() || code.null(3)) {
    return Error(ErrorCode::NotFound, "the code is unknown, used or expired");
  }
  Device enrolled = device;
  enrolled.tenant_id = code.uuid(2);
  enrolled.gestor_id = code.uuid(3);
  enrolled.gestor_name = code.text(4);
  connection
      .query(
          "INSERT INTO device (tenant_key, user_key, id, token_hash, public_key, platform, name, "
          "app_version, "
          "enrolled_at_ms, epoch, seq, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
      .bind(code.integer(0), code.integer(1), device.id, token_hash, device.public_key,
            static_cast<int>(device.platform), device.name, device.app_version, now_ms, device.head.epoch,
            device.head.seq, device.head.hash)
      .run();
  return enrolled;
}

std::optional<Device> find_device(Connection& connection, const Sha256& token_hash) {
  Query query = connection.query(
      "SELECT d.id, t.id, u.id, d.public_key, d.platform, d.name, d.app_version, d.epoch, d.seq, d.hash, "
      "d.revoked OR NOT u.active, u.name FROM device d JOIN tenant t USING (tenant_key) JOIN app_user u "
      "USING "
      "(user_key) "
      "WHERE d.token_hash = ?1");
  if (!query.bind(token_hash).step()) return std::nullopt;
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
  return device;
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
