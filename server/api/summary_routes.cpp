#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "server/api/day_trails.hpp"
#include "server/api/routes.hpp"
#include "server/api/tenant_day.hpp"
#include "server/domain/cancellation.hpp"
#include "server/domain/gestor_state.hpp"
#include "server/live/record_json.hpp"

namespace terreno::server {
namespace {

constexpr std::uint32_t kPage = 5000;

struct HourCounts {
  std::uint32_t visits = 0;
  std::uint32_t contacts = 0;
};

struct DayFigures {
  std::uint32_t visits = 0;
  std::uint32_t contacts = 0;
  std::uint32_t right_party = 0;
  std::uint32_t promises = 0;
  Cents promised = 0;
  std::map<std::string, std::uint32_t> by_outcome;
  std::array<HourCounts, 24> by_hour{};
};

/// Somebody was spoken to: the holder, another, or whoever a validation found.
bool is_contact(ContactClass contact) {
  return contact == ContactClass::Direct || contact == ContactClass::ThirdParty ||
         contact == ContactClass::Validation;
}

void count_visit(DayFigures& figures, const VisitFinished& visit, const TenantView& view,
                 std::int32_t offset) {
  const auto found = view.outcomes.find(visit.outcome.code);
  const bool known = found != view.outcomes.end();
  const bool contact = known && is_contact(found->second.contact);
  ++figures.visits;
  figures.contacts += contact ? 1 : 0;
  figures.right_party += known && found->second.right_party ? 1 : 0;
  if (visit.outcome.promise) {
    ++figures.promises;
    figures.promised += visit.outcome.promise->amount;
  }
  ++figures.by_outcome[visit.outcome.code];
  const std::int64_t local = visit.finished_at_ms + std::int64_t{offset} * 60'000;
  const std::int64_t of_day = ((local % kDay_ms) + kDay_ms) % kDay_ms;
  HourCounts& hour = figures.by_hour[static_cast<std::size_t>(of_day / 3'600'000)];
  ++hour.visits;
  hour.contacts += contact ? 1 : 0;
}

DayFigures count_visits(Storage& storage, const Tenant& tenant, const Period& period) {
  DayFigures figures;
  const auto view = storage.tenant_view(tenant.id);
  VisitFilter filter;
  filter.period = period;
  filter.limit = kPage;
  while (true) {
    const auto page = storage.visits(tenant.id, filter);
    for (const VisitRecord& record : page) {
      count_visit(figures, record.visit, *view, tenant.policy.utc_offset_minutes);
    }
    if (page.size() < kPage) return figures;
    filter.offset += kPage;
  }
}

json::array outcomes_json(const DayFigures& figures, const TenantView& view) {
  std::vector<std::pair<std::string, std::uint32_t>> sorted(figures.by_outcome.begin(),
                                                            figures.by_outcome.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  json::array out;
  for (const auto& [code, count] : sorted) {
    const auto found = view.outcomes.find(code);
    const bool known = found != view.outcomes.end();
    out.push_back({{"code", code},
                   {"label_es", known ? found->second.label_es : code},
                   {"label_en", known ? found->second.label_en : code},
                   {"label_pt", known ? found->second.label_pt : code},
                   {"count", count}});
  }
  return out;
}

json::array hours_json(const DayFigures& figures) {
  json::array out;
  for (std::size_t hour = 0; hour < figures.by_hour.size(); ++hour) {
    const HourCounts& counts = figures.by_hour[hour];
    if (counts.visits == 0) continue;
    out.push_back({{"hour", hour}, {"visits", counts.visits}, {"contacts", counts.contacts}});
  }
  return out;
}

struct Cancellations {
  std::size_t all = 0;
  std::size_t by_gate = 0;  ///< after the gate had said no
};

Cancellations count_cancelled(Storage& storage, const Tenant& tenant, const Period& period) {
  VisitFilter filter;
  filter.period = period;
  filter.limit = kPage;
  Cancellations counts;
  for (const CancelledVisitRecord& record : storage.cancelled_visits(tenant.id, filter)) {
    ++counts.all;
    counts.by_gate += gate_refused(record.visit, tenant.policy) ? 1 : 0;
  }
  return counts;
}

}  // namespace

Response show_summary(Call& call) {
  Storage& storage = call.services.storage;
  const AskedDay asked = asked_day(call);
  const DayFigures figures = count_visits(storage, call.tenant, asked.period);
  const Cancellations cancelled = count_cancelled(storage, call.tenant, asked.period);
  double travelled = 0;
  std::uint32_t working = 0;
  const DayTrails::Trails trails = call.services.trails.of(call.tenant.id, asked.period);
  for (const GestorStatus& status : storage.gestores(call.tenant.id, asked.period)) {
    const auto trail = trails.find(status.gestor_id);
    travelled += trail == trails.end() ? 0 : trail->second->travelled_m;
    working += status.active && on_shift(status) ? 1 : 0;
  }
  return json_response({{"visits", figures.visits},
                        {"cancelled", cancelled.all},
                        {"contacts", figures.contacts},
                        {"right_party_contacts", figures.right_party},
                        {"promises", figures.promises},
                        {"promised_cents", figures.promised},
                        {"gate_refusals", cancelled.by_gate},
                        {"travelled_m", std::round(travelled)},
                        {"gestores_on_shift", working},
                        {"by_outcome", outcomes_json(figures, *storage.tenant_view(call.tenant.id))},
                        {"by_hour", hours_json(figures)},
                        {"quarantined", storage.quarantined_count(call.tenant.id)}});
}

}  // namespace terreno::server
