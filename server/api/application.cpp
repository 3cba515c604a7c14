#include "server/api/application.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "server/api/day_trails.hpp"
#include "server/api/heavy_work.hpp"
#include "server/api/login_guard.hpp"
#include "server/api/metrics.hpp"
#include "server/api/phone_routes.hpp"
#include "server/api/readiness.hpp"
#include "server/api/refusal_log.hpp"
#include "server/api/remote.hpp"
#include "server/api/routes.hpp"
#include "server/api/sessions.hpp"
#include "server/api/static_files.hpp"
#include "server/domain/enrolment.hpp"

namespace terreno::server {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::string_view kLivePath = "/api/live";
constexpr Roles kLiveRoles = role_bit(Role::Supervisor) | role_bit(Role::Analyst) | role_bit(Role::Admin);
constexpr std::string_view kBearer = "Bearer ";
constexpr std::size_t kLiveForms = 64;

constexpr std::string_view kPagePolicy =
    "default-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
constexpr std::string_view kDataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

bool is_phone_path(std::string_view path) { return path.starts_with("/v1/"); }
bool is_api_path(std::string_view path) { return path.starts_with("/api/") || path == "/api"; }
bool changes_state(std::string_view method) { return method != "GET" && method != "HEAD"; }

/// Phones get none of these: every byte of a sync counts, and no browser reads it.
void add_security_headers(Response& response, bool is_page, bool under_tls) {
  response.headers.emplace_back("Content-Security-Policy", is_page ? kPagePolicy : kDataPolicy);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "same-origin");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  if (is_page) {
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    response.headers.emplace_back("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  }
  if (under_tls) response.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
  bool cached = false;
  for (const auto& [name, value] : response.headers) cached = cached || name == "Cache-Control";
  if (!cached) response.headers.emplace_back("Cache-Control", "no-store");
}

/// One line a request: no path, query, body or token, since they may name people.
void log_request(std::string_view method, std::string_view route, int status, double ms, std::size_t bytes) {
  char line[256];
  const int size =
      std::snprintf(line, sizeof line,
                    R"({"level":"info","method":"%.*s","route":"%.*s","status":%d,"ms":%.2f,"bytes":%zu})"
                    "\n",
                    static_cast<int>(method.size()), method.data(), static_cast<int>(route.size()),
                    route.data(), status, ms, bytes);
  if (size > 0) std::fwrite(line, 1, static_cast<std::size_t>(size), stderr);
}

class ServerApplication final : public Application {
 public:
  ServerApplication(Storage& storage, PhoneRoutes& phones, EvidenceFiles& files, LiveHub& hub,
                    const Clock& clock, ApiOptions options)
      : options_(std::move(options)),
        router_(all_routes()),
        logins_(real_clock_),
        forms_(
            [&storage](const Uuid& tenant_id, std::string_view form_id, std::string_view version) {
              return storage.find_form(tenant_id, form_id, version);
            },
            kLiveForms),
        trails_(storage),
        readiness_(storage, real_clock_),
        services_{storage,   clock,   real_clock_, hub,         files,  forms_,  logins_,
                  *metrics_, trails_, readiness_,  heavy_work_, phones, options_} {}

  std::uint64_t body_limit(std::string_view method, std::string_view path) const override {
    if (is_phone_path(path)) return PhoneRoutes::body_limit(method, path);
    const Router::Match match = router_.find(method, path);
    return match.route == nullptr ? 0 : match.route->body_limit;
  }

  void handle(Request request, Responder respond) override {
    const Router::Match match = router_.find(request.method, request.path);
    const std::string_view pattern = match.route ? match.route->pattern : std::string_view("other");
    if (options_.behind_proxy) {
      // Without it every caller would be the proxy, and one who guesses would lock out all.
      const std::string caller = forwarded_remote(request.header("x-forwarded-for"));
      if (!caller.empty()) request.remote = caller;
    }
    request.remote = limit_key(request.remote);
    Responder told = tell_on_the_way(std::move(respond), request, pattern);
    Call call{services_, std::move(request), match.parameters, Language::Spanish, {}, {}, {}};
    try {
      dispatch(match, call, told);
    } catch (const Error& error) {
      told(failure(error, call));
    } catch (const std::exception&) {
      told(error_response(ErrorCode::Internal, text(call.language, "server.api.internal")));
    }
  }

  void refused(RefusedAt at, int status) override {
    metrics_->refused(at, status);
    if (options_.log_requests) refusals_.note(at, status);
  }

  std::optional<Response> refuse_live(const Request& request) override {
    const Language language = language_of(request);
    if (request.path != kLivePath) {
      return error_response(ErrorCode::NotFound, text(language, "server.api.not_found"));
    }
    const auto owner = find_owner(services_, request);
    if (!owner) return error_response(ErrorCode::Unauthenticated, text(language, "server.api.no_session"));
    if ((role_bit(owner->user.role) & kLiveRoles) == 0) {
      return error_response(ErrorCode::Forbidden, text(language, "server.api.forbidden"));
    }
    return std::nullopt;
  }

  void open_live(const Request& request, std::shared_ptr<LiveConnection> connection) override {
    const std::string token(cookie_of(request, kSessionCookie));
    const auto owner = peek_owner(services_, token);
    if (!owner) return connection->close();
    LiveSubscriber subscriber;
    subscriber.send = [connection](std::shared_ptr<const std::string> message) {
      connection->send(std::move(message));
      return !connection->closed();
    };
    subscriber.still_allowed = [this, token] { return peek_owner(services_, token).has_value(); };
    subscriber.close = [connection] { connection->close(); };
    services_.hub.subscribe(owner->tenant.id, std::move(subscriber));
  }

 private:
  /// Adds headers, counts and logs when the answer passes, from whichever thread it comes.
  Responder tell_on_the_way(Responder respond, const Request& request, std::string_view pattern) {
    metrics_->request_began();
    const SteadyTime began = std::chrono::steady_clock::now();
    const bool phone = is_phone_path(request.path);
    const bool page = !phone && !is_api_path(request.path);
    // It may come when this object is gone: a commit can outlast the server's stop.
    return [metrics = metrics_, log = options_.log_requests, tls = options_.secure_cookies,
            respond = std::move(respond), method = request.method, pattern, began, phone,
            page](Response response) {
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - began;
      metrics->request_ended(method, pattern, response.status, spent.count());
      if (log) {
        log_request(method, pattern, response.status, spent.count() * 1000, response.body.size());
      }
      if (!phone) add_security_headers(response, page, tls);
      // The phone knows what a sync's answer is.
      if (phone && response.status == 200 && method == "POST")
        std::erase_if(response.headers, is_dispensable);
      respond(std::move(response));
    };
  }

  static bool is_dispensable(const std::pair<std::string, std::string>& header) {
    return header.first == "Content-Type" || header.first == "Cache-Control";
  }

  void dispatch(const Router::Match& match, Call& call, const Responder& respond) {
    if (match.route == nullptr) return respond(no_route(match, call));
    const Route& route = *match.route;
    if (route.access == Access::Phone) return route.handle_later(call, respond);
    call.language = language_of(call.request);
    if (auto refused = refuse(route, call)) return respond(std::move(*refused));
    respond(route.handle(call));
  }

  Response no_route(const Router::Match& match, Call& call) {
    call.language = language_of(call.request);
    const std::string& path = call.request.path;
    if (match.allowed.empty() && !is_phone_path(path) && !is_api_path(path) &&
        !changes_state(call.request.method)) {
      return serve_static(options_.console_dir, call.request);
    }
    if (match.allowed.empty()) return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
    Response response = error_response(ErrorCode::MethodNotAllowed, call.say("server.api.method"));
    response.headers.emplace_back("Allow", match.allowed);
    return response;
  }

  /// Nothing when the caller may go on; fills in who they are.
  std::optional<Response> refuse(const Route& route, Call& call) {
    // A page of another site can send forms with our cookie, but no header of its own.
    const bool own_page = call.request.header("x-terreno") == "1";
    const bool browser_route = route.access == Access::Session || is_api_path(route.pattern);
    if (browser_route && changes_state(call.request.method) && !own_page) {
      return error_response(ErrorCode::Forbidden, call.say("server.api.foreign_page"));
    }
    if (route.access == Access::Open) return std::nullopt;
    if (route.access == Access::Operator && has_metrics_token(call.request)) return std::nullopt;
    auto owner = find_owner(services_, call.request);
    if (!owner) return error_response(ErrorCode::Unauthenticated, call.say("server.api.no_session"));
    if ((role_bit(owner->user.role) & route.roles) == 0) {
      return error_response(ErrorCode::Forbidden, call.say("server.api.forbidden"));
    }
    call.principal = {owner->tenant.id, owner->user.id, owner->user.role};
    call.user = std::move(owner->user);
    call.tenant = std::move(owner->tenant);
    return std::nullopt;
  }

  bool has_metrics_token(const Request& request) const {
    const std::string_view given = request.header("authorization");
    if (options_.metrics_token.empty() || !given.starts_with(kBearer)) return false;
    const Sha256 hash = token_hash(given.substr(kBearer.size()));
    const Sha256 wanted = token_hash(options_.metrics_token);
    return equal_in_constant_time(hash, wanted);
  }

  /// What broke inside is no business of the caller; what the caller did is told as it is.
  static Response failure(const Error& error, const Call& call) {
    const int status = traits_of(error.code).http_status;
    if (status < 500) return error_response(error);
    std::fprintf(stderr, "{\"level\":\"error\",\"code\":\"%s\",\"message\":\"%s\"}\n",
                 traits_of(error.code).name, plain(error.message).c_str());
    return error_response(error.code, call.say("server.api.internal"));
  }

  /// Without what would break a JSON line.
  static std::string plain(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '"' || c == '\\' || (c >= 0 && c < ' '); }, '\'');
    return text;
  }

  const ApiOptions options_;
  const SystemClock real_clock_;
  const Router router_;
  const std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>();
  RefusalLog refusals_{real_clock_,
                       [](const std::string& line) { std::fwrite(line.data(), 1, line.size(), stderr); }};
  LoginGuard logins_;
  FormCache forms_;
  DayTrails trails_;
  Readiness readiness_;
  HeavyWork heavy_work_;
  Services services_;
};

}  // namespace

std::unique_ptr<Application> make_application(Storage& storage, PhoneRoutes& phones, EvidenceFiles& files,
                                              LiveHub& hub, const Clock& clock, ApiOptions options) {
  return std::make_unique<ServerApplication>(storage, phones, files, hub, clock, std::move(options));
}

}  // namespace terreno::server
