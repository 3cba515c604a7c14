#pragma once

#include <memory>
#include <string>

#include "server/http/io_loop.hpp"

namespace boost::asio::ssl {
class context;
}

namespace terreno::server {

/// Begins serving an accepted socket on `loop`; to be called on the loop's thread. Two sources hold these, so
/// that the slow coroutine templates compile apart.
void start_plain_session(std::shared_ptr<IoLoop> loop, std::shared_ptr<ServerShared> shared, Socket socket,
                         std::string remote);
void start_tls_session(std::shared_ptr<IoLoop> loop, std::shared_ptr<ServerShared> shared, Socket socket,
                       std::string remote, asio::ssl::context& tls);

}  // namespace terreno::server
