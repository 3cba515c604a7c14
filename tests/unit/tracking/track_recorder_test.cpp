#include "core/tracking/track_recorder.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "core/codec/codec.hpp"
#include "core/geo/track_codec.hpp"
#include "core/tracking/fix_sanity.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr Language kLanguage = Language::Spanish;

Fix fix_at(WallMs at_ms) {
  Fix fix;
  fix.captured_at_ms = at_ms;
  fix.point = {19.4, -99.1};
  fix.accuracy_m = 8;
  return fix;
}

struct Phone {
  tests::TempDir dir;
  tests::ManualClock clock;
  DeviceStore store{dir.file("phone.db")};
  TrackRecorder tracks{store, clock};

  explicit Phone(bool with_shift = true) {
    tests::enrol_sample(store);
    if (with_shift) REQUIRE(tracks.start_shift(kLanguage).ok());
  }
  void add_fixes(std::size_t count, std::int64_t step_ms = 1'000) {
    for (std::size_t i = 0; i < count; ++i) {
      clock.advance(step_ms);
      const Fix fix = fix_at(clock.wall_ms());
      REQUIRE(tracks.add_fixes(std::span(&fix, 1), kLanguage).ok());
    }
  }
  std::vector<EntryBody> journal() const {
    std::vector<EntryBody> bodies;
    for (const auto& entry : store.entries_after(0, 1 << 30, 10'000)) {
      bodies.push_back(codec::decode_body(entry.kind, entry.version, entry.payload).value());
    }
    return bodies;
  }
  std::vector<TrackChunk> chunks() const {
    std::vector<TrackChunk> found;
    for (const EntryBody& body : journal()) {
      if (const auto* chunk = std::get_if<TrackChunk>(&body)) found.push_back(*chunk);
    }
    return found;
  }
};

}  // namespace

TEST_CASE("nothing is tracked outside a shift") {
  Phone phone(false);
  const Fix fix = fix_at(phone.clock.wall_ms());
  CHECK(phone.tracks.add_fixes(std::span(&fix, 1), kLanguage).error().code == ErrorCode::ShiftNotOpen);
  CHECK(phone.tracks.add_battery({1, 50, false}, kLanguage).error().code == ErrorCode::ShiftNotOpen);
  CHECK(phone.tracks.end_shift(kLanguage).error().code == ErrorCode::ShiftNotOpen);
  REQUIRE(phone.tracks.start_shift(kLanguage).ok());
  CHECK(phone.tracks.start_shift(kLanguage).error().code == ErrorCode::ShiftAlreadyOpen);
  phone.add_fixes(3);
  REQUIRE(phone.tracks.end_shift(kLanguage).ok());
  CHECK(phone.tracks.add_fixes(std::span(&fix, 1), kLanguage).error().code == ErrorCode::ShiftNotOpen);
  CHECK(phone.store.recent_fixes(phone.clock.boot_id(), 10).empty());
  CHECK(phone.chunks().size() == 1);
}

TEST_CASE("a shift needs a company") {
  tests::TempDir dir;
  tests::ManualClock clock;
  DeviceStore store(dir.file("phone.db"));
  TrackRecorder tracks(store, clock);
  CHECK(tracks.start_shift(kLanguage).error().code == ErrorCode::NotEnrolled);
}

TEST_CASE("a shift's journal is start, chunks, end, and the chunks hold every sample once") {
  Phone phone;
  phone.add_fixes(10);
  REQUIRE(phone.tracks.add_battery({phone.clock.wall_ms(), 87, true}, kLanguage).ok());
  CHECK(phone.store.open_shift()->fixes == 10);
  REQUIRE(phone.tracks.end_shift(kLanguage).ok());
  const auto bodies = phone.journal();
  REQUIRE(bodies.size() == 3);
  CHECK(std::holds_alternative<ShiftStarted>(bodies[0]));
  CHECK(std::holds_alternative<ShiftEnded>(bodies[2]));
  const auto chunk = std::get<TrackChunk>(bodies[1]);
  CHECK(chunk.fix_count == 10);
  CHECK(chunk.battery_count == 1);
  CHECK(chunk.to_ms - chunk.from_ms == 9'000);
  const auto track = geo::unpack_track(chunk.packed).value();
  CHECK(track.fixes.size() == 10);
  CHECK(track.battery.at(0).percent == 87);
}

TEST_CASE("a chunk is sealed when its time has come, by the clock that never jumps") {
  Phone phone;
  phone.add_fixes(2, 10'000);
  phone.clock.jump_wall(-5LL * 365 * 86'400'000);
  phone.add_fixes(20, 10'000);
  CHECK(phone.chunks().empty());
  phone.add_fixes(9, 10'000);
  REQUIRE(phone.chunks().size() == 1);
  CHECK(phone.chunks()[0].fix_count == 31);
  phone.add_fixes(30, 10'000);
  CHECK(phone.chunks().size() == 1);
}

TEST_CASE("a phone without signal still hands over where it was last") {
  Phone phone;
  phone.add_fixes(5);
  phone.tracks.seal_if_due();
  CHECK(phone.chunks().empty());
  phone.clock.advance(300'000);
  phone.tracks.seal_if_due();
  REQUIRE(phone.chunks().size() == 1);
  phone.tracks.seal_if_due();
  CHECK(phone.chunks().size() == 1);
  phone.add_fixes(1);
  CHECK(phone.chunks().size() == 1);
}

TEST_CASE("a flood of fixes is cut into chunks of bounded size") {
  Phone phone;
  std::vector<Fix> many;
  for (int i = 0; i < 1'300; ++i) many.push_back(fix_at(phone.clock.wall_ms() + i * 1'000));
  CHECK(phone.tracks.add_fixes(many, kLanguage).value() == 1'300);
  const auto chunks = phone.chunks();
  REQUIRE(chunks.size() == 3);
  CHECK(chunks[0].fix_count == kFixesPerChunk);
  CHECK(chunks[2].fix_count == 1'300 - 2 * kFixesPerChunk);
}

TEST_CASE("what an earlier process left in the tail is sealed at the next sample") {
  Phone phone;
  phone.add_fixes(4);
  TrackRecorder next_process(phone.store, phone.clock);
  const Fix fix = fix_at(phone.clock.wall_ms());
  REQUIRE(next_process.add_fixes(std::span(&fix, 1), kLanguage).ok());
  REQUIRE(phone.chunks().size() == 1);
  CHECK(phone.chunks()[0].fix_count == 5);
  REQUIRE(next_process.add_fixes(std::span(&fix, 1), kLanguage).ok());
  CHECK(phone.chunks().size() == 1);
}

TEST_CASE("the newest fixes stay readable for the gate after their chunk is sealed, in this boot only") {
  Phone phone;
  phone.add_fixes(40);
  phone.tracks.seal();
  const auto recent = phone.store.recent_fixes(phone.clock.boot_id(), 100);
  REQUIRE(recent.size() == kRecentFixes);
  CHECK(recent.back().captured_at_ms == phone.clock.wall_ms());
  CHECK(recent.front().captured_at_ms < recent.back().captured_at_ms);
  CHECK(phone.store.last_battery_percent() == std::nullopt);
  phone.clock.reboot();
  CHECK(phone.store.recent_fixes(phone.clock.boot_id(), 100).empty());
}

TEST_CASE("fixes that make no sense are left out") {
  Phone phone;
  const Fix good = fix_at(phone.clock.wall_ms());
  std::vector<Fix> fixes(8, good);
  fixes[0].point.lat = 90.5;
  fixes[1].point.lon = kNan;
  fixes[2].accuracy_m = 0;
  fixes[3].accuracy_m = -1;
  fixes[4].accuracy_m = kNan;
  fixes[5].captured_at_ms = 0;
  fixes[6].point.lon = -181;
  CHECK(phone.tracks.add_fixes(fixes, kLanguage).value() == 1);
  CHECK(phone.store.open_shift()->fixes == 1);
  CHECK(phone.tracks.add_battery({1, 101, false}, kLanguage).error().code == ErrorCode::InvalidArgument);
}

TEST_CASE("what a phone writes for an unknown speed, bearing or altitude becomes unknown") {
  Fix fix = fix_at(1);
  fix.speed_mps = -1;
  fix.bearing_deg = kNan;
  fix.altitude_m = 1e9;
  const auto sane = sane_fix(fix);
  REQUIRE(sane.has_value());
  CHECK_FALSE(sane->speed_mps.has_value());
  CHECK_FALSE(sane->bearing_deg.has_value());
  CHECK_FALSE(sane->altitude_m.has_value());
}
