#include "server/storage/sqlite/after_commit.hpp"

#include <pthread.h>

#include <algorithm>

namespace terreno::server::sqlite {

AfterCommit::AfterCommit(std::uint32_t threads) {
  for (std::uint32_t i = 0; i < std::max(threads, 1U); ++i) threads_.emplace_back([this] { work(); });
}

AfterCommit::~AfterCommit() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void AfterCommit::add(Told told) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(told));
}

void AfterCommit::wake() {
  std::size_t waiting = 0;
  {
    const std::lock_guard lock(mutex_);
    waiting = queue_.size();
  }
  if (waiting == 1) woken_.notify_one();
  if (waiting > 1) woken_.notify_all();
}

void AfterCommit::work() {
  ::pthread_setname_np(::pthread_self(), "after_commit");
  std::unique_lock lock(mutex_);
  for (;;) {
    woken_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const Told told = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    told();
    lock.lock();
  }
}

}  // namespace terreno::server::sqlite
