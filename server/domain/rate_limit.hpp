#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/clock.hpp"

namespace terreno::server {

/// Counts events per key in fixed windows. Any thread. Holds at most `max_keys` keys: the one whose window
/// began first is forgotten, so that many addresses cost no memory.
class RateLimit {
 public:
  RateLimit(std::uint32_t per_window, std::int64_t window_ms, std::size_t max_keys = 10'000);

  /// Milliseconds (> 0) until `key` may go on, when it has used its window up; nothing when it may.
  std::optional<std::int64_t> wait_ms(std::string_view key, MonoMs now_ms);
  /// Counts one event of `key`.
  void count(std::string_view key, MonoMs now_ms);
  /// Takes one event of `key` back, which turned out to be none to count.
  void take_back(std::string_view key);
  /// Begins anew for `key`.
  void forget(std::string_view key);

 private:
  struct Window {
    std::string key;
    MonoMs began_ms = 0;
    std::uint32_t events = 0;
  };
  using Order = std::list<Window>;  ///< oldest window first

  void forget_ended(MonoMs now_ms);

  const std::uint32_t per_window_;
  const std::int64_t window_ms_;
  const std::size_t max_keys_;
  std::mutex mutex_;
  Order order_;
  std::unordered_map<std::string_view, Order::iterator> by_key_;
};

}  // namespace terreno::server
