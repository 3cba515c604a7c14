#include <limits>

#include "server/api/case_intake.hpp"
#include "server/api/routes.hpp"
#include "server/live/record_json.hpp"

namespace terreno::server {
namespace {

constexpr std::uint32_t kMaxPage = 5000;
constexpr Period kEver{0, std::numeric_limits<WallMs>::max()};

json::value optional_number(const std::optional<WallMs>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object case_json(const TenantNames& names, const CaseRecord& record) {
  const Case& item = record.item;
  const bool assigned = !record.gestor_id.is_nil();
  json::object place{{"kind", name_of(item.place.kind)},   {"address", item.place.address},
                     {"reference", item.place.reference},  {"lat", item.place.fence.centre.lat},
                     {"lon", item.place.fence.centre.lon}, {"radius_m", item.place.fence.radius_m}};
  json::object out;
  out["id"] = item.id.to_string();
  out["key"] = item.key;
  out["purpose"] = name_of(item.purpose);
  out["state"] = name_of(item.state);
  out["party"] = json::object{{"name", item.party.name}};
  out["place"] = std::move(place);
  out["due_at_ms"] = optional_number(item.due_at_ms);
  out["gestor_id"] = assigned ? json::value(record.gestor_id.to_string()) : json::value(nullptr);
  out["gestor_name"] = assigned ? json::value(names.user(record.gestor_id)) : json::value(nullptr);
  out["last_visit_at_ms"] = optional_number(record.last_visit_at_ms);
  out["revision"] = record.revision;
  return out;
}

CaseFilter asked_filter(const Call& call) {
  CaseFilter filter;
  if (const std::string_view state = call.query("state"); !state.empty()) {
    filter.state = case_state_named(state);
    if (!filter.state) {
      throw Error(ErrorCode::InvalidArgument, call.say("server.api.bad_value", {{"field", "state"}}));
    }
  }
  filter.gestor_id = call.id_query("gestor_id");
  filter.text = call.query("text");
  filter.limit = call.number("limit", 100, 1, kMaxPage);
  filter.offset = call.number("offset", 0, 0, 10'000'000);
  return filter;
}

json::array problems_json(const std::vector<ImportProblem>& problems) {
  json::array out;
  for (const ImportProblem& problem : problems) {
    out.push_back({{"line", problem.line}, {"column", problem.column}, {"reason", problem.reason}});
  }
  return out;
}

}  // namespace

Response list_cases(Call& call) {
  const CasePage page = call.services.storage.cases(call.tenant.id, asked_filter(call));
  const TenantNames names = load_names(call.services.storage, call.tenant.id);
  json::array cases;
  for (const CaseRecord& record : page.cases) cases.push_back(case_json(names, record));
  return json_response({{"total", page.total}, {"cases", std::move(cases)}});
}

Response map_cases(Call& call) {
  CaseFilter filter;
  filter.limit = kMaxPage;
  json::array features;
  while (true) {
    const CasePage page = call.services.storage.cases(call.tenant.id, filter);
    for (const CaseRecord& record : page.cases) {
      const Case& item = record.item;
      const GeoPoint& pin = item.place.fence.centre;
      features.push_back({{"type", "Feature"},
                          {"geometry", {{"type", "Point"}, {"coordinates", {pin.lon, pin.lat}}}},
                          {"properties",
                           {{"id", item.id.to_string()},
                            {"key", item.key},
                            {"state", name_of(item.state)},
                            {"purpose", name_of(item.purpose)}}}});
    }
    filter.offset += filter.limit;
    if (page.cases.empty() || filter.offset >= page.total) break;
  }
  return json_response({{"type", "FeatureCollection"}, {"features", std::move(features)}});
}

Response show_case(Call& call) {
  Storage& storage = call.services.storage;
  const auto record = storage.find_case(call.tenant.id, call.id_parameter(0));
  if (!record) return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
  const TenantNames names = load_names(storage, call.tenant.id);
  json::object out = case_json(names, *record);
  out["phone"] = record->item.party.phone;
  out["note"] = record->item.note;
  json::object data;
  for (const auto& [name, value] : record->item.data) data[name] = value;
  out["data"] = std::move(data);
  VisitFilter filter;
  filter.period = kEver;
  filter.case_id = record->item.id;
  json::array visits;
  for (const VisitRecord& visit : storage.visits(call.tenant.id, filter)) {
    visits.push_back(visit_summary_json(storage, names, visit));
  }
  out["visits"] = std::move(visits);
  return json_response(out);
}

Response assign_case(Call& call) {
  Storage& storage = call.services.storage;
  const Uuid case_id = call.id_parameter(0);
  const auto gestor_id = Uuid::parse(text_member(call.body_object(), "gestor_id"));
  const auto gestor = gestor_id ? storage.find_user(call.tenant.id, *gestor_id) : std::nullopt;
  if (!gestor || gestor->role != Role::Gestor || !gestor->active) {
    return error_response(ErrorCode::InvalidArgument, call.say("server.api.no_such_gestor"));
  }
  const auto assigned =
      storage.assign_case(call.tenant.id, case_id, gestor->id, call.services.clock.wall_ms());
  const auto record = storage.find_case(call.tenant.id, case_id);
  if (!record) return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
  if (!assigned) return error_response(assigned.error());
  call.services.hub.publish_case(call.tenant.id, case_id);
  return json_response(case_json(load_names(storage, call.tenant.id), *record));
}

Response import_cases(Call& call) {
  const Intake intake =
      take_cases(call.services.storage, call.tenant, as_text(call.request.body),
                 call.query("skip_bad") == "1", call.language, call.services.clock.wall_ms());
  json::array problems = problems_json(intake.table.problems);
  if (!intake.imported) {
    const ErrorTraits& traits = traits_of(ErrorCode::ImportRejected);
    const std::string count = std::to_string(intake.table.problem_count);
    const json::object error{{"code", traits.name},
                             {"message", call.say("server.import.rejected", {{"count", count}})}};
    return json_response(
        {{"error", error}, {"error_count", intake.table.problem_count}, {"errors", std::move(problems)}},
        traits.http_status);
  }
  return json_response({{"added", intake.counts.added},
                        {"updated", intake.counts.updated},
                        {"unchanged", intake.counts.unchanged},
                        {"skipped", intake.table.bad_lines},
                        {"error_count", intake.table.problem_count},
                        {"errors", std::move(problems)}});
}

}  // namespace terreno::server
