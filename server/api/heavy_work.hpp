#pragma once

#include <atomic>

#include "server/api/call.hpp"

namespace terreno::server {

/// How much work of many seconds may go on at once, so that exports and uploads leave workers for the others.
class HeavyWork {
 public:
  static constexpr int kAtOnce = 2;

  /// A place, held while the object lives. Throws Unavailable when all are taken.
  class Place {
   public:
    explicit Place(const Call& call) : owner_(call.services.heavy_work) {
      if (owner_.running_.fetch_add(1) < kAtOnce) return;
      --owner_.running_;
      throw Error(ErrorCode::Unavailable, call.say("server.http.unavailable"));
    }
    ~Place() { --owner_.running_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    HeavyWork& owner_;
  };

 private:
  std::atomic<int> running_{0};
};

}  // namespace terreno::server
