#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace terreno::server {

/// How many connections each address holds, so that one of them cannot take all there are. Any thread.
class AddressCounts {
 public:
  /// False when the address holds `most` already; 0: any number.
  bool enter(const std::string& address, std::uint32_t most) {
    const std::lock_guard lock(mutex_);
    std::uint32_t& count = counts_[address];
    if (most > 0 && count >= most) return false;
    ++count;
    return true;
  }

  void leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(address);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::uint32_t> counts_;
};

/// Memory that large bodies hold together. Nobody has logged in yet while a body comes, so that without it a
/// few hundred connections could fill the machine. Any thread.
class BodyBudget {
 public:
  bool take(std::uint64_t bytes, std::uint64_t most) {
    if (held_.fetch_add(bytes) + bytes <= most) return true;
    give(bytes);
    return false;
  }
  void give(std::uint64_t bytes) { held_.fetch_sub(bytes); }

 private:
  std::atomic<std::uint64_t> held_{0};
};

}  // namespace terreno::server
