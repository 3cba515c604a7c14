#include "server/http/session.hpp"
#include "server/http/session_start.hpp"

namespace terreno::server {

void start_plain_session(std::shared_ptr<IoLoop> loop, std::shared_ptr<ServerShared> shared, Socket socket,
                         std::string remote) {
  Session<Socket>::start(std::make_shared<Session<Socket>>(std::move(loop), std::move(shared),
                                                           std::move(socket), std::move(remote)));
}

}  // namespace terreno::server
