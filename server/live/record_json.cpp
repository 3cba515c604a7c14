#include "server/live/record_json.hpp"

#include <array>

namespace terreno::server {
namespace {

constexpr std::array<std::string_view, 4> kRoles{"gestor", "supervisor", "analyst", "admin"};
constexpr std::array<std::string_view, 2> kPurposes{"collection", "validation"};
constexpr std::array<std::string_view, 3> kPlaceKinds{"home", "business", "workplace"};
constexpr std::array<std::string_view, 7> kCaseStates{"open",        "revisit",   "promised", "resolved",
                                                      "unlocatable", "escalated", "cancelled"};
constexpr std::array<std::string_view, 6> kContacts{"direct",        "third_party", "no_contact",
                                                    "not_locatable", "blocked",     "validation"};
constexpr std::array<std::string_view, 3> kGateAnswers{"inside", "outside", "inconclusive"};
constexpr std::array<std::string_view, 7> kGateReasons{
    "inside", "outside", "wait_better_fix", "move_closer", "no_fix", "stale_fix", "pin_uncertain"};
constexpr std::array<std::string_view, 4> kPlatforms{"android", "ios", "web", "desktop"};
constexpr std::array<std::string_view, 4> kEvidenceKinds{"photo", "signature", "audio", "document"};
constexpr std::array<std::string_view, 3> kEvidenceStates{"expected", "receiving", "received"};

template <typename Enum, std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : std::string_view("unknown");
}

template <typename Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

json::value number_or_null(const std::optional<double>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object outcome_json(const TenantNames& names, const std::string& code) {
  json::object out{{"code", code}};
  const OutcomeDefinition* definition = nullptr;
  if (names.view) {
    const auto found = names.view->outcomes.find(code);
    if (found != names.view->outcomes.end()) definition = &found->second;
  }
  // An outcome that the catalogue has no more is shown by its code.
  out["label_es"] = definition ? definition->label_es : code;
  out["label_en"] = definition ? definition->label_en : code;
  out["label_pt"] = definition ? definition->label_pt : code;
  out["contact"] = name_of(definition ? definition->contact : ContactClass::NoContact);
  return out;
}

json::object evidence_counts(Storage& storage, const VisitRecord& record) {
  std::size_t received = 0;
  const auto files = storage.evidence_of_visit(record.tenant_id, record.visit.visit_id);
  for (const EvidenceRecord& file : files) received += file.state == EvidenceState::Received ? 1 : 0;
  return json::object{{"total", files.size()}, {"received", received}};
}

}  // namespace

std::string_view name_of(Role role) noexcept { return pick(kRoles, role); }
std::string_view name_of(Purpose purpose) noexcept { return pick(kPurposes, purpose); }
std::string_view name_of(PlaceKind kind) noexcept { return pick(kPlaceKinds, kind); }
std::string_view name_of(CaseState state) noexcept { return pick(kCaseStates, state); }
std::string_view name_of(ContactClass contact) noexcept { return pick(kContacts, contact); }
std::string_view name_of(GateAnswer answer) noexcept { return pick(kGateAnswers, answer); }
std::string_view name_of(GateReason reason) noexcept { return pick(kGateReasons, reason); }
std::string_view name_of(EntryKind kind) noexcept {
  constexpr std::array<std::string_view, kEntryKinds> kNames{"shift_started", "shift_ended", "track_chunk",
                                                             "visit_finished", "visit_cancelled"};
  const auto index = static_cast<std::size_t>(kind);
  return index < kNames.size() ? kNames[index] : std::string_view("unknown");
}

std::string_view name_of(Platform platform) noexcept { return pick(kPlatforms, platform); }
std::string_view name_of(EvidenceKind kind) noexcept { return pick(kEvidenceKinds, kind); }
std::string_view name_of(EvidenceState state) noexcept { return pick(kEvidenceStates, state); }

std::optional<CaseState> case_state_named(std::string_view name) noexcept {
  return find<CaseState>(kCaseStates, name);
}
std::optional<Role> role_named(std::string_view name) noexcept { return find<Role>(kRoles, name); }

void add_live_state(json::object& out, const LiveState& state) {
  out["state"] = name_of(state.freshness);
  const char* lacking = name_of(state.lacking);
  out["lacking"] = lacking != nullptr ? json::value(lacking) : json::value(nullptr);
}

json::value position_json(const std::optional<Fix>& fix) {
  if (!fix) return nullptr;
  return json::object{{"lat", fix->point.lat},
                      {"lon", fix->point.lon},
                      {"accuracy_m", fix->accuracy_m},
                      {"at_ms", fix->captured_at_ms},
                      {"speed_mps", number_or_null(fix->speed_mps)},
                      {"bearing_deg", number_or_null(fix->bearing_deg)}};
}

json::value battery_json(const std::optional<BatterySample>& sample) {
  if (!sample) return nullptr;
  return json::object{{"percent", sample->percent}, {"charging", sample->charging}, {"at_ms", sample->at_ms}};
}

std::string_view TenantNames::user(const Uuid& id) const {
  const auto found = users.find(id);
  return found == users.end() ? std::string_view() : std::string_view(found->second);
}

TenantNames load_names(Storage& storage, const Uuid& tenant_id) {
  TenantNames names;
  names.view = storage.tenant_view(tenant_id);
  for (const User& user : storage.users(tenant_id)) names.users.emplace(user.id, user.name);
  return names;
}

json::object verdict_json(const LocationVerdict& verdict) {
  return json::object{{"answer", name_of(verdict.answer)},
                      {"probability", verdict.probability},
                      {"distance_m", verdict.distance_m},
                      {"accuracy_m", verdict.accuracy_m}};
}

json::object visit_summary_json(Storage& storage, const TenantNames& names, const VisitRecord& record) {
  const VisitFinished& visit = record.visit;
  const auto work = storage.find_case(record.tenant_id, visit.case_id);
  json::array marks;
  for (const Mark& mark : record.marks) marks.push_back({{"code", mark.code}, {"detail", mark.detail}});
  // Without a fix there is no position: the map shows the place itself.
  const bool placed = visit.verdict.reason != GateReason::NoFix && visit.verdict.position != GeoPoint{};
  const GeoPoint shown = placed ? visit.verdict.position : visit.fence.centre;
  json::object out;
  out["id"] = visit.visit_id.to_string();
  out["case_id"] = visit.case_id.to_string();
  out["case_key"] = work ? work->item.key : "";
  out["party_name"] = work ? work->item.party.name : "";
  out["address"] = work ? work->item.place.address : "";
  out["gestor_id"] = record.gestor_id.to_string();
  out["gestor_name"] = names.user(record.gestor_id);
  out["purpose"] = name_of(visit.purpose);
  out["outcome"] = outcome_json(names, visit.outcome.code);
  out["arrived_at_ms"] = visit.arrived_at_ms;
  out["finished_at_ms"] = visit.finished_at_ms;
  out["received_at_ms"] = record.received_at_ms;
  out["verdict"] = verdict_json(visit.verdict);
  out["marks"] = std::move(marks);
  out["evidence"] = evidence_counts(storage, record);
  out["lat"] = shown.lat;
  out["lon"] = shown.lon;
  return out;
}

}  // namespace terreno::server
