#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/call.hpp"

namespace terreno::server {

/// Who may call a route, beside the roles.
enum class Access : std::uint8_t {
  Open,      ///< anybody
  Session,   ///< a console session whose user has one of the roles
  Phone,     ///< checked by the phone routes themselves, by bearer token
  Operator,  ///< an admin's session or the token of metrics.token
};

using Roles = std::uint8_t;  ///< a bit for each Role
constexpr Roles role_bit(Role role) { return static_cast<Roles>(1U << static_cast<unsigned>(role)); }

using Handler = Response (*)(Call&);
using LaterHandler = void (*)(Call&, Responder);

struct Route {
  std::string_view method;
  std::string_view pattern;  ///< "/api/cases/{id}/assign"; a {name} stands for one segment
  Access access = Access::Session;
  Roles roles = 0;
  std::uint64_t body_limit = 0;  ///< bytes; of phones PhoneRoutes::body_limit() tells it
  Handler handle = nullptr;
  LaterHandler handle_later = nullptr;  ///< answers when a commit is durable; instead of `handle`
};

/// Finds the route of a request. HEAD goes where GET goes.
class Router {
 public:
  explicit Router(std::span<const Route> routes) : routes_(routes) {}

  struct Match {
    const Route* route = nullptr;         ///< null: none for this method
    std::vector<std::string> parameters;  ///< of the path
    std::string allowed;                  ///< methods of the path's routes, "GET, POST"; empty: no such path
  };
  Match find(std::string_view method, std::string_view path) const;
  std::span<const Route> routes() const { return routes_; }

 private:
  std::span<const Route> routes_;
};

/// Whether the path fits, with what stood at each {…}; an empty segment fits none.
bool match_path(std::string_view pattern, std::string_view path, std::vector<std::string>& parameters);

}  // namespace terreno::server
