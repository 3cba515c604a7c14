#include <algorithm>
#include <optional>

#include "server/api/login_guard.hpp"
#include "server/api/login_refusal.hpp"
#include "server/api/routes.hpp"
#include "server/api/sessions.hpp"
#include "server/domain/enrolment.hpp"
#include "server/domain/login_rules.hpp"
#include "server/domain/password_rules.hpp"
#include "server/live/record_json.hpp"

namespace terreno::server {
namespace {

json::object user_json(const User& user) {
  return json::object{{"id", user.id.to_string()},
                      {"name", user.name},
                      {"login", user.login},
                      {"role", name_of(user.role)},
                      {"active", user.active}};
}

Error bad_value(const Call& call, std::string_view field) {
  return Error(ErrorCode::InvalidArgument, call.say("server.api.bad_value", {{"field", std::string(field)}}));
}

void check_password(const Call& call, std::string_view password, std::string_view login) {
  switch (judge_password(password, login)) {
    case PasswordFault::None:
      return;
    case PasswordFault::TooShort:
      throw Error(ErrorCode::InvalidArgument,
                  call.say("server.password.short", {{"least", std::to_string(kMinPassword)}}));
    case PasswordFault::TooLong:
      throw Error(ErrorCode::InvalidArgument,
                  call.say("server.password.long", {{"most", std::to_string(kMaxPassword)}}));
    case PasswordFault::TooCommon:
      throw Error(ErrorCode::InvalidArgument, call.say("server.password.common"));
  }
}

User required_user(const Call& call) {
  auto user = call.services.storage.find_user(call.tenant.id, call.id_parameter(0));
  if (!user) throw Error(ErrorCode::NotFound, call.say("server.api.not_found"));
  return std::move(*user);
}

}  // namespace

Response list_users(Call& call) {
  json::array users;
  for (const User& user : call.services.storage.users(call.tenant.id)) users.push_back(user_json(user));
  return json_response({{"users", std::move(users)}});
}

Response add_user(Call& call) {
  const json::object body = call.body_object();
  User user;
  user.id = make_uuid_v7(call.services.real_clock);
  user.tenant_id = call.tenant.id;
  const auto login = usable_login(text_member(body, "login"));
  if (!login) throw bad_value(call, "login");
  user.login = *login;
  user.name = text_member(body, "name");
  if (!usable_name(user.name)) throw bad_value(call, "name");
  const auto role = role_named(text_member(body, "role"));
  if (!role) throw bad_value(call, "role");
  user.role = *role;
  const std::string password = text_member(body, "password");
  // A gestor enrols a phone with a code; everybody else needs a password to get in at all.
  if (!password.empty() || user.role != Role::Gestor) {
    check_password(call, password, user.login);
    user.password_hash = hash_password(password);
  }
  const auto added = call.services.storage.add_user(user);
  if (!added) return error_response(ErrorCode::AlreadyExists, call.say("server.users.login_taken"));
  return json_response(user_json(user), 201);
}

Response set_user_active(Call& call) {
  User user = required_user(call);
  const json::object body = call.body_object();
  const json::value* active = body.if_contains("active");
  if (active == nullptr || !active->is_bool()) throw bad_value(call, "active");
  if (user.id == call.user.id)
    return error_response(ErrorCode::Conflict, call.say("server.users.not_yourself"));
  user.active = active->get_bool();
  call.services.storage.set_user_active(call.tenant.id, user.id, user.active);
  return json_response(user_json(user));
}

namespace {

/// Nothing when the caller has shown that they know their own password: a console left open must not be
/// enough to take somebody's login away.
std::optional<Response> refuse_own_change(Call& call, const json::object& body) {
  const auto verdict = call.services.logins.check(call.services.storage, call.user.login,
                                                  text_member(body, "current"), call.request.remote);
  if (verdict.retry_after_ms > 0) return too_many_logins(call, verdict.retry_after_ms);
  if (verdict.user) return std::nullopt;
  return error_response(ErrorCode::Forbidden, call.say("server.users.wrong_current"));
}

}  // namespace

Response set_user_password(Call& call) {
  const bool own = call.id_parameter(0) == call.user.id;
  if (!own && call.user.role != Role::Admin) {
    return error_response(ErrorCode::Forbidden, call.say("server.api.forbidden"));
  }
  const User user = required_user(call);
  const json::object body = call.body_object();
  const std::string password = text_member(body, "password");
  check_password(call, password, user.login);
  if (own) {
    if (auto refused = refuse_own_change(call, body)) return std::move(*refused);
  }
  call.services.storage.set_password(call.tenant.id, user.id, hash_password(password));
  Response response = empty_response();
  // The change ended every session of the user; whoever changed their own stays in.
  if (own) response.headers.emplace_back("Set-Cookie", open_session(call.services, user));
  return response;
}

Response make_code(Call& call) {
  const User user = required_user(call);
  if (user.role != Role::Gestor || !user.active) {
    return error_response(ErrorCode::Conflict, call.say("server.users.no_gestor"));
  }
  const std::string code = make_enrolment_code();
  EnrolmentCode record;
  record.code_hash = enrolment_code_hash(code);
  record.tenant_id = call.tenant.id;
  record.gestor_id = user.id;
  record.expires_at_ms = call.services.real_clock.wall_ms() + kEnrolmentCodeLifeMs;
  call.services.storage.add_enrolment_code(record);
  return json_response({{"code", code}, {"expires_in_s", kEnrolmentCodeLifeMs / 1000}});
}

}  // namespace terreno::server
