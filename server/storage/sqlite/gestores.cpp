#include <algorithm>

#include "core/codec/codec.hpp"
#include "core/geo/track_codec.hpp"
#include "server/storage/sqlite/sample_runs.hpp"
#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {
namespace {

std::optional<Fix> read_fix(const Query& row, int first) {
  if (row.null(first)) return std::nullopt;
  Fix fix;
  fix.captured_at_ms = row.integer(first);
  fix.mono_ms = row.integer(first + 1);
  fix.point = {row.real(first + 2), row.real(first + 3)};
  fix.accuracy_m = row.real(first + 4);
  fix.speed_mps = row.maybe_real(first + 5);
  fix.bearing_deg = row.maybe_real(first + 6);
  fix.altitude_m = row.maybe_real(first + 7);
  fix.mock = row.flag(first + 8);
  return fix;
}

std::optional<BatterySample> read_battery(const Query& row, int first) {
  if (row.null(first)) return std::nullopt;
  return BatterySample{row.integer(first), static_cast<std::uint8_t>(row.integer(first + 1)),
                       row.flag(first + 2)};
}

GestorStatus read_status(const Query& row) {
  GestorStatus status;
  status.gestor_id = row.uuid(0);
  status.name = row.text(1);
  status.shift_started_at_ms = row.maybe_integer(2);
  status.shift_ended_at_ms = row.maybe_integer(3);
  status.last_sync_at_ms = row.maybe_integer(4);
  status.visits_today = static_cast<std::uint32_t>(row.integer(5));
  status.open_cases = static_cast<std::uint32_t>(row.integer(6));
  status.battery = read_battery(row, 7);
  status.position = read_fix(row, 10);
  status.active = row.flag(19);
  return status;
}

/// Calls `take(geo::Track)` for each of the gestor's chunks with samples in the period, by what `index`
/// (track_chunk or battery_chunk) says.
template <typename Take>
void each_chunk(Connection& connection, const std::string& index, const Uuid& tenant_id,
                const Uuid& gestor_id, const Period& period, Take take) {
  Query rows = connection.query(
      "SELECT j.version, j.payload FROM journal_entry j WHERE j.entry_key IN (SELECT c.entry_key FROM " +
      index +
      " c WHERE c.user_key = (SELECT user_key FROM app_user JOIN tenant t USING (tenant_key) "
      "WHERE t.id = ?1 AND app_user.id = ?2) "
      "AND c.from_ms >= ?5 AND c.from_ms < ?4 AND c.to_ms >= ?3) ORDER BY j.entry_key");
  rows.bind(tenant_id, gestor_id, period.from_ms, period.to_ms, period.from_ms - kLongestRunMs);
  while (rows.step()) {
    const auto body =
        codec::decode_body(EntryKind::TrackChunk, static_cast<std::uint16_t>(rows.integer(0)), rows.blob(1));
    if (!body) throw Error(ErrorCode::Io, "a stored track chunk does not decode");
    take(geo::unpack_track(std::get<TrackChunk>(*body).packed).value());
  }
}

template <typename Sample>
void keep_in_order(std::vector<Sample>& samples, WallMs Sample::*time) {
  // Chunks come in order; those of a second phone or of a moved clock may interleave.
  std::stable_sort(samples.begin(), samples.end(),
                   [time](const Sample& a, const Sample& b) { return a.*time < b.*time; });
}

}  // namespace

std::vector<GestorStatus> gestores(Connection& connection, const Uuid& tenant_id, const Period& today) {
  std::vector<GestorStatus> found;
  Query rows = connection.query(
      "SELECT u.id, u.name, s.shift_started_at_ms, s.shift_ended_at_ms, s.last_sync_at_ms, "
      "(SELECT count(*) FROM visit v WHERE v.user_key = u.user_key AND v.finished_at_ms >= ?2 "
      " AND v.finished_at_ms < ?3), "
      "(SELECT count(*) FROM field_case c WHERE c.user_key = u.user_key AND c.state IN (0, 1, 2)), "
      "s.battery_at_ms, s.battery_percent, s.battery_charging, s.fix_at_ms, s.fix_mono_ms, s.fix_lat, "
      "s.fix_lon, "
      "s.fix_accuracy_m, s.fix_speed_mps, s.fix_bearing_deg, s.fix_altitude_m, s.fix_mock, u.active "
      "FROM app_user u JOIN tenant t USING (tenant_key) LEFT JOIN gestor_state s ON s.user_key = u.user_key "
      "WHERE t.id = ?1 AND u.role = 0 ORDER BY u.name, u.login");
  rows.bind(tenant_id, today.from_ms, today.to_ms);
  while (rows.step()) found.push_back(read_status(rows));
  return found;
}

std::vector<Fix> track(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id,
                       const Period& period) {
  std::vector<Fix> fixes;
  each_chunk(connection, "track_chunk", tenant_id, gestor_id, period, [&](const geo::Track& chunk) {
    std::copy_if(chunk.fixes.begin(), chunk.fixes.end(), std::back_inserter(fixes), [&](const Fix& fix) {
      return fix.captured_at_ms >= period.from_ms && fix.captured_at_ms < period.to_ms;
    });
  });
  keep_in_order(fixes, &Fix::captured_at_ms);
  return fixes;
}

std::map<Uuid, TrackStamp> track_stamps(Connection& connection, const Uuid& tenant_id, const Period& period) {
  std::map<Uuid, TrackStamp> stamps;
  // The same chunks that track() unpacks; both say what belongs to a period.
  Query rows = connection.query(
      "SELECT u.id, count(*), max(c.entry_key) FROM tenant t JOIN app_user u USING (tenant_key) "
      "JOIN track_chunk c USING (user_key) WHERE t.id = ?1 AND c.from_ms >= ?4 AND c.from_ms < ?3 "
      "AND c.to_ms >= ?2 GROUP BY u.user_key");
  rows.bind(tenant_id, period.from_ms, period.to_ms, period.from_ms - kLongestRunMs);
  while (rows.step()) {
    stamps[rows.uuid(0)] = {static_cast<std::uint64_t>(rows.integer(1)),
                            static_cast<std::uint64_t>(rows.integer(2))};
  }
  return stamps;
}

FleetCounts fleet(Connection& connection, WallMs now_ms) {
  Query row = connection.query(
      "SELECT (SELECT count(*) FROM device d JOIN app_user o USING (user_key) WHERE d.revoked = 0 AND "
      "o.active), "
      "(SELECT count(*) FROM device d JOIN app_user o USING (user_key) WHERE d.revoked OR NOT o.active), "
      "count(*), count(s.shift_started_at_ms) - count(s.shift_ended_at_ms), "
      "count(*) FILTER (WHERE s.last_sync_at_ms > ?1 - 900000), "
      "count(*) FILTER (WHERE s.last_sync_at_ms > ?1 - 3600000), "
      "count(*) FILTER (WHERE s.last_sync_at_ms > ?1 - 86400000), (SELECT count(*) FROM quarantine) "
      "FROM app_user u LEFT JOIN gestor_state s USING (user_key) WHERE u.role = 0 AND u.active = 1");
  row.bind(now_ms).step();
  const auto count = [&row](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
  return {count(0), count(1), count(2), count(3), count(4), count(5), count(6), count(7)};
}

std::vector<BatterySample> battery(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id,
                                   const Period& period) {
  std::vector<BatterySample> samples;
  each_chunk(connection, "battery_chunk", tenant_id, gestor_id, period, [&](const geo::Track& chunk) {
    std::copy_if(chunk.battery.begin(), chunk.battery.end(), std::back_inserter(samples),
                 [&](const BatterySample& sample) {
                   return sample.at_ms >= period.from_ms && sample.at_ms < period.to_ms;
                 });
  });
  keep_in_order(samples, &BatterySample::at_ms);
  return samples;
}

}  // namespace terreno::server::sqlite
