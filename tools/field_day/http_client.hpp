#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "core/sync/exchange.hpp"

using CURL = void;

namespace terreno::field_day {

/// Bytes that went over the socket, with request and status lines and headers.
struct Traffic {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t requests = 0;
};

/// A phone's side of HTTP/1.1: what an app's own client would do with the core's requests. One connection is
/// kept open as long as both sides like. One thread at a time.
class HttpClient {
 public:
  /// `base`: "http://127.0.0.1:8080".
  explicit HttpClient(std::string base);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// The answer, or what kept it away.
  std::variant<HttpResponse, NetworkFailure> perform(const HttpRequest& request);
  const Traffic& traffic() const noexcept { return traffic_; }

 private:
  void prepare(const HttpRequest& request, void* headers, HttpResponse& response);
  std::string base_;
  CURL* handle_;
  Traffic traffic_;
};

}  // namespace terreno::field_day
