#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tests/unit/server_http/raw_client.hpp"
#include "tests/unit/server_http/test_application.hpp"

namespace terreno::server {

/// A server on a free port with the tests' routes behind it.
struct RunningServer {
  explicit RunningServer(HttpOptions options = {}) {
    options.port = 0;
    server = start_http_server(options, application);
  }
  RawClient connect() const { return RawClient(server->port()); }

  TestApplication application;
  std::unique_ptr<HttpServer> server;
};

inline std::string post(std::string_view path, std::string_view body) {
  std::string out = "POST ";
  out.append(path).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: ").append(std::to_string(body.size()));
  return out.append("\r\n\r\n").append(body);
}

inline const std::string kGet = "GET /describe HTTP/1.1\r\nHost: a\r\n\r\n";

inline HttpOptions short_limits() {
  HttpOptions options;
  options.idle_timeout_s = 1;
  options.request_timeout_s = 1;
  return options;
}

}  // namespace terreno::server
