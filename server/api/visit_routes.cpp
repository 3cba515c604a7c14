#include <algorithm>
#include <limits>

#include "core/forms/form_outline.hpp"
#include "core/forms/form_session.hpp"
#include "core/geo/gate.hpp"
#include "server/api/routes.hpp"
#include "server/api/tenant_day.hpp"
#include "server/api/visit_answers.hpp"
#include "server/live/record_json.hpp"

namespace terreno::server {
namespace {

json::object full_verdict_json(const LocationVerdict& verdict) {
  json::object out = verdict_json(verdict);
  out["reason"] = name_of(verdict.reason);
  const bool placed = verdict.position != GeoPoint{};
  out["position"] = placed ? json::value{{"lat", verdict.position.lat}, {"lon", verdict.position.lon}}
                           : json::value(nullptr);
  return out;
}

json::object outcome_detail_json(const Outcome& outcome) {
  json::object out{{"promise", nullptr}, {"payment", nullptr}, {"note", outcome.note}};
  if (const auto& promise = outcome.promise) {
    out["promise"] = {{"amount", promise->amount}, {"date", promise->date}, {"means", promise->means}};
  }
  if (const auto& payment = outcome.payment) {
    out["payment"] = {
        {"amount", payment->amount}, {"method", payment->method}, {"receipt", payment->receipt}};
  }
  return out;
}

json::array fixes_json(const std::vector<Fix>& fixes) {
  json::array out;
  for (const Fix& fix : fixes) {
    out.push_back({{"lat", fix.point.lat},
                   {"lon", fix.point.lon},
                   {"accuracy_m", fix.accuracy_m},
                   {"at_ms", fix.captured_at_ms},
                   {"mock", fix.mock}});
  }
  return out;
}

json::array evidence_json(const std::vector<EvidenceRecord>& files) {
  json::array out;
  for (const EvidenceRecord& file : files) {
    out.push_back({{"sha256", to_hex(file.ref.sha256)},
                   {"kind", name_of(file.ref.kind)},
                   {"question_path", file.ref.question_path},
                   {"media_type", file.ref.media_type},
                   {"size", file.ref.size},
                   {"state", name_of(file.state)},
                   {"received_bytes", file.received_bytes}});
  }
  return out;
}

/// ?lang= before Accept-Language.
Language asked_language(const Call& call) {
  const std::string_view tag = call.query("lang");
  return tag.empty() ? call.language : language_from_tag(tag);
}

/// What the server makes otherwise of the same answers, under the questions' labels.
json::array differences_json(const VisitRecord& record, const forms::CompiledForm* form, Language language) {
  std::map<std::string, std::string, std::less<>> labels;
  if (form != nullptr && !record.differences.empty()) {
    for (auto& question : forms::outline(*form, tag_of(language)).questions)
      labels[question.path] = question.label;
  }
  json::array out;
  for (const AnswerDifference& one : record.differences) {
    const auto label = labels.find(forms::without_places(one.path));
    const bool known = label != labels.end() && !label->second.empty();
    out.push_back({{"code", one.code},
                   {"path", one.path},
                   {"label", known ? label->second : one.path},
                   {"submitted", one.submitted},
                   {"expected", one.expected}});
  }
  return out;
}

Sha256 asked_file(const Call& call) {
  const auto bytes = from_hex(call.parameters.at(0));
  Sha256 out{};
  if (!bytes || bytes->size() != out.size()) {
    throw Error(ErrorCode::InvalidArgument, call.say("server.api.bad_value", {{"field", "sha256"}}));
  }
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

/// What of a visit stands only in its own page, beside the answers.
void add_details(json::object& out, const VisitRecord& record, const TenantPolicy& policy,
                 Language language) {
  const VisitFinished& visit = record.visit;
  const GatePolicy& gate =
      visit.purpose == Purpose::Validation ? policy.validation_gate : policy.collection_gate;
  out["platform"] = name_of(visit.platform);
  out["battery_percent"] = visit.battery_percent ? json::value(*visit.battery_percent) : json::value(nullptr);
  out["outcome_detail"] = outcome_detail_json(visit.outcome);
  out["place"] = {{"lat", visit.fence.centre.lat},
                  {"lon", visit.fence.centre.lon},
                  {"radius_m", visit.fence.radius_m},
                  {"address", out["address"]}};
  out["verdict"] = full_verdict_json(visit.verdict);
  json::object server_verdict = full_verdict_json(record.server_verdict);
  server_verdict["text"] = geo::explain(record.server_verdict, visit.fence, gate, language);
  out["server_verdict"] = std::move(server_verdict);
  out["fixes"] = fixes_json(visit.arrival_fixes);
}

}  // namespace

Response list_visits(Call& call) {
  VisitFilter filter;
  filter.case_id = call.id_query("case_id");
  filter.gestor_id = call.id_query("gestor_id");
  filter.limit = call.number("limit", 200, 1, 5000);
  filter.offset = call.number("offset", 0, 0, 10'000'000);
  // One case's visits are few: without a day, all of them are meant.
  const bool ever = filter.case_id && call.query("day").empty();
  filter.period = ever ? Period{0, std::numeric_limits<WallMs>::max()} : asked_day(call).period;
  Storage& storage = call.services.storage;
  const TenantNames names = load_names(storage, call.tenant.id);
  json::array visits;
  for (const VisitRecord& record : storage.visits(call.tenant.id, filter)) {
    visits.push_back(visit_summary_json(storage, names, record));
  }
  return json_response({{"visits", std::move(visits)}});
}

Response show_visit(Call& call) {
  Storage& storage = call.services.storage;
  const auto record = storage.find_visit(call.tenant.id, call.id_parameter(0));
  if (!record) return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
  const Language language = asked_language(call);
  const TenantNames names = load_names(storage, call.tenant.id);
  json::object out = visit_summary_json(storage, names, *record);
  add_details(out, *record, call.tenant.policy, language);
  const auto files = storage.evidence_of_visit(call.tenant.id, record->visit.visit_id);
  out["evidence"] = evidence_json(files);
  const auto form =
      call.services.forms.find(call.tenant.id, record->visit.form_id, record->visit.form_version);
  out["form"] = {{"id", record->visit.form_id},
                 {"version", record->visit.form_version},
                 {"title", form ? form->title() : record->visit.form_id}};
  AnswerSources sources{*record, files, form, std::string(names.user(record->gestor_id)), language};
  out["answers"] = answers_json(sources);
  out["differences"] = differences_json(*record, form.get(), language);
  return json_response(out);
}

Response show_evidence(Call& call) {
  const Sha256 sha256 = asked_file(call);
  const auto record = call.services.storage.find_evidence(call.tenant.id, sha256);
  if (!record || record->state != EvidenceState::Received) {
    return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
  }
  Response response;
  response.file = call.services.files.path_of(call.tenant.id, record->ref).string();
  response.headers.emplace_back("Content-Type", record->ref.media_type);
  response.headers.emplace_back("Cache-Control", "private, max-age=86400, immutable");
  response.headers.emplace_back("ETag", "\"" + call.parameters.at(0) + "\"");
  return response;
}

}  // namespace terreno::server
