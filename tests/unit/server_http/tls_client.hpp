#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "tests/unit/server_http/raw_client.hpp"

namespace terreno::server {

/// A TLS client that believes in one certificate alone and checks the host's name, as browsers and phones do.
class TlsClient {
 public:
  /// `trusted_file`: PEM. Connects and shakes hands; connected() tells how it went.
  TlsClient(std::uint16_t port, const std::string& trusted_file, int highest_version = TLS1_3_VERSION);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const { return connected_; }
  std::string version() const { return SSL_get_version(tls_.get()); }
  bool send(std::string_view bytes) const;
  /// At least `count` bytes, fewer when the connection ends.
  std::string read_bytes(std::size_t count);
  /// The head of an answer with its blank line.
  std::string read_head();

 private:
  bool fill();

  int descriptor_ = -1;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  bool connected_ = false;
  std::string pending_;
};

}  // namespace terreno::server
