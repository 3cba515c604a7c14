#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"

namespace terreno {

// The core opens no sockets: it says what to send, and is told what came back.

struct HttpRequest {
  std::string method;                                        ///< POST, HEAD, PATCH
  std::string path;                                          ///< from the root: /v1/sync
  std::vector<std::pair<std::string, std::string>> headers;  ///< without Host and Content-Length
  Bytes body;
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in any case
  Bytes body;
};

/// No HTTP answer came, or only a part of one.
enum class NetworkFailure : std::uint8_t { NoConnection = 0, Timeout = 1, Interrupted = 2 };

}  // namespace terreno
