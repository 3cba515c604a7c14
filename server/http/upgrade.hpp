#pragma once

#include <algorithm>
#include <string_view>

#include "server/api/http_types.hpp"

namespace terreno::server {

/// Equal but for the case of ASCII letters.
inline bool same_text(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [lower](char x, char y) { return lower(x) == lower(y); });
}

inline bool is_upgrade_to_websocket(const Request& request) {
  return request.method == "GET" && same_text(request.header("upgrade"), "websocket");
}

/// A browser names the page that opens a WebSocket and sends its cookies whatever page it is: only pages of
/// this very host may. Programs name none.
inline bool origin_matches_host(const Request& request) {
  std::string_view origin = request.header("origin");
  if (origin.empty()) return true;
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  return same_text(origin.substr(scheme + 3), request.header("host"));
}

}  // namespace terreno::server
