#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <utility>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/http/shared_limits.hpp"

namespace terreno::server {

namespace asio = boost::asio;
using ErrorCodeIo = boost::system::error_code;
using Executor = asio::io_context::executor_type;
template <typename T>
using Task = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> kAwait;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// One sweep a second checks the deadlines of all connections: cheaper than a timer for each operation.
inline constexpr std::chrono::milliseconds kSweep{500};
inline constexpr std::uint32_t kSweepsPerSecond = 2;

/// What the loop and the server know of a connection. Lives on its loop's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  virtual ~Connection() = default;
  /// Closes the socket: whatever the connection waits for ends with an error.
  virtual void abort() = 0;
  /// The server stops: an idle connection closes now, a busy one after its answer.
  virtual void drain() = 0;

  /// Sweep at which the loop aborts the connection; 0: never.
  std::uint64_t deadline_sweep = 0;
  /// The deadline passed: that is why it was aborted.
  bool expired = false;
};

/// A network thread's event loop with the connections that live on it. Only post() may be called from other
/// threads.
class IoLoop {
 public:
  IoLoop() : context_(1), sweeper_(context_) {}

  asio::io_context& context() { return context_; }

  /// Runs `job` on the loop's thread; drops it once the loop has ended.
  template <typename Job>
  void post(Job job) {
    const std::lock_guard lock(mutex_);
    if (!ended_) asio::post(context_, std::move(job));
  }

  void add(Connection* connection) { connections_.insert(connection); }
  void remove(Connection* connection) { connections_.erase(connection); }
  std::size_t connection_count() const { return connections_.size(); }

  std::uint64_t sweep_after(std::uint32_t seconds) const {
    return sweep_ + std::uint64_t{seconds} * kSweepsPerSecond + 1;
  }

  template <typename Action>
  void for_each(Action action) {
    // An action may end a connection, which takes it out of the set.
    const std::vector<Connection*> all(connections_.begin(), connections_.end());
    for (Connection* connection : all) action(*connection);
  }

  void start_sweeping() {
    sweeper_.expires_after(kSweep);
    sweeper_.async_wait([this](const ErrorCodeIo& error) {
      // A sweep that was due when stop_sweeping() came is not cancelled any more.
      if (error || sweeping_ended_) return;
      ++sweep_;
      for_each([this](Connection& connection) {
        if (connection.deadline_sweep == 0 || connection.deadline_sweep > sweep_) return;
        connection.expired = true;
        connection.abort();
      });
      start_sweeping();
    });
  }
  void stop_sweeping() {
    sweeping_ended_ = true;
    sweeper_.cancel();
  }

  /// After run() has returned: what others still post is dropped, what was posted is let go.
  void end() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    context_.restart();
    context_.poll();
  }

 private:
  asio::io_context context_;
  Timer sweeper_;
  std::uint64_t sweep_ = 1;
  bool sweeping_ended_ = false;
  std::unordered_set<Connection*> connections_;
  std::mutex mutex_;
  bool ended_ = false;  // guarded by mutex_
};

/// What all connections of a server share.
struct ServerShared {
  ServerShared(const HttpOptions& options_in, Application& application_in)
      : options(options_in), application(application_in), workers(options_in.workers) {}

  const HttpOptions options;
  Application& application;
  asio::thread_pool workers;
  std::atomic<bool> draining{false};
  std::atomic<std::uint32_t> open_connections{0};
  AddressCounts addresses;
  BodyBudget bodies;
};

}  // namespace terreno::server
