#include "server/api/login_guard.hpp"

#include <algorithm>

namespace terreno::server {
namespace {

/// One who holds a worker for a password; leaves however the check ends.
class Place {
 public:
  explicit Place(std::atomic<std::uint32_t>& taken) : taken_(taken), before_(taken.fetch_add(1)) {}
  ~Place() { --taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool is_free() const { return before_ < kMaxWaitingLogins; }

 private:
  std::atomic<std::uint32_t>& taken_;
  const std::uint32_t before_;
};

}  // namespace

LoginGuard::LoginGuard(const Clock& clock)
    : clock_(clock),
      unknown_hash_(hash_password(random_token(16))),
      per_login_(kLoginTriesPerLogin, kLoginWindow_ms),
      per_remote_(kLoginTriesPerRemote, kLoginWindow_ms) {}

LoginGuard::Verdict LoginGuard::check(Storage& storage, const std::string& login, const std::string& password,
                                      const std::string& remote) {
  Verdict verdict;
  const Place place(waiting_);
  verdict.retry_after_ms = place.is_free() ? wait_ms(login, remote) : 1000;
  if (verdict.retry_after_ms > 0) return verdict;
  auto user = storage.find_user_by_login(login);
  if (!verify(user, password)) return verdict;
  per_login_.forget(login);
  // Only failures stay counted: a whole office, or everybody behind one proxy, logs in from one address.
  per_remote_.take_back(remote);
  verdict.user = std::move(user);
  return verdict;
}

std::int64_t LoginGuard::wait_ms(const std::string& login, const std::string& remote) {
  // Counted before the password is checked, in one step: a burst of parallel guesses counts in full.
  const std::lock_guard lock(counting_);
  const MonoMs now_ms = clock_.mono_ms();
  const std::int64_t wait = std::max(per_login_.wait_ms(login, now_ms).value_or(0),
                                     per_remote_.wait_ms(remote, now_ms).value_or(0));
  if (wait == 0) {
    per_login_.count(login, now_ms);
    per_remote_.count(remote, now_ms);
  }
  return wait;
}

bool LoginGuard::verify(const std::optional<User>& user, const std::string& password) {
  const bool usable = user && user->active && !user->password_hash.empty();
  const std::lock_guard lock(hashing_);
  const bool right = verify_password(password, usable ? user->password_hash : unknown_hash_);
  return usable && right;
}

}  // namespace terreno::server
