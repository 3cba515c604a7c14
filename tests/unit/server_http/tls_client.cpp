#include "tests/unit/server_http/tls_client.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace terreno::server {

TlsClient::TlsClient(std::uint16_t port, const std::string& trusted_file, int highest_version)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
      tls_(nullptr, SSL_free) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{5, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  // The lowest version that OpenSSL still has, so that it is the server that refuses it.
  SSL_CTX_set_security_level(context_.get(), 0);
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_.get(), highest_version);
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_load_verify_file(context_.get(), trusted_file.c_str());
  tls_.reset(SSL_new(context_.get()));
  SSL_set1_host(tls_.get(), "localhost");
  SSL_set_tlsext_host_name(tls_.get(), "localhost");
  SSL_set_fd(tls_.get(), descriptor_);
  connected_ = SSL_connect(tls_.get()) == 1;
}

TlsClient::~TlsClient() {
  if (connected_) SSL_shutdown(tls_.get());
  tls_.reset();
  ::close(descriptor_);
}

bool TlsClient::send(std::string_view bytes) const {
  return SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) ==
         static_cast<int>(bytes.size());
}

bool TlsClient::fill() {
  char piece[16384];
  const int count = SSL_read(tls_.get(), piece, sizeof piece);
  if (count <= 0) return false;
  pending_.append(piece, static_cast<std::size_t>(count));
  return true;
}

std::string TlsClient::read_bytes(std::size_t count) {
  while (pending_.size() < count && fill()) {
  }
  std::string out = pending_.substr(0, count);
  pending_.erase(0, out.size());
  return out;
}

std::string TlsClient::read_head() {
  std::size_t end = 0;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  return read_bytes(end + 4);
}

}  // namespace terreno::server
