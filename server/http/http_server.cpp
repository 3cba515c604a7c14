#include <pthread.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "core/base/error.hpp"
#include "server/http/session_start.hpp"
#include "server/http/tls.hpp"

namespace terreno::server {
namespace {

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::milliseconds kDrainPoll{5};
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

class Server final : public HttpServer {
 public:
  Server(const HttpOptions& options, Application& application)
      : shared_(std::make_shared<ServerShared>(options, application)) {
    if (!options.certificate_file.empty()) tls_ = make_tls_context(options);
    for (std::uint32_t i = 0; i < std::max(1U, options.io_threads); ++i) {
      loops_.push_back(std::make_shared<IoLoop>());
    }
    acceptor_ = std::make_unique<Acceptor>(loops_.front()->context());
    listen();
    for (const auto& loop : loops_) {
      loop->start_sweeping();
      guards_.emplace_back(asio::make_work_guard(loop->context()));
    }
    asio::co_spawn(loops_.front()->context(), accept_all(), asio::detached);
    for (const auto& loop : loops_) {
      threads_.emplace_back([loop] {
        ::pthread_setname_np(::pthread_self(), "network");
        loop->context().run();
      });
    }
  }

  ~Server() override { stop(0); }

  std::uint16_t port() const override { return port_; }

  void stop(std::uint32_t drain_s) override {
    if (threads_.empty()) return;
    shared_->draining = true;
    loops_.front()->post([this] {
      ErrorCodeIo ignored;
      acceptor_->close(ignored);
    });
    for (const auto& loop : loops_) {
      loop->post([loop] { loop->for_each([](Connection& connection) { connection.drain(); }); });
    }
    wait_for_connections(std::chrono::seconds(drain_s));
    for (const auto& loop : loops_) {
      loop->post([loop] { loop->for_each([](Connection& connection) { connection.abort(); }); });
    }
    guards_.clear();
    for (const auto& loop : loops_) {
      loop->post([loop] { loop->stop_sweeping(); });
    }
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    shared_->workers.join();
    for (const auto& loop : loops_) loop->end();
  }

 private:
  void listen() {
    const HttpOptions& options = shared_->options;
    ErrorCodeIo error;
    const auto address = asio::ip::make_address(options.address, error);
    const asio::ip::tcp::endpoint endpoint(address, options.port);
    if (!error) acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      throw Error(ErrorCode::Io, text(options.language, "serve.cannot_listen",
                                      {{"address", options.address},
                                       {"port", std::to_string(options.port)},
                                       {"reason", error.message()}}));
    }
    port_ = acceptor_->local_endpoint().port();
  }

  Task<void> accept_all() {
    std::size_t turn = 0;
    Timer pause(loops_.front()->context());
    while (!shared_->draining) {
      const auto loop = loops_[turn++ % loops_.size()];
      Socket socket(loop->context());
      ErrorCodeIo error;
      auto token = asio::redirect_error(kAwait, error);
      co_await acceptor_->async_accept(socket, token);
      if (!error) {
        begin(loop, std::move(socket));
      } else if (acceptor_->is_open()) {
        // Out of descriptors, most likely: some connection will end soon.
        pause.expires_after(kAcceptPause);
        co_await pause.async_wait(token);
      }
    }
  }

  /// Counts a new connection, unless there are too many.
  bool admit(const std::string& remote) {
    const HttpOptions& options = shared_->options;
    if (++shared_->open_connections <= options.max_connections &&
        shared_->addresses.enter(remote, options.max_connections_per_address)) {
      return true;
    }
    --shared_->open_connections;
    return false;
  }

  void begin(const std::shared_ptr<IoLoop>& loop, Socket socket) {
    ErrorCodeIo error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return;
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    std::string remote = peer.address().to_string();
    if (!admit(remote)) {
      shared_->application.refused(RefusedAt::Connection, 503);
      socket.non_blocking(true, error);
      socket.write_some(asio::buffer(kFull.data(), kFull.size()), error);
      return;
    }
    auto start = [this, loop, remote = std::move(remote), taken = std::move(socket)]() mutable {
      if (tls_) {
        start_tls_session(loop, shared_, std::move(taken), std::move(remote), *tls_);
      } else {
        start_plain_session(loop, shared_, std::move(taken), std::move(remote));
      }
    };
    loop->post(std::move(start));
  }

  void wait_for_connections(std::chrono::milliseconds limit) const {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (shared_->open_connections > 0 && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(kDrainPoll);
    }
  }

  std::shared_ptr<ServerShared> shared_;
  std::unique_ptr<asio::ssl::context> tls_;
  std::vector<std::shared_ptr<IoLoop>> loops_;
  std::vector<asio::executor_work_guard<Executor>> guards_;
  std::unique_ptr<Acceptor> acceptor_;
  std::vector<std::thread> threads_;
  std::uint16_t port_ = 0;
};

}  // namespace

std::unique_ptr<HttpServer> start_http_server(const HttpOptions& options, Application& application) {
  return std::make_unique<Server>(options, application);
}

}  // namespace terreno::server
