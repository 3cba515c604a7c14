#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>

#include "server/http/link.hpp"

namespace terreno::server {

inline constexpr std::uint32_t kLiveWriteTimeout_s = 20;

/// What a session becomes when a console watches live: a WebSocket that a queue feeds.
template <typename Stream>
class LivePart {
 public:
  explicit LivePart(Link<Stream>& link)
      : link_(link), writer_wake_(link.loop()->context()), reader_wake_(link.loop()->context()) {}

  /// Upgrades and serves until either side ends. `session` keeps this alive meanwhile.
  Task<void> serve(std::shared_ptr<const Request> request, std::shared_ptr<LiveSession> session) {
    WebSocket socket(link_.stream());
    const bool accepted = co_await accept(socket, *request);
    if (!accepted) co_return;
    queue_ = std::make_shared<LiveQueue>(link_.loop(), session);
    writer_done_ = false;
    asio::co_spawn(link_.loop()->context(), write(*this, session, socket), asio::detached);
    asio::post(link_.shared()->workers, [shared = link_.shared(), request, queue = queue_] {
      try {
        shared->application.open_live(*request, queue);
      } catch (const std::exception&) {
        queue->close();
      }
    });
    co_await read(socket);
  }

  void wake_writer() { writer_wake_.cancel(); }
  /// The server stops: what waits is still told, then the peer hears a goodbye.
  void drain() {
    if (queue_) queue_->close();
  }

 private:
  using WebSocket = boost::beast::websocket::stream<Stream&>;

  Task<bool> accept(WebSocket& socket, const Request& request) {
    namespace http = boost::beast::http;
    http::request<http::empty_body> upgrade;
    upgrade.method(http::verb::get);
    upgrade.target(request.path);
    upgrade.version(11);
    for (const auto& [name, value] : request.headers) upgrade.set(name, value);
    boost::beast::websocket::stream_base::timeout limits;
    limits.handshake_timeout = std::chrono::seconds(kHandshakeTimeout_s);
    limits.idle_timeout = std::chrono::seconds(link_.shared()->options.idle_timeout_s);
    limits.keep_alive_pings = true;
    socket.set_option(limits);
    socket.read_message_max(kMaxLiveInbound);
    socket.text(true);
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    co_await socket.async_accept(upgrade, token);
    co_return !error;
  }

  /// Peers have nothing to say; reading notices pings, pongs and the end.
  Task<void> read(WebSocket& socket) {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    boost::beast::flat_buffer message;
    while (!error && !queue_->closed()) {
      co_await socket.async_read(message, token);
      message.clear();
    }
    queue_->mark_closed();
    wake_writer();
    // The writer uses the socket, which lives in the caller's frame.
    while (!writer_done_) {
      ErrorCodeIo ignored;
      auto wait_token = asio::redirect_error(kAwait, ignored);
      reader_wake_.expires_at(Timer::time_point::max());
      co_await reader_wake_.async_wait(wait_token);
    }
    queue_.reset();
  }

  static Task<void> write(LivePart& part, std::shared_ptr<LiveSession> session, WebSocket& socket) {
    try {
      co_await part.write_messages(socket);
    } catch (const std::exception&) {
      session->abort();
    }
    part.writer_done_ = true;
    part.reader_wake_.cancel();
  }

  Task<void> write_messages(WebSocket& socket) {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    while (!link_.aborted() && !queue_->over()) {
      const std::shared_ptr<const std::string> message = queue_->take();
      if (!message) {
        ErrorCodeIo woken;
        auto wait_token = asio::redirect_error(kAwait, woken);
        writer_wake_.expires_at(Timer::time_point::max());
        co_await writer_wake_.async_wait(wait_token);
        continue;
      }
      link_.deadline_in(kLiveWriteTimeout_s);
      const auto bytes = asio::buffer(message->data(), message->size());
      co_await socket.async_write(bytes, token);
      link_.no_deadline();
      if (error) break;
    }
    if (error || link_.aborted() || queue_->closed()) co_return link_.abort();
    link_.deadline_in(kCloseTimeout_s);
    const boost::beast::websocket::close_reason goodbye(boost::beast::websocket::close_code::going_away);
    co_await socket.async_close(goodbye, token);
  }

  Link<Stream>& link_;
  Timer writer_wake_;  // ends the writer's wait for messages
  Timer reader_wake_;  // ends the reader's wait for the writer
  std::shared_ptr<LiveQueue> queue_;
  bool writer_done_ = true;
};

}  // namespace terreno::server
