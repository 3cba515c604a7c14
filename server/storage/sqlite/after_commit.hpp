#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace terreno::server::sqlite {

/// Threads that tell the waiters of a commit, so that the writer never does: it goes on to the next group
/// while answers are being made. A waiter may read and write through the storage.
class AfterCommit {
 public:
  using Told = std::function<void()>;

  explicit AfterCommit(std::uint32_t threads);
  /// Tells all that are left.
  ~AfterCommit();
  AfterCommit(const AfterCommit&) = delete;
  AfterCommit& operator=(const AfterCommit&) = delete;

  /// Leaves a waiter to be told at the next wake(). Any thread.
  void add(Told told);
  /// One wake for all that were added: a thread that is woken for each would push the writer off its core
  /// every time.
  void wake();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<Told> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;  ///< last: they use all of the above
};

}  // namespace terreno::server::sqlite
