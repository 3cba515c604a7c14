#include <cmath>

#include "core/geo/track.hpp"
#include "server/api/day_trails.hpp"
#include "server/api/routes.hpp"
#include "server/api/tenant_day.hpp"
#include "server/domain/gestor_state.hpp"
#include "server/live/record_json.hpp"

namespace terreno::server {
namespace {

json::value shift_json(const GestorStatus& status) {
  if (!status.shift_started_at_ms) return nullptr;
  json::object shift{{"started_at_ms", *status.shift_started_at_ms}, {"ended_at_ms", nullptr}};
  if (!on_shift(status) && status.shift_ended_at_ms) shift["ended_at_ms"] = *status.shift_ended_at_ms;
  return shift;
}

json::value optional_number(const std::optional<WallMs>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object gestor_json(const GestorStatus& status, const TenantPolicy& policy, WallMs now_ms) {
  json::object out{{"id", status.gestor_id.to_string()},
                   {"name", status.name},
                   {"shift", shift_json(status)},
                   {"position", position_json(status.position)},
                   {"battery", battery_json(status.battery)},
                   {"last_sync_at_ms", optional_number(status.last_sync_at_ms)},
                   {"visits_today", status.visits_today},
                   {"open_cases", status.open_cases}};
  add_live_state(out, live_state_of(status, policy, now_ms));
  return out;
}

json::object trail_feature(const GestorStatus& status, const DayTrail& trail) {
  const bool single = trail.lines.size() == 1;
  json::object geometry{{"type", single ? "LineString" : "MultiLineString"}};
  geometry["coordinates"] = single ? trail.lines.front() : json::value(trail.lines);
  return json::object{{"type", "Feature"},
                      {"geometry", std::move(geometry)},
                      {"properties",
                       {{"gestor_id", status.gestor_id.to_string()},
                        {"name", status.name},
                        {"travelled_m", std::round(trail.travelled_m)}}}};
}

}  // namespace

Response list_gestores(Call& call) {
  const WallMs now_ms = call.services.clock.wall_ms();
  const TenantPolicy& policy = call.tenant.policy;
  const std::string day = day_of(now_ms, policy.utc_offset_minutes);
  json::array gestores;
  const auto period = period_of(day, policy.utc_offset_minutes).value();
  for (const GestorStatus& status : call.services.storage.gestores(call.tenant.id, period)) {
    if (!status.active) continue;
    gestores.push_back(gestor_json(status, policy, now_ms));
  }
  return json_response({{"now_ms", now_ms}, {"day", day}, {"gestores", std::move(gestores)}});
}

Response show_track(Call& call) {
  const Uuid id = call.id_parameter(0);
  const AskedDay asked = asked_day(call);
  Storage& storage = call.services.storage;
  if (!storage.find_user(call.tenant.id, id)) {
    return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
  }
  const std::vector<Fix> fixes = storage.track(call.tenant.id, id, asked.period);
  json::array points;
  for (const Fix& fix : fixes) {
    points.push_back(
        {six_decimals(fix.point.lon), six_decimals(fix.point.lat), fix.captured_at_ms, fix.accuracy_m});
  }
  json::array battery;
  for (const BatterySample& sample : storage.battery(call.tenant.id, id, asked.period)) {
    battery.push_back({sample.at_ms, sample.percent});
  }
  return json_response({{"gestor_id", id.to_string()},
                        {"day", asked.day},
                        {"points", std::move(points)},
                        {"battery", std::move(battery)},
                        {"travelled_m", std::round(geo::travelled_m(fixes))}});
}

Response list_trails(Call& call) {
  const AskedDay asked = asked_day(call);
  const DayTrails::Trails trails = call.services.trails.of(call.tenant.id, asked.period);
  json::array features;
  for (const GestorStatus& status : call.services.storage.gestores(call.tenant.id, asked.period)) {
    const auto found = trails.find(status.gestor_id);
    if (found == trails.end() || found->second->lines.empty()) continue;
    features.push_back(trail_feature(status, *found->second));
  }
  return json_response({{"type", "FeatureCollection"}, {"features", std::move(features)}});
}

}  // namespace terreno::server
