#include "server/api/sessions.hpp"

#include "server/domain/enrolment.hpp"

namespace terreno::server {
namespace {

std::string cookie_text(const Services& services, std::string_view value, std::int64_t max_age_s) {
  std::string out(kSessionCookie);
  out.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict; Max-Age=");
  out.append(std::to_string(max_age_s));
  if (services.options.secure_cookies) out.append("; Secure");
  return out;
}

bool is_over(const Session& session, WallMs now_ms) {
  return now_ms >= session.expires_at_ms || now_ms - session.last_used_at_ms >= kSessionIdle_ms;
}

std::optional<SessionOwner> owner_of(const Services& services, const Session& session) {
  auto user = services.storage.find_user(session.tenant_id, session.user_id);
  auto tenant = services.storage.find_tenant(session.tenant_id);
  if (!user || !user->active || !tenant) return std::nullopt;
  return SessionOwner{std::move(*user), std::move(*tenant)};
}

}  // namespace

std::string_view cookie_of(const Request& request, std::string_view name) {
  // Several Cookie headers reach us joined by ", ".
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of(";,");
    std::string_view pair = rest.substr(0, end);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return {};
}

std::string open_session(const Services& services, const User& user) {
  const std::string token = random_token(16);
  const WallMs now_ms = services.real_clock.wall_ms();
  Session session;
  session.token_hash = token_hash(token);
  session.user_id = user.id;
  session.tenant_id = user.tenant_id;
  session.created_at_ms = now_ms;
  session.last_used_at_ms = now_ms;
  session.expires_at_ms = now_ms + kSessionAbsolute_ms;
  services.storage.add_session(session);
  return cookie_text(services, token, kSessionAbsolute_ms / 1000);
}

std::string closing_cookie(const Services& services) { return cookie_text(services, "", 0); }

void close_session(const Services& services, const Request& request) {
  const std::string_view token = cookie_of(request, kSessionCookie);
  if (!token.empty()) services.storage.remove_session(token_hash(token));
}

std::optional<SessionOwner> find_owner(const Services& services, const Request& request) {
  const std::string_view token = cookie_of(request, kSessionCookie);
  if (token.empty()) return std::nullopt;
  const auto session = services.storage.find_session(token_hash(token));
  if (!session) return std::nullopt;
  const WallMs now_ms = services.real_clock.wall_ms();
  if (is_over(*session, now_ms)) {
    services.storage.remove_session(session->token_hash);
    return std::nullopt;
  }
  if (now_ms - session->last_used_at_ms >= kSessionTouch_ms) {
    services.storage.touch_session(session->token_hash, now_ms);
  }
  return owner_of(services, *session);
}

std::optional<SessionOwner> peek_owner(const Services& services, std::string_view token) {
  const auto session = services.storage.find_session(token_hash(token));
  if (!session || is_over(*session, services.real_clock.wall_ms())) return std::nullopt;
  return owner_of(services, *session);
}

}  // namespace terreno::server
