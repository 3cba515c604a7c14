#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "server/http/io_loop.hpp"

namespace terreno::server {

inline constexpr std::size_t kMaxLiveMessages = 512;       ///< waiting for one slow peer
inline constexpr std::size_t kMaxLiveBytes = 1024 * 1024;  ///< waiting for one slow peer
inline constexpr std::size_t kMaxLiveInbound = 4096;  ///< one message from a peer; they are read and ignored

/// What a WebSocket session lets the queue do to it; called on the loop's thread.
class LiveSession : public Connection {
 public:
  virtual void wake_writer() = 0;
};

/// Stands between whoever publishes, on any thread, and one WebSocket's writer on its loop. A peer that lets
/// more wait than the limits above is cut off: it reconnects and asks for the whole picture.
class LiveQueue final : public LiveConnection {
 public:
  LiveQueue(std::shared_ptr<IoLoop> loop, std::weak_ptr<LiveSession> session)
      : loop_(std::move(loop)), session_(std::move(session)) {}

  void send(std::shared_ptr<const std::string> message) override {
    const std::lock_guard lock(mutex_);
    if (closed_ || closing_) return;
    waiting_bytes_ += message->size();
    waiting_.push_back(std::move(message));
    if (waiting_.size() > kMaxLiveMessages || waiting_bytes_ > kMaxLiveBytes) {
      closed_ = true;
      waiting_.clear();
      tell([](LiveSession& session) { session.abort(); });
    } else if (!wake_posted_) {
      wake_posted_ = true;
      tell([](LiveSession& session) { session.wake_writer(); });
    }
  }

  void close() override {
    const std::lock_guard lock(mutex_);
    if (closed_ || closing_) return;
    closing_ = true;
    tell([](LiveSession& session) { session.wake_writer(); });
  }

  bool closed() const override {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  /// The writer's side: the next message, or nothing. From then on a new message wakes the writer again.
  std::shared_ptr<const std::string> take() {
    const std::lock_guard lock(mutex_);
    wake_posted_ = false;
    if (waiting_.empty()) return nullptr;
    auto message = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= message->size();
    return message;
  }

  /// True when nothing more will come: the writer says goodbye to the peer.
  bool over() const {
    const std::lock_guard lock(mutex_);
    return closed_ || (closing_ && waiting_.empty());
  }

  void mark_closed() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    waiting_.clear();
  }

 private:
  template <typename Action>
  void tell(Action action) {
    loop_->post([session = session_, action] {
      if (const auto alive = session.lock()) action(*alive);
    });
  }

  const std::shared_ptr<IoLoop> loop_;
  const std::weak_ptr<LiveSession> session_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const std::string>> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool wake_posted_ = false;
  bool closing_ = false;
  bool closed_ = false;
};

}  // namespace terreno::server
