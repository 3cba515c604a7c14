#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {
namespace {

constexpr int kVisitsAtATime = 1000;

struct BareVisit {
  std::int64_t entry_key;
  std::int64_t tenant_key;
  VisitFinished visit;
};

std::vector<BareVisit> visits_behind(Connection& connection, std::int64_t entry_key) {
  std::vector<BareVisit> found;
  Query rows = connection.query(
      "SELECT v.entry_key, v.tenant_key, j.version, j.payload FROM visit v JOIN journal_entry j USING "
      "(entry_key) WHERE v.entry_key > ?1 ORDER BY v.entry_key LIMIT ?2");
  rows.bind(entry_key, kVisitsAtATime);
  while (rows.step()) {
    found.push_back({rows.integer(0), rows.integer(1),
                     stored_visit(static_cast<std::uint16_t>(rows.integer(2)), rows.blob(3))});
  }
  return found;
}

AnsweredVisit read_answered(Connection& connection, const Query& row) {
  AnsweredVisit answered;
  answered.visit = stored_visit(static_cast<std::uint16_t>(row.integer(1)), row.blob(2));
  answered.case_key = row.text(3);
  answered.gestor_name = row.text(4);
  answered.server_verdict = stored_verdict(row, 5);
  answered.marks = marks_of(connection, row.integer(0));
  return answered;
}

}  // namespace

std::optional<std::int64_t> count_visit_form(Connection& connection, std::int64_t tenant_key,
                                             const VisitFinished& visit) {
  if (visit.form_id.empty()) return std::nullopt;
  Query row = connection.query(
      "INSERT INTO visit_form (tenant_key, form_id, version, visits, last_visit_at_ms) "
      "VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT DO UPDATE SET visits = visits + 1, "
      "last_visit_at_ms = max(last_visit_at_ms, excluded.last_visit_at_ms) RETURNING visit_form_key");
  row.bind(tenant_key, visit.form_id, visit.form_version, visit.finished_at_ms).step();
  return row.integer(0);
}

void fill_visit_forms(Connection& connection) {
  std::int64_t last = 0;
  while (true) {
    const auto visits = visits_behind(connection, last);
    if (visits.empty()) return;
    for (const BareVisit& one : visits) {
      const auto form = count_visit_form(connection, one.tenant_key, one.visit);
      connection.query("UPDATE visit SET visit_form_key = ?2 WHERE entry_key = ?1")
          .bind(one.entry_key, form)
          .run();
    }
    last = visits.back().entry_key;
  }
}

AnsweredPage answered_visits(Connection& connection, const Uuid& tenant_id, const AnsweredFilter& filter,
                             const AnsweredCursor& after) {
  // Along the index by time; visits of other forms are passed over by their row alone.
  Query rows = connection.query(
      "SELECT v.entry_key, j.version, j.payload, ifnull(c.key, ''), u.name, v.server_answer, "
      "v.server_reason, "
      "v.server_probability, v.server_distance_m, v.server_accuracy_m, v.server_bearing_deg, v.server_lat, "
      "v.server_lon, v.finished_at_ms FROM visit v JOIN journal_entry j USING (entry_key) "
      "JOIN app_user u ON u.user_key = v.user_key "
      "LEFT JOIN field_case c ON c.tenant_key = v.tenant_key AND c.id = v.case_id "
      "WHERE v.tenant_key = ?1 AND (v.finished_at_ms, v.entry_key) > (?5, ?6) AND v.finished_at_ms >= ?2 "
      "AND v.finished_at_ms < ?3 AND v.visit_form_key IN (SELECT visit_form_key FROM visit_form "
      "WHERE tenant_key = ?1 AND form_id = ?4 AND (?7 IS NULL OR version = ?7)) "
      "ORDER BY v.finished_at_ms, v.entry_key LIMIT ?8");
  const std::uint32_t limit = bounded_limit(filter.limit);
  rows.bind(tenant_key_of(connection, tenant_id), filter.period.from_ms, filter.period.to_ms, filter.form_id,
            after.finished_at_ms, after.number, filter.version, limit);
  AnsweredPage page;
  page.cursor = after;
  while (rows.step()) {
    page.visits.push_back(read_answered(connection, rows));
    page.cursor = {rows.integer(13), rows.integer(0)};
  }
  page.more = page.visits.size() == limit;
  return page;
}

}  // namespace terreno::server::sqlite
