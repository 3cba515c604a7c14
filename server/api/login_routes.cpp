#include <algorithm>

#include "server/api/login_guard.hpp"
#include "server/api/login_refusal.hpp"
#include "server/api/routes.hpp"
#include "server/api/sessions.hpp"
#include "server/live/record_json.hpp"

namespace terreno::server {
namespace {

std::string normalised_login(std::string login) {
  std::transform(login.begin(), login.end(), login.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto first = login.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return login.substr(first, login.find_last_not_of(' ') - first + 1);
}

json::object me_json(const User& user, const Tenant& tenant) {
  json::object company{{"id", tenant.id.to_string()},
                       {"name", tenant.name},
                       {"currency", tenant.policy.currency},
                       {"utc_offset_minutes", tenant.policy.utc_offset_minutes}};
  json::object me{{"id", user.id.to_string()},
                  {"name", user.name},
                  {"login", user.login},
                  {"role", name_of(user.role)},
                  {"tenant", std::move(company)}};
  return json::object{{"user", std::move(me)}};
}

}  // namespace

Response too_many_logins(const Call& call, std::int64_t retry_after_ms) {
  const std::int64_t wait_s = (retry_after_ms + 999) / 1000;
  Response response =
      error_response(ErrorCode::TooManyRequests,
                     call.say("server.login.too_many", {{"minutes", std::to_string((wait_s + 59) / 60)}}));
  response.headers.emplace_back("Retry-After", std::to_string(wait_s));
  return response;
}

Response log_in(Call& call) {
  const json::object body = call.body_object();
  const std::string login = normalised_login(text_member(body, "login"));
  const auto verdict = call.services.logins.check(call.services.storage, login, text_member(body, "password"),
                                                  call.request.remote);
  if (verdict.retry_after_ms > 0) return too_many_logins(call, verdict.retry_after_ms);
  if (!verdict.user) return error_response(ErrorCode::Unauthenticated, call.say("server.login.wrong"));
  const auto tenant = call.services.storage.find_tenant(verdict.user->tenant_id);
  if (!tenant) return error_response(ErrorCode::Unauthenticated, call.say("server.login.wrong"));
  Response response = json_response(me_json(*verdict.user, *tenant));
  response.headers.emplace_back("Set-Cookie", open_session(call.services, *verdict.user));
  return response;
}

Response log_out(Call& call) {
  close_session(call.services, call.request);
  Response response = empty_response();
  response.headers.emplace_back("Set-Cookie", closing_cookie(call.services));
  return response;
}

Response show_me(Call& call) { return json_response(me_json(call.user, call.tenant)); }

}  // namespace terreno::server
