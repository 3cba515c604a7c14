#include "tools/field_day/sim_phone.hpp"

#include <algorithm>
#include <utility>

namespace terreno::field_day {
namespace {

constexpr std::int64_t kStep_ms = 10'000;
/// Who catches up with the demo's clock hands fixes over in larger portions: each costs a commit.
constexpr std::size_t kFixesAtOnce = 3;
constexpr std::size_t kFixesWhenBehind = 12;
constexpr std::int64_t kBatteryEvery_ms = 300'000;
constexpr std::int64_t kSyncLook_ms = 30'000;
/// Answers that get lost on their way back, after the server has done its work.
constexpr double kLostAnswers = 0.004;
constexpr int kMostRequestsAtOnce = 60;

std::unique_ptr<FieldCore> open_core(const PhoneOptions& options, const Clock& clock) {
  return FieldCore::open(
      {options.database_path, options.platform, Language::Spanish, options.model, "1.0-sim"}, clock);
}

}  // namespace

SimPhone::SimPhone(PhoneOptions options, Pace& pace, Tally& tally)
    : options_(std::move(options)),
      pace_(pace),
      tally_(tally),
      dice_(town::Dice(options_.seed).child("phone", static_cast<std::uint64_t>(options_.switched_on_at_ms))),
      clock_(options_.switched_on_at_ms, dice_.next() | 1),
      client_(options_.server),
      reception_(dice_.child("reception"), options_.switched_on_at_ms),
      core_(open_core(options_, clock_)),
      quiet_until_ms_(pace.follows_plan() ? pace.now_ms() : 0) {}

void SimPhone::enrol(const std::string& code) {
  for (;;) {
    const auto answer = client_.perform(core_->enrol_request(code).value());
    ++tally_.requests;
    if (const auto* response = std::get_if<HttpResponse>(&answer)) {
      const auto taken = core_->on_enrol_response(*response);
      if (taken.ok()) return;
      if (!taken.error().retryable) throw taken.error();
    }
    pace_.rest(500);
  }
}

void SimPhone::pass(double seconds) { pass_until(now_ms() + static_cast<WallMs>(seconds * 1000)); }

void SimPhone::pass_until(WallMs at_ms) {
  while (now_ms() < at_ms) step(std::min(at_ms, now_ms() + kStep_ms));
}

void SimPhone::rest_until(WallMs at_ms) {
  pace_.wait_until(at_ms);
  clock_.move_to(at_ms);
}

void SimPhone::step(WallMs to_ms) {
  const WallMs from_ms = now_ms();
  pace_.wait_until(to_ms);
  clock_.move_to(to_ms);
  if (carrier_ != nullptr && core_->shift()) {
    const std::size_t before = gathered_.size();
    carrier_->sense(from_ms, to_ms, gathered_);
    for (std::size_t i = before; i < gathered_.size(); ++i)
      gathered_[i].mono_ms = clock_.mono_ms() - std::max<WallMs>(0, to_ms - gathered_[i].captured_at_ms);
    if (gathered_.size() >= (pace_.behind(to_ms) ? kFixesWhenBehind : kFixesAtOnce)) flush();
    if (to_ms >= battery_due_ms_) {
      core_->add_battery(carrier_->battery(to_ms)).value();
      battery_due_ms_ = to_ms + kBatteryEvery_ms;
    }
  }
  if (to_ms >= sync_due_ms_) {
    sync();
    sync_due_ms_ = to_ms + kSyncLook_ms;
  }
}

void SimPhone::flush() {
  if (gathered_.empty()) return;
  tally_.fixes += core_->add_fixes(gathered_).value();
  gathered_.clear();
}

void SimPhone::sync(bool eager) {
  if (now_ms() < quiet_until_ms_ && (!eager || core_->sync_status().pending_visits > 0)) return;
  for (int i = 0; i < kMostRequestsAtOnce; ++i) {
    const auto request = core_->next_request(eager && i == 0);
    if (!request || !exchange(*request)) return;
  }
}

bool SimPhone::exchange(const HttpRequest& request) {
  if (!always_online_ && !reception_.online(now_ms())) {
    ++tally_.offline;
    core_->on_failure(NetworkFailure::NoConnection);
    return false;
  }
  const auto answer = client_.perform(request);
  ++tally_.requests;
  if (const auto* failure = std::get_if<NetworkFailure>(&answer)) {
    ++tally_.offline;
    core_->on_failure(*failure);
    return false;
  }
  if (!always_online_ && dice_.chance(kLostAnswers)) {
    core_->on_failure(NetworkFailure::Interrupted);
    return false;
  }
  const auto& response = std::get<HttpResponse>(answer);
  if (response.status >= 400) ++tally_.refusals;
  core_->on_response(response);
  return true;
}

void SimPhone::power_cycle(double off_seconds) {
  core_.reset();
  gathered_.clear();
  const WallMs back_ms = now_ms() + static_cast<WallMs>(off_seconds * 1000);
  pace_.wait_until(back_ms);
  clock_.move_to(back_ms);
  clock_.reboot(dice_.next() | 1);
  core_ = open_core(options_, clock_);
  ++tally_.restarts;
}

}  // namespace terreno::field_day
