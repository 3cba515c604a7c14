#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "server/storage/sqlite/connection.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server::sqlite {

/// The one thread that writes. It takes everything that has queued, runs it in one transaction, makes it
/// durable and then tells each waiter; it never waits for more to come. Any thread may submit.
class Writer {
 public:
  /// Called once the work is durable.
  using Committed = std::function<void()>;
  struct Job {
    /// Runs in a transaction, perhaps more than once: when a job of the same group throws, the group is
    /// rolled back and its jobs run again one by one, so that a bad one harms nobody else.
    std::function<Committed(Connection&)> run;
    /// Called instead of Committed; nothing of the job is in the database then.
    std::function<void(const Error&)> failed;
  };

  /// `group_told` is called when the waiters of a group were told.
  Writer(std::unique_ptr<Connection> connection, std::size_t max_queued, std::function<void()> group_told);
  /// Finishes what has queued.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Unavailable when the queue is full or the writer stops; the job is not taken then.
  Result<void> submit(Job job);
  StorageCounters counters() const;

 private:
  using Group = std::deque<Job>;

  void work();
  void commit_group(Group& group);
  bool try_together(Group& group);
  void commit_alone(Job& job);

  std::unique_ptr<Connection> connection_;
  const std::size_t max_queued_;
  const std::function<void()> group_told_;
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> writes_{0};
  std::atomic<std::uint64_t> failed_{0};
  mutable std::mutex mutex_;
  std::condition_variable queued_;
  Group queue_;
  bool stopping_ = false;
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace terreno::server::sqlite
