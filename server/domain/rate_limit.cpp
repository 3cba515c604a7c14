#include "server/domain/rate_limit.hpp"

namespace terreno::server {

RateLimit::RateLimit(std::uint32_t per_window, std::int64_t window_ms, std::size_t max_keys)
    : per_window_(per_window), window_ms_(window_ms), max_keys_(max_keys) {}

std::optional<std::int64_t> RateLimit::wait_ms(std::string_view key, MonoMs now_ms) {
  const std::lock_guard lock(mutex_);
  forget_ended(now_ms);
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->events < per_window_) return std::nullopt;
  return found->second->began_ms + window_ms_ - now_ms;
}

void RateLimit::count(std::string_view key, MonoMs now_ms) {
  const std::lock_guard lock(mutex_);
  forget_ended(now_ms);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    ++found->second->events;
    return;
  }
  if (order_.size() >= max_keys_) {
    by_key_.erase(order_.front().key);
    order_.pop_front();
  }
  order_.push_back({std::string(key), now_ms, 1});
  const auto added = std::prev(order_.end());
  by_key_.emplace(added->key, added);
}

void RateLimit::take_back(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found != by_key_.end() && found->second->events > 0) --found->second->events;
}

void RateLimit::forget(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  const auto window = found->second;
  by_key_.erase(found);
  order_.erase(window);
}

void RateLimit::forget_ended(MonoMs now_ms) {
  while (!order_.empty() && order_.front().began_ms + window_ms_ <= now_ms) {
    by_key_.erase(order_.front().key);
    order_.pop_front();
  }
}

}  // namespace terreno::server
