#include "server/api/login_guard.hpp"

#include <algorithm>

namespace terreno::server {

LoginGuard::LoginGuard(const Clock& clock)
    : clock_(clock),
      unknown_hash_(hash_password(random_token(16))),
      per_login_(kLoginTriesPerLogin, kLoginWindow_ms),
      per_remote_(kLoginTriesPerRemote, kLoginWindow_ms) {}

LoginGuard::Verdict LoginGuard::check(Storage& storage, const std::string& login, const std::string& password,
                                      const std::string& remote) {
  Verdict verdict;
  if (waiting_.fetch_add(1) >= kMaxWaitingLogins) {
    verdict.retry_after_ms = 1000;
  } else {
    verdict.retry_after_ms = wait_ms(login, remote);
  }
  if (verdict.retry_after_ms == 0) {
    auto user = storage.find_user_by_login(login);
    if (verify(user, password)) {
      per_login_.forget(login);
      verdict.user = std::move(user);
    }
  }
  --waiting_;
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
