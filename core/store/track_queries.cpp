#include <algorithm>

#include "core/store/device_store_parts.hpp"

// Shift, and the samples that are not sealed into the journal yet.

namespace terreno {
namespace {

std::optional<double> real_at(const store::Query& query, int column) { return query.optional_real(column); }

constexpr const char* kTailFixes =
    "SELECT captured_at_ms, mono_ms, lat, lon, accuracy_m, speed_mps, bearing_deg, altitude_m, mock "
    "FROM fix_tail WHERE sealed = 0 ORDER BY row";
constexpr const char* kRecentFixes =
    "SELECT captured_at_ms, mono_ms, lat, lon, accuracy_m, speed_mps, bearing_deg, altitude_m, mock "
    "FROM fix_tail WHERE boot_id = ? ORDER BY row DESC LIMIT ?";

Fix read_fix(const store::Query& query) {
  Fix fix;
  fix.captured_at_ms = query.integer(0);
  fix.mono_ms = query.integer(1);
  fix.point = {query.real(2), query.real(3)};
  fix.accuracy_m = query.real(4);
  fix.speed_mps = real_at(query, 5);
  fix.bearing_deg = real_at(query, 6);
  fix.altitude_m = real_at(query, 7);
  fix.mock = query.integer(8) != 0;
  return fix;
}

}  // namespace

std::optional<ShiftRecord> DeviceStore::open_shift() const {
  auto query = parts_->db.query("SELECT id, started_at_ms, fixes FROM shift WHERE ended_at_ms IS NULL");
  if (!query.step()) return std::nullopt;
  return ShiftRecord{query.uuid(0), query.integer(1), store::count_at(query, 2)};
}

void DeviceStore::begin_shift(const Uuid& shift_id, WallMs at_ms) {
  parts_->db.query("INSERT INTO shift (id, started_at_ms) VALUES (?, ?)").bind(shift_id).bind(at_ms).run();
}

void DeviceStore::close_shift(const Uuid& shift_id, WallMs at_ms) {
  Transaction transaction(*this);
  parts_->db.query("UPDATE shift SET ended_at_ms = ? WHERE id = ?").bind(at_ms).bind(shift_id).run();
  parts_->db.query("DELETE FROM fix_tail").run();
  parts_->db.query("DELETE FROM battery_tail").run();
  transaction.commit();
}

void DeviceStore::add_fixes(const Uuid& shift_id, std::span<const Fix> fixes, std::uint64_t boot_id) {
  Transaction transaction(*this);
  for (const Fix& fix : fixes) {
    parts_->db
        .query(
            "INSERT INTO fix_tail (boot_id, captured_at_ms, mono_ms, lat, lon, accuracy_m, speed_mps, "
            "bearing_deg, altitude_m, mock) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind_bits(boot_id)
        .bind(fix.captured_at_ms)
        .bind(fix.mono_ms)
        .bind(fix.point.lat)
        .bind(fix.point.lon)
        .bind(fix.accuracy_m)
        .bind_optional(fix.speed_mps)
        .bind_optional(fix.bearing_deg)
        .bind_optional(fix.altitude_m)
        .bind(std::int64_t{fix.mock})
        .run();
  }
  parts_->db.query("UPDATE shift SET fixes = fixes + ? WHERE id = ?")
      .bind(static_cast<std::int64_t>(fixes.size()))
      .bind(shift_id)
      .run();
  transaction.commit();
}

void DeviceStore::add_battery(const BatterySample& sample) {
  parts_->db.query("INSERT INTO battery_tail (at_ms, percent, charging) VALUES (?, ?, ?)")
      .bind(sample.at_ms)
      .bind(std::int64_t{sample.percent})
      .bind(std::int64_t{sample.charging})
      .run();
}

std::optional<std::uint8_t> DeviceStore::last_battery_percent() const {
  auto query = parts_->db.query("SELECT percent FROM battery_tail ORDER BY row DESC LIMIT 1");
  if (!query.step()) return std::nullopt;
  return static_cast<std::uint8_t>(query.integer(0));
}

TailSize DeviceStore::tail_size() const {
  auto query = parts_->db.query(
      "SELECT (SELECT count(*) FROM fix_tail WHERE sealed = 0), (SELECT count(*) FROM battery_tail WHERE "
      "sealed = 0)");
  query.step();
  return TailSize{static_cast<std::size_t>(query.integer(0)), static_cast<std::size_t>(query.integer(1))};
}

TrackTail DeviceStore::read_tail() const {
  TrackTail tail;
  auto fixes = parts_->db.query(kTailFixes);
  while (fixes.step()) tail.fixes.push_back(read_fix(fixes));
  auto battery =
      parts_->db.query("SELECT at_ms, percent, charging FROM battery_tail WHERE sealed = 0 ORDER BY row");
  while (battery.step()) {
    tail.battery.push_back(BatterySample{battery.integer(0), static_cast<std::uint8_t>(battery.integer(1)),
                                         battery.integer(2) != 0});
  }
  return tail;
}

void DeviceStore::clear_tail(std::size_t keep_recent) {
  Transaction transaction(*this);
  parts_->db.query("DELETE FROM fix_tail WHERE row <= (SELECT max(row) FROM fix_tail) - ?")
      .bind(static_cast<std::int64_t>(keep_recent))
      .run();
  parts_->db.query("UPDATE fix_tail SET sealed = 1 WHERE sealed = 0").run();
  // The newest sample stays, so that a visit can say how full the battery was.
  parts_->db.query("DELETE FROM battery_tail WHERE row < (SELECT max(row) FROM battery_tail)").run();
  parts_->db.query("UPDATE battery_tail SET sealed = 1 WHERE sealed = 0").run();
  transaction.commit();
}

std::vector<Fix> DeviceStore::recent_fixes(std::uint64_t boot_id, std::size_t max_count) const {
  auto query = parts_->db.query(kRecentFixes);
  query.bind_bits(boot_id).bind(static_cast<std::int64_t>(max_count));
  std::vector<Fix> fixes;
  while (query.step()) fixes.push_back(read_fix(query));
  std::reverse(fixes.begin(), fixes.end());
  return fixes;
}

}  // namespace terreno
