#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace terreno::server::sqlite {

/// Rows that requests ask for again and again, in memory. What was read while it changed is given out but not
/// kept. What is kept is read again after a while, since the command line changes rows from another process.
/// Any thread.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class KeptCopies {
 public:
  using Copy = std::shared_ptr<const Value>;

  /// Holds at most `max_copies`: one more begins anew.
  KeptCopies(std::chrono::seconds kept_for, std::size_t max_copies)
      : kept_for_(kept_for), max_copies_(max_copies) {}

  /// The copy that is kept, else what `load()` reads: a Copy, null when there is no such thing, and whether
  /// to keep it is `keeps(*copy)`.
  template <typename Load, typename Keeps>
  Copy find(const Key& key, Load load, Keeps keeps) {
    std::uint64_t began = 0;
    {
      const std::lock_guard lock(mutex_);
      const auto found = copies_.find(key);
      if (found != copies_.end() && now() - found->second.read_at < kept_for_) return found->second.copy;
      began = changes_;
    }
    Copy copy = load();
    if (!copy || !keeps(*copy)) return copy;
    const std::lock_guard lock(mutex_);
    if (began != changes_) return copy;
    if (copies_.size() >= max_copies_) copies_.clear();
    copies_[key] = {copy, now()};
    return copy;
  }

  /// After a change that may have touched any of them.
  void forget_all() {
    const std::lock_guard lock(mutex_);
    ++changes_;
    copies_.clear();
  }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Kept {
    Copy copy;
    Time read_at;
  };
  static Time now() { return std::chrono::steady_clock::now(); }

  const std::chrono::seconds kept_for_;
  const std::size_t max_copies_;
  std::mutex mutex_;
  std::uint64_t changes_ = 0;
  std::unordered_map<Key, Kept, Hash> copies_;
};

}  // namespace terreno::server::sqlite
