#include "server/http/tls.hpp"

#include <openssl/ssl.h>

#include "core/base/error.hpp"

namespace terreno::server {
namespace ssl = boost::asio::ssl;

std::unique_ptr<ssl::context> make_tls_context(const HttpOptions& options) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  boost::system::error_code error;
  context->use_certificate_chain_file(options.certificate_file, error);
  if (error) {
    throw Error(ErrorCode::Io,
                "certificate " + options.certificate_file + " cannot be used: " + error.message());
  }
  context->use_private_key_file(options.key_file, ssl::context::pem, error);
  if (error) throw Error(ErrorCode::Io, "key " + options.key_file + " cannot be used: " + error.message());
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    throw Error(ErrorCode::Io, "key " + options.key_file + " does not belong to the certificate");
  }
  return context;
}

}  // namespace terreno::server
