#include "server/api/router.hpp"

namespace terreno::server {
namespace {

/// Takes the first segment off: "/a/b" gives "a" and leaves "/b".
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool serves(const Route& route, std::string_view method) {
  return route.method == method || (method == "HEAD" && route.method == "GET");
}

}  // namespace

bool match_path(std::string_view pattern, std::string_view path, std::vector<std::string>& parameters) {
  parameters.clear();
  while (!pattern.empty() && !path.empty()) {
    if (path.front() != '/') return false;
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (wanted.starts_with('{')) {
      if (given.empty()) return false;
      parameters.emplace_back(given);
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  Match match;
  std::vector<std::string> parameters;
  // A path's own HEAD comes before the one that its GET lends it.
  const Route* lent = nullptr;
  for (const Route& route : routes_) {
    if (!match_path(route.pattern, path, parameters)) continue;
    match.allowed.append(match.allowed.empty() ? "" : ", ").append(route.method);
    if (route.method == method) {
      match.route = &route;
      match.parameters = parameters;
    } else if (serves(route, method)) {
      lent = &route;
      if (match.route == nullptr) match.parameters = parameters;
    }
  }
  if (match.route == nullptr) match.route = lent;
  return match;
}

}  // namespace terreno::server
