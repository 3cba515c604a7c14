#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "server/http/live_queue.hpp"
#include "server/http/read_buffer.hpp"

namespace terreno::server {

// In everything that a connection is made of, only named objects enter a co_await: g++ 12 destroys a
// temporary lambda or aggregate there twice.

inline Socket& socket_of(Socket& stream) { return stream; }
inline Socket& socket_of(asio::ssl::stream<Socket>& stream) { return stream.next_layer(); }

inline constexpr std::size_t kWriteSlice = 256 * 1024;        ///< bytes that one write deadline covers
inline constexpr std::size_t kLingerBytes = 4 * 1024 * 1024;  ///< read and dropped so that a refusal arrives
inline constexpr std::uint32_t kCloseTimeout_s = 5;
inline constexpr std::uint32_t kHandshakeTimeout_s = 10;

/// What a client is told that speaks plain HTTP to the port of TLS.
inline constexpr std::string_view kSpeakTls =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    "This port speaks HTTPS only.\n";

/// One accepted socket with what the parts of its session share: bytes in and out, deadlines, the worker pool
/// and the end. Lives on its loop's thread.
template <typename Stream>
class Link : public LiveSession {
 public:
  static constexpr bool kSecure = !std::is_same_v<Stream, Socket>;

  Link(std::shared_ptr<IoLoop> loop, std::shared_ptr<ServerShared> shared, Stream stream)
      : loop_(std::move(loop)),
        shared_(std::move(shared)),
        stream_(std::move(stream)),
        wake_(loop_->context()) {}

  const std::shared_ptr<IoLoop>& loop() const { return loop_; }
  const std::shared_ptr<ServerShared>& shared() const { return shared_; }
  Stream& stream() { return stream_; }
  ReadBuffer& buffer() { return buffer_; }
  bool aborted() const { return aborted_; }

  void abort() override {
    aborted_ = true;
    close();
    wake_.cancel();
  }

  void close() {
    ErrorCodeIo ignored;
    socket_of(stream_).close(ignored);
  }

  void deadline_in(std::uint32_t seconds) { deadline_sweep = loop_->sweep_after(seconds); }
  void no_deadline() { deadline_sweep = 0; }

  /// 0, or the status that stands for why the peer does not speak TLS with us. A plain socket has none.
  Task<int> handshake() {
    if constexpr (kSecure) {
      deadline_in(std::min(kHandshakeTimeout_s, shared_->options.request_timeout_s));
      ErrorCodeIo error;
      auto token = asio::redirect_error(kAwait, error);
      co_await stream_.async_handshake(asio::ssl::stream_base::server, token);
      if (is_plain_http(error)) {
        auto answer_token = asio::redirect_error(kAwait, error);
        const auto answer = asio::buffer(kSpeakTls.data(), kSpeakTls.size());
        co_await asio::async_write(socket_of(stream_), answer, answer_token);
        co_await drop_the_rest();
        co_return 400;
      }
      if (error) co_return expired ? 408 : 400;
    }
    co_return 0;
  }

  /// More bytes for the buffer; false when none will come.
  Task<bool> fill() {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    std::size_t room = 0;
    char* const free_space = buffer_.prepare(room);
    const std::size_t count = co_await stream_.async_read_some(asio::buffer(free_space, room), token);
    buffer_.commit(count);
    co_return !error && count > 0;
  }

  Task<bool> write_all(std::string_view bytes) {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    while (!bytes.empty() && !error) {
      deadline_in(shared_->options.request_timeout_s);
      const std::string_view slice = bytes.substr(0, kWriteSlice);
      const auto slice_buffer = asio::buffer(slice.data(), slice.size());
      co_await asio::async_write(stream_, slice_buffer, token);
      bytes.remove_prefix(slice.size());
    }
    co_return !error;
  }

  /// Lets the peer read what was sent before the connection goes: closing with unread bytes would reset it.
  /// `linger`: the peer may still be sending what was refused.
  Task<void> close_gently(bool linger) {
    if (aborted_) co_return;
    deadline_in(kCloseTimeout_s);
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    if constexpr (kSecure) {
      if (!linger) co_await stream_.async_shutdown(token);
    }
    if (linger) co_return co_await drop_the_rest();
    socket_of(stream_).shutdown(Socket::shutdown_send, error);
  }

  // --- waiting for another thread

  void begin_wait() { awaited_came_ = false; }
  void end_wait() {
    awaited_came_ = true;
    wake_.cancel();
  }
  /// Until end_wait() or abort().
  Task<void> wait() {
    while (!awaited_came_ && !aborted_) co_await next_wake();
  }

  /// Runs what blocks on the worker pool. `job` may refer to the caller's frame: this returns only after it
  /// ended.
  Task<void> on_worker(const std::function<void()>& job) {
    begin_wait();
    no_deadline();
    asio::post(shared_->workers, [link = self(), &job] {
      job();
      link->loop_->post([link] { link->end_wait(); });
    });
    while (!awaited_came_) co_await next_wake();
  }

 private:
  std::shared_ptr<Link> self() { return std::static_pointer_cast<Link>(this->shared_from_this()); }

  static bool is_plain_http(const ErrorCodeIo& error) {
    return error.category() == asio::error::get_ssl_category() &&
           ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_HTTP_REQUEST;
  }

  Task<void> next_wake() {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    wake_.expires_at(Timer::time_point::max());
    co_await wake_.async_wait(token);
  }

  Task<void> drop_the_rest() {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    Socket& socket = socket_of(stream_);
    socket.shutdown(Socket::shutdown_send, error);
    std::size_t dropped = 0;
    std::array<char, 4096> sink;
    while (!error && dropped < kLingerBytes) {
      dropped += co_await socket.async_read_some(asio::buffer(sink), token);
    }
  }

  const std::shared_ptr<IoLoop> loop_;
  const std::shared_ptr<ServerShared> shared_;
  Stream stream_;
  Timer wake_;  // ends the wait for an answer or a worker's job
  ReadBuffer buffer_;
  bool awaited_came_ = false;
  bool aborted_ = false;
};

}  // namespace terreno::server
