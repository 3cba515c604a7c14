#include "mobile-bridge/abi/documents.hpp"

#include <array>
#include <boost/json.hpp>

#include "core/base/bytes.hpp"

namespace terreno::bridge {
namespace {

namespace json = boost::json;

template <typename Enum, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : "unknown";
}

// In the order of the enumerators.
constexpr std::array<std::string_view, 2> kPurposes{"collection", "validation"};
constexpr std::array<std::string_view, 3> kPlaceKinds{"home", "business", "workplace"};
constexpr std::array<std::string_view, 7> kCaseStates{"open",        "revisit",   "promised", "resolved",
                                                      "unlocatable", "escalated", "cancelled"};
constexpr std::array<std::string_view, 6> kContacts{"direct",        "third_party", "no_contact",
                                                    "not_locatable", "blocked",     "validation"};
constexpr std::array<std::string_view, 5> kPrecisions{"verified", "rooftop", "interpolated", "street",
                                                      "approximate"};
constexpr std::array<std::string_view, 3> kGateAnswers{"inside", "outside", "inconclusive"};
constexpr std::array<std::string_view, 7> kGateReasons{
    "inside", "outside", "wait_better_fix", "move_closer", "no_fix", "stale_fix", "pin_uncertain"};
constexpr std::array<std::string_view, 2> kStages{"arrived", "answering"};
constexpr std::array<std::string_view, 4> kEvidenceKinds{"photo", "signature", "audio", "document"};
constexpr std::array<std::string_view, 4> kProblems{"required_missing", "constraint_broken", "wrong_type",
                                                    "choice_gone"};
constexpr std::array<std::string_view, 3> kVisitSyncs{"pending", "confirmed", "quarantined"};
constexpr std::array<std::string_view, 7> kTroubles{
    "none", "offline", "server_busy", "not_our_server", "rejected", "upgrade_needed", "refused"};

template <typename T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object point(const GeoPoint& at) { return {{"latitude", at.lat}, {"longitude", at.lon}}; }

json::object gate_policy(const GatePolicy& policy) {
  return {{"inside_probability", policy.inside_probability},
          {"outside_probability", policy.outside_probability},
          {"max_fix_age_ms", policy.max_fix_age_ms},
          {"inconclusive_allows", policy.inconclusive_allows}};
}

json::object document(const Case& item) {
  json::object data;
  for (const auto& [name, value] : item.data) data[name] = value;
  json::object place{{"kind", name_of(kPlaceKinds, item.place.kind)},
                     {"address", item.place.address},
                     {"reference", item.place.reference},
                     {"pin", point(item.place.fence.centre)},
                     {"radius_m", item.place.fence.radius_m},
                     {"precision", name_of(kPrecisions, item.place.fence.precision)}};
  return {{"id", item.id.to_string()},
          {"key", item.key},
          {"purpose", name_of(kPurposes, item.purpose)},
          {"state", name_of(kCaseStates, item.state)},
          {"name", item.party.name},
          {"phone", item.party.phone},
          {"place", std::move(place)},
          {"form_id", item.form_id},
          {"due_at_ms", or_null(item.due_at_ms)},
          {"note", item.note},
          {"data", std::move(data)}};
}

json::object document(const CaseSummary& summary) {
  return {{"case", document(summary.item)},
          {"distance_m", or_null(summary.distance_m)},
          {"visits", summary.visits}};
}

json::object document(const OutcomeDefinition& outcome) {
  return {{"code", outcome.code},
          {"label_es", outcome.label_es},
          {"label_en", outcome.label_en},
          {"label_pt", outcome.label_pt},
          {"purpose", name_of(kPurposes, outcome.purpose)},
          {"contact", name_of(kContacts, outcome.contact)},
          {"right_party", outcome.right_party},
          {"asks_promise", outcome.asks_promise},
          {"asks_payment", outcome.asks_payment},
          {"asks_photo", outcome.asks_photo},
          {"becomes", name_of(kCaseStates, outcome.becomes)}};
}

json::object document(const OpenVisit& visit) {
  return {{"id", visit.id.to_string()},
          {"case_id", visit.case_id.to_string()},
          {"arrived_at_ms", visit.arrived_at_ms},
          {"stage", name_of(kStages, visit.stage)}};
}

json::object document(const FinishedVisit& visit) {
  return {{"id", visit.id.to_string()},
          {"case_id", visit.case_id.to_string()},
          {"finished_at_ms", visit.finished_at_ms},
          {"outcome_code", visit.outcome_code},
          {"sync", name_of(kVisitSyncs, visit.sync)},
          {"files_pending", visit.files_pending}};
}

json::object document(const forms::QuestionView& question) {
  json::array choices;
  for (const auto& choice : question.choices) {
    choices.push_back(json::object{{"value", choice.value}, {"label", choice.label}});
  }
  json::object parameters;
  for (const auto& [name, value] : question.parameters) parameters[name] = value;
  return {{"path", question.path},
          {"type", question.type},
          {"label", question.label},
          {"hint", question.hint},
          {"value", question.value},
          {"appearance", question.appearance},
          {"error", question.error},
          {"group_path", question.group_path},
          {"choices", std::move(choices)},
          {"parameters", std::move(parameters)},
          {"required", question.required},
          {"read_only", question.read_only},
          {"valid", question.valid},
          {"is_group", question.is_group},
          {"is_repeat", question.is_repeat},
          {"can_add", question.can_add},
          {"can_remove", question.can_remove}};
}

json::object document(const forms::AnswerProblem& problem) {
  return {{"kind", name_of(kProblems, problem.kind)}, {"path", problem.path}, {"message", problem.message}};
}

template <typename T>
std::string array_of(const std::vector<T>& items) {
  json::array array;
  array.reserve(items.size());
  for (const T& item : items) array.push_back(document(item));
  return json::serialize(array);
}

}  // namespace

std::string to_json(const std::optional<Enrolment>& enrolment) {
  if (!enrolment) return "null";
  const TenantPolicy& policy = enrolment->policy;
  json::object tenant{{"name", policy.tenant_name},
                      {"currency", policy.currency},
                      {"utc_offset_minutes", policy.utc_offset_minutes},
                      {"collection_gate", gate_policy(policy.collection_gate)},
                      {"validation_gate", gate_policy(policy.validation_gate)},
                      {"sync_interval_s", policy.sync_interval_s},
                      {"chunk_interval_s", policy.chunk_interval_s}};
  return json::serialize(json::object{{"device_id", enrolment->device_id.to_string()},
                                      {"gestor_id", enrolment->gestor_id.to_string()},
                                      {"gestor_name", enrolment->gestor_name},
                                      {"tenant", std::move(tenant)}});
}

std::string to_json(const std::vector<CaseSummary>& cases) { return array_of(cases); }
std::string to_json(const Case& item) { return json::serialize(document(item)); }
std::string to_json(const std::vector<OutcomeDefinition>& outcomes) { return array_of(outcomes); }

std::string to_json(const std::optional<OpenShift>& shift) {
  if (!shift) return "null";
  return json::serialize(json::object{
      {"id", shift->id.to_string()}, {"started_at_ms", shift->started_at_ms}, {"fixes", shift->fixes}});
}

std::string to_json(const OpenVisit& visit) { return json::serialize(document(visit)); }
std::string to_json(const std::vector<OpenVisit>& visits) { return array_of(visits); }

std::string to_json(const GateView& gate) {
  const LocationVerdict& verdict = gate.verdict;
  return json::serialize(json::object{{"answer", name_of(kGateAnswers, verdict.answer)},
                                      {"reason", name_of(kGateReasons, verdict.reason)},
                                      {"may_begin", gate.may_begin},
                                      {"text", gate.text},
                                      {"probability", verdict.probability},
                                      {"distance_m", verdict.distance_m},
                                      {"accuracy_m", verdict.accuracy_m},
                                      {"bearing_deg", verdict.bearing_deg},
                                      {"position", point(verdict.position)}});
}

std::string to_json(const FormView& form) {
  json::array languages, questions, problems;
  for (const auto& language : form.languages) languages.emplace_back(language);
  for (const auto& question : form.questions) questions.push_back(document(question));
  for (const auto& problem : form.problems) problems.push_back(document(problem));
  return json::serialize(json::object{{"title", form.title},
                                      {"languages", std::move(languages)},
                                      {"questions", std::move(questions)},
                                      {"problems", std::move(problems)}});
}

std::string to_json(const EvidenceRef& evidence) {
  return json::serialize(json::object{{"sha256", to_hex(evidence.sha256)},
                                      {"kind", name_of(kEvidenceKinds, evidence.kind)},
                                      {"question_path", evidence.question_path},
                                      {"media_type", evidence.media_type},
                                      {"size", evidence.size},
                                      {"captured_at_ms", evidence.captured_at_ms}});
}

std::string to_json(const Outcome& outcome) {
  json::object object{{"code", outcome.code}, {"note", outcome.note}};
  object["promise"] = nullptr;
  object["payment"] = nullptr;
  if (const auto& promise = outcome.promise) {
    object["promise"] =
        json::object{{"amount", promise->amount}, {"date", promise->date}, {"means", promise->means}};
  }
  if (const auto& payment = outcome.payment) {
    object["payment"] =
        json::object{{"amount", payment->amount}, {"method", payment->method}, {"receipt", payment->receipt}};
  }
  return json::serialize(object);
}

std::string to_json(const FinishedVisit& visit) { return json::serialize(document(visit)); }
std::string to_json(const std::vector<FinishedVisit>& visits) { return array_of(visits); }

std::string to_json(const SyncStatus& status) {
  json::array quarantined;
  for (const std::uint64_t seq : status.quarantined) quarantined.emplace_back(seq);
  return json::serialize(json::object{{"pending_entries", status.pending_entries},
                                      {"pending_visits", status.pending_visits},
                                      {"pending_files", status.pending_files},
                                      {"pending_file_bytes", status.pending_file_bytes},
                                      {"files_set_aside", status.files_set_aside},
                                      {"last_success_at_ms", or_null(status.last_success_at_ms)},
                                      {"trouble", name_of(kTroubles, status.trouble)},
                                      {"trouble_text", status.trouble_text},
                                      {"next_attempt_at_ms", or_null(status.next_attempt_at_ms)},
                                      {"quarantined", std::move(quarantined)},
                                      {"in_flight", status.in_flight}});
}

}  // namespace terreno::bridge
