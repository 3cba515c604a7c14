#include "tools/field_day/pace.hpp"

#include <chrono>

namespace terreno::field_day {

void Pace::wait_until(WallMs at_ms) {
  for (;;) {
    const std::int64_t wait_ms = plan_ ? plan_->real_until(at_ms, real_.wall_ms()) : 0;
    if (wait_ms == 0 && !stopped()) return;
    rest(wait_ms);
  }
}

bool Pace::behind(WallMs at_ms) const {
  constexpr std::int64_t kInTouch_ms = 60'000;
  return !plan_ || now_ms() - at_ms > kInTouch_ms;
}

WallMs Pace::now_ms() const { return plan_ ? plan_->shown_at(real_.wall_ms()) : real_.wall_ms(); }

void Pace::rest(std::int64_t real_ms) {
  std::unique_lock lock(mutex_);
  if (stopping_.wait_for(lock, std::chrono::milliseconds(real_ms), [this] { return stopped_; }))
    throw Stopped{};
}

void Pace::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  stopping_.notify_all();
}

bool Pace::stopped() const {
  const std::scoped_lock lock(mutex_);
  return stopped_;
}

}  // namespace terreno::field_day
