#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "server/domain/rate_limit.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

inline constexpr std::uint32_t kLoginTriesPerLogin = 8;
inline constexpr std::uint32_t kLoginTriesPerRemote = 60;  ///< an office shares one address
inline constexpr std::int64_t kLoginWindow_ms = 15 * 60'000;
inline constexpr std::uint32_t kMaxWaitingLogins = 2;  ///< that hold a worker while another one hashes

/// Checks passwords so that guessing is slow and costs the server little: tries are counted per login and per
/// remote before the password is looked at, one Argon2 (19 MiB, 13 ms) runs at a time, and an unknown login
/// takes as long as a wrong password. Any thread.
class LoginGuard {
 public:
  explicit LoginGuard(const Clock& clock);

  struct Verdict {
    std::optional<User> user;         ///< who it is, when all is right
    std::int64_t retry_after_ms = 0;  ///< > 0: too many tries, or too many at once
  };
  Verdict check(Storage& storage, const std::string& login, const std::string& password,
                const std::string& remote);

 private:
  std::int64_t wait_ms(const std::string& login, const std::string& remote);
  bool verify(const std::optional<User>& user, const std::string& password);

  const Clock& clock_;
  const std::string unknown_hash_;  ///< of a password nobody knows, for logins that nobody has
  RateLimit per_login_;
  RateLimit per_remote_;
  std::mutex counting_;
  std::mutex hashing_;
  std::atomic<std::uint32_t> waiting_{0};
};

}  // namespace terreno::server
