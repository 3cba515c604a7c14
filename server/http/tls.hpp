#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "server/api/http_types.hpp"

namespace terreno::server {

/// TLS 1.2 and 1.3 with the given certificate chain and key. Throws Io, naming the file, when one cannot be
/// used, the two do not belong together or the certificate is not valid now.
std::unique_ptr<boost::asio::ssl::context> make_tls_context(const HttpOptions& options);

}  // namespace terreno::server
