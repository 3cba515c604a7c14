#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "server/http/session.hpp"
#include "server/http/session_start.hpp"

namespace terreno::server {

void start_tls_session(std::shared_ptr<IoLoop> loop, std::shared_ptr<ServerShared> shared, Socket socket,
                       std::string remote, asio::ssl::context& tls) {
  using Stream = asio::ssl::stream<Socket>;
  Stream stream(std::move(socket), tls);
  Session<Stream>::start(std::make_shared<Session<Stream>>(std::move(loop), std::move(shared),
                                                           std::move(stream), std::move(remote)));
}

}  // namespace terreno::server
