#include "server/http/tls.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>

#include "core/base/error.hpp"

namespace terreno::server {
namespace ssl = boost::asio::ssl;
namespace {

using Arguments = std::initializer_list<std::pair<std::string_view, std::string>>;

Error refused(const HttpOptions& options, std::string_view key, Arguments arguments) {
  return Error(ErrorCode::Io, text(options.language, key, arguments));
}

std::string to_text(const ASN1_TIME* time) {
  BIO* const memory = BIO_new(BIO_s_mem());
  ASN1_TIME_print(memory, time);
  char* begin = nullptr;
  const long size = BIO_get_mem_data(memory, &begin);
  std::string out(begin, static_cast<std::size_t>(std::max(0L, size)));
  BIO_free(memory);
  return out;
}

/// A certificate that no client accepts helps nobody: better to hear it at the start than from the field.
void check_time(ssl::context& context, const HttpOptions& options) {
  const X509* certificate = SSL_CTX_get0_certificate(context.native_handle());
  const ASN1_TIME* from = X509_get0_notBefore(certificate);
  const ASN1_TIME* to = X509_get0_notAfter(certificate);
  if (X509_cmp_current_time(from) < 0 && X509_cmp_current_time(to) > 0) return;
  throw refused(options, "serve.tls.not_now",
                {{"file", options.certificate_file}, {"from", to_text(from)}, {"to", to_text(to)}});
}

}  // namespace

std::unique_ptr<ssl::context> make_tls_context(const HttpOptions& options) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  boost::system::error_code error;
  context->use_certificate_chain_file(options.certificate_file, error);
  if (error) {
    throw refused(options, "serve.tls.certificate",
                  {{"file", options.certificate_file}, {"reason", error.message()}});
  }
  // A key under a pass phrase would have OpenSSL ask the terminal, where nobody may be.
  context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); });
  context->use_private_key_file(options.key_file, ssl::context::pem, error);
  const bool another =
      error && ERR_GET_REASON(static_cast<unsigned long>(error.value())) == X509_R_KEY_VALUES_MISMATCH;
  if (another || (!error && SSL_CTX_check_private_key(context->native_handle()) != 1)) {
    throw refused(options, "serve.tls.not_its_key",
                  {{"file", options.key_file}, {"certificate", options.certificate_file}});
  }
  if (error) {
    throw refused(options, "serve.tls.key", {{"file", options.key_file}, {"reason", error.message()}});
  }
  check_time(*context, options);
  return context;
}

}  // namespace terreno::server
