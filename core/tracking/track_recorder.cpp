#include "core/tracking/track_recorder.hpp"

#include <algorithm>
#include <vector>

#include "core/geo/track_codec.hpp"
#include "core/tracking/fix_sanity.hpp"

namespace terreno {
namespace {

bool empty(const TailSize& tail) { return tail.fixes == 0 && tail.battery == 0; }

Error no_shift(Language language) { return Error(ErrorCode::ShiftNotOpen, text(language, "shift.not_open")); }

}  // namespace

TrackRecorder::TrackRecorder(DeviceStore& store, const Clock& clock)
    : store_(store), journal_(store, clock), clock_(clock), left_behind_(!empty(store.tail_size())) {}

Result<ShiftRecord> TrackRecorder::start_shift(Language language) {
  if (!store_.identity()) return Error(ErrorCode::NotEnrolled, text(language, "enrol.needed"));
  if (store_.open_shift()) return Error(ErrorCode::ShiftAlreadyOpen, text(language, "shift.already_open"));
  const ShiftRecord shift{make_uuid_v7(clock_), clock_.wall_ms(), 0};
  DeviceStore::Transaction transaction(store_);
  store_.begin_shift(shift.id, shift.started_at_ms);
  journal_.append(ShiftStarted{shift.id, shift.started_at_ms});
  transaction.commit();
  return shift;
}

Result<void> TrackRecorder::end_shift(Language language) {
  const auto shift = store_.open_shift();
  if (!shift) return no_shift(language);
  if (!store_.drafts().empty()) {
    return Error(ErrorCode::VisitAlreadyOpen, text(language, "shift.visit_open"));
  }
  const WallMs now = clock_.wall_ms();
  DeviceStore::Transaction transaction(store_);
  seal_tail(shift->id);
  store_.close_shift(shift->id, now);
  journal_.append(ShiftEnded{shift->id, now});
  transaction.commit();
  return {};
}

Result<std::size_t> TrackRecorder::add_fixes(std::span<const Fix> fixes, Language language) {
  const auto shift = store_.open_shift();
  if (!shift) return no_shift(language);
  std::vector<Fix> sane;
  sane.reserve(fixes.size());
  for (const Fix& fix : fixes) {
    auto kept = sane_fix(fix);
    if (!kept) continue;
    if (kept->mono_ms == 0) kept->mono_ms = clock_.mono_ms();
    sane.push_back(*kept);
  }
  if (sane.empty()) return std::size_t{0};
  note_first_sample();
  DeviceStore::Transaction transaction(store_);
  store_.add_fixes(shift->id, sane, clock_.boot_id());
  if (due(store_.tail_size())) seal_tail(shift->id);
  transaction.commit();
  return sane.size();
}

Result<void> TrackRecorder::add_battery(const BatterySample& sample, Language language) {
  const auto shift = store_.open_shift();
  if (!shift) return no_shift(language);
  if (sample.percent > 100) return Error(ErrorCode::InvalidArgument, "a battery holds 0 to 100 percent");
  note_first_sample();
  DeviceStore::Transaction transaction(store_);
  store_.add_battery(sample);
  if (due(store_.tail_size())) seal_tail(shift->id);
  transaction.commit();
  return {};
}

void TrackRecorder::seal() {
  const auto shift = store_.open_shift();
  if (!shift || empty(store_.tail_size())) return;
  DeviceStore::Transaction transaction(store_);
  seal_tail(shift->id);
  transaction.commit();
}

void TrackRecorder::seal_if_due() {
  if (due(store_.tail_size())) seal();
}

bool TrackRecorder::due(const TailSize& tail) const {
  if (empty(tail)) return false;
  if (tail.fixes >= kFixesPerChunk || tail.battery >= kBatteryPerChunk || left_behind_) return true;
  const std::int64_t interval_ms = std::int64_t{store_.policy().chunk_interval_s} * 1'000;
  return clock_.mono_ms() - waiting_since_ms_ >= interval_ms;
}

void TrackRecorder::seal_tail(const Uuid& shift_id) {
  const TrackTail tail = store_.read_tail();
  std::span<const Fix> fixes = tail.fixes;
  std::span<const BatterySample> battery = tail.battery;
  while (!fixes.empty() || !battery.empty()) {
    const auto some_fixes = fixes.first(std::min(fixes.size(), kFixesPerChunk));
    const auto some_battery = battery.first(std::min(battery.size(), kBatteryPerChunk));
    append_chunk(shift_id, some_fixes, some_battery);
    fixes = fixes.subspan(some_fixes.size());
    battery = battery.subspan(some_battery.size());
  }
  store_.clear_tail(kRecentFixes);
}

void TrackRecorder::append_chunk(const Uuid& shift_id, std::span<const Fix> fixes,
                                 std::span<const BatterySample> battery) {
  std::vector<WallMs> times;
  times.reserve(fixes.size() + battery.size());
  for (const Fix& fix : fixes) times.push_back(fix.captured_at_ms);
  for (const BatterySample& sample : battery) times.push_back(sample.at_ms);
  const auto [first, last] = std::minmax_element(times.begin(), times.end());
  journal_.append(TrackChunk{shift_id, *first, *last, static_cast<std::uint32_t>(fixes.size()),
                             static_cast<std::uint32_t>(battery.size()), geo::pack_track(fixes, battery)});
}

void TrackRecorder::note_first_sample() {
  if (!empty(store_.tail_size())) return;
  waiting_since_ms_ = clock_.mono_ms();
  left_behind_ = false;
}

}  // namespace terreno
