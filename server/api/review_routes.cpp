#include "server/api/routes.hpp"
#include "server/api/tenant_day.hpp"
#include "server/domain/cancellation.hpp"
#include "server/live/record_json.hpp"

// What no case and no visit shows: visits that were given up, and entries that could not be applied.

namespace terreno::server {
namespace {

constexpr std::uint32_t kMaxPage = 5000;

json::object cancelled_json(const Call& call, const TenantNames& names, const CancelledVisitRecord& record) {
  const VisitCancelled& visit = record.visit;
  const auto work = call.services.storage.find_case(call.tenant.id, visit.case_id);
  const bool asked = gate_was_asked(visit);
  return json::object{{"id", visit.visit_id.to_string()},
                      {"case_id", work ? json::value(visit.case_id.to_string()) : json::value(nullptr)},
                      {"case_key", work ? work->item.key : ""},
                      {"party_name", work ? work->item.party.name : ""},
                      {"address", work ? work->item.place.address : ""},
                      {"gestor_id", record.gestor_id.to_string()},
                      {"gestor_name", names.user(record.gestor_id)},
                      {"arrived_at_ms", visit.arrived_at_ms},
                      {"cancelled_at_ms", visit.cancelled_at_ms},
                      {"received_at_ms", record.received_at_ms},
                      {"reason", visit.reason},
                      {"verdict", asked ? json::value(verdict_json(visit.verdict)) : json::value(nullptr)},
                      {"gate_refused", gate_refused(visit, call.tenant.policy)}};
}

json::object quarantined_json(const TenantNames& names, const QuarantinedEntry& entry) {
  return json::object{{"gestor_id", entry.gestor_id.to_string()},
                      {"gestor_name", names.user(entry.gestor_id)},
                      {"device_id", entry.device_id.to_string()},
                      {"device_name", entry.device_name},
                      {"epoch", entry.epoch},
                      {"seq", entry.seq},
                      {"kind", name_of(entry.kind)},
                      {"wall_ms", entry.wall_ms},
                      {"received_at_ms", entry.received_at_ms},
                      {"size", entry.size},
                      {"code", traits_of(entry.code).name}};
}

}  // namespace

Response list_cancelled_visits(Call& call) {
  VisitFilter filter;
  filter.period = asked_day(call).period;
  filter.gestor_id = call.id_query("gestor_id");
  filter.limit = call.number("limit", 200, 1, kMaxPage);
  filter.offset = call.number("offset", 0, 0, 10'000'000);
  Storage& storage = call.services.storage;
  const TenantNames names = load_names(storage, call.tenant.id);
  json::array visits;
  for (const CancelledVisitRecord& record : storage.cancelled_visits(call.tenant.id, filter)) {
    visits.push_back(cancelled_json(call, names, record));
  }
  return json_response({{"visits", std::move(visits)}});
}

Response list_quarantined(Call& call) {
  Storage& storage = call.services.storage;
  const std::uint32_t limit = call.number("limit", 200, 1, kMaxPage);
  const std::uint32_t offset = call.number("offset", 0, 0, 10'000'000);
  const TenantNames names = load_names(storage, call.tenant.id);
  json::array entries;
  for (const QuarantinedEntry& entry : storage.quarantined(call.tenant.id, limit, offset)) {
    entries.push_back(quarantined_json(names, entry));
  }
  return json_response(
      {{"total", storage.quarantined_count(call.tenant.id)}, {"entries", std::move(entries)}});
}

}  // namespace terreno::server
