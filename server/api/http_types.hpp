#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/texts.hpp"

namespace terreno::server {

// What the routes see of HTTP. server/http alone knows Beast.

/// A whole request. Header names are lower case.
struct Request {
  std::string method;
  std::string path;                          ///< decoded, without the query
  std::map<std::string, std::string> query;  ///< decoded; the last of equal names
  std::map<std::string, std::string> headers;
  Bytes body;
  std::string remote;  ///< address of the peer, for rate limits and logs

  /// `name` in lower case; empty when the request has no such header.
  std::string_view header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string file;  ///< when set, this file's bytes are the body (Range is honoured by http/)
  std::shared_ptr<const void> kept;  ///< lives until the answer is sent; a file's owner, for example
};

/// Called exactly once, from any thread; the connection is answered then.
using Responder = std::function<void(Response)>;

/// A live subscription that a WebSocket feeds from.
class LiveConnection {
 public:
  virtual ~LiveConnection() = default;
  /// Queues one text message; a peer that does not keep up is closed by http/. Safe from any thread.
  virtual void send(std::shared_ptr<const std::string> message) = 0;
  virtual void close() = 0;
  /// True once the peer is gone: whoever keeps the connection lets go of it then.
  virtual bool closed() const = 0;
};

/// How far a request had come when http/ ended it without a route.
enum class RefusedAt : std::uint8_t {
  Connection,  ///< too many are open (503)
  Handshake,   ///< of TLS: not TLS at all (400) or too slow (408)
  Request,     ///< malformed, too large, of another page, or too slow (408, closed without an answer)
  Answer,      ///< a route's file is gone (404) or shorter than the range (416); a handler failed (500)
};

/// What http/ calls. Implemented by api/; every call but body_limit() and refused() comes from the worker
/// pool.
class Application {
 public:
  virtual ~Application() = default;
  /// The largest body this request may have, known before it is read; 0 when it may have none. Comes from a
  /// network thread: it must answer at once.
  virtual std::uint64_t body_limit(std::string_view method, std::string_view path) const = 0;
  virtual void handle(Request request, Responder respond) = 0;
  /// Told of what http/ refused by itself, for counters and log. From any thread: it must return at once.
  virtual void refused(RefusedAt at, int status) = 0;
  /// Whether this upgrade request may become a WebSocket; a Response refuses it.
  virtual std::optional<Response> refuse_live(const Request& request) = 0;
  virtual void open_live(const Request& request, std::shared_ptr<LiveConnection> connection) = 0;
};

struct HttpOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: any free one
  std::uint32_t io_threads = 1;
  std::uint32_t workers = 4;
  std::uint32_t max_connections = 4096;
  std::uint32_t max_connections_per_address = 512;       ///< 0: any; behind a proxy all have its address
  std::uint64_t max_body_memory = 256ULL * 1024 * 1024;  ///< bytes of all bodies, less 64 KiB of each
  std::uint32_t idle_timeout_s = 60;
  std::uint32_t request_timeout_s = 60;
  std::size_t max_header_bytes = 16 * 1024;
  std::string certificate_file;  ///< PEM; TLS when set
  std::string key_file;
  Language language = Language::Spanish;  ///< of what whoever starts the server is told
};

class HttpServer {
 public:
  virtual ~HttpServer() = default;
  virtual std::uint16_t port() const = 0;
  /// Stops listening, lets running requests end within `drain_s`, then closes.
  virtual void stop(std::uint32_t drain_s) = 0;
};

/// Listens and serves on threads of its own until stop(). Throws Io when the address is taken.
std::unique_ptr<HttpServer> start_http_server(const HttpOptions& options, Application& application);

}  // namespace terreno::server
