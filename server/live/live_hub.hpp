#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/clock.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

/// Where one supervisor's events go.
struct LiveSubscriber {
  /// Takes one message, without blocking; false when the peer is gone.
  std::function<bool(std::shared_ptr<const std::string>)> send;
  /// Asked at each tick: whether the session behind it still stands. May read the storage.
  std::function<bool()> still_allowed;
  std::function<void()> close;
};

inline constexpr int kTickSeconds = 20;
inline constexpr std::size_t kMaxQueuedBatches = 10'000;  ///< waiting to be told; the oldest give way

/// Tells the supervisors of a tenant what has just been committed: position, shift, visit, case. Each event's
/// JSON is made once for all who watch. Work is done on a thread of its own, so that whoever publishes, a
/// storage's writer above all, never waits. Safe from any thread.
class LiveHub {
 public:
  LiveHub(Storage& storage, const Clock& clock, int tick_seconds = kTickSeconds);
  ~LiveHub();
  LiveHub(const LiveHub&) = delete;
  LiveHub& operator=(const LiveHub&) = delete;

  void subscribe(const Uuid& tenant_id, LiveSubscriber subscriber);
  /// Costs nothing when nobody of the tenant watches.
  void publish(const Uuid& tenant_id, const Uuid& gestor_id, BatchEffects effects);
  /// A case that a supervisor changed.
  void publish_case(const Uuid& tenant_id, const Uuid& case_id);
  /// For the metrics.
  std::size_t subscriber_count() const;

 private:
  struct Batch {
    Uuid tenant_id;
    Uuid gestor_id;
    BatchEffects effects;
  };
  using Message = std::shared_ptr<const std::string>;

  void run();
  void tell(const Batch& batch);
  void send_all(const Uuid& tenant_id, const Message& message);
  void tick();

  Storage& storage_;
  const Clock& clock_;
  const int tick_seconds_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Uuid, std::vector<std::shared_ptr<const LiveSubscriber>>> subscribers_;
  std::deque<Batch> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace terreno::server
