#include "core/codec/codec.hpp"
#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {
namespace {

const std::string kVisitColumns =
    "SELECT v.entry_key, j.version, j.payload, t.id, u.id, d.id, v.received_at_ms, v.server_answer, "
    "v.server_reason, v.server_probability, v.server_distance_m, v.server_accuracy_m, v.server_bearing_deg, "
    "v.server_lat, v.server_lon FROM visit v JOIN tenant t USING (tenant_key) JOIN journal_entry j USING "
    "(entry_key) "
    "JOIN device d USING (device_key) JOIN app_user u ON u.user_key = v.user_key ";

/// The body of a stored entry; it decoded once, so a failure now is the disk's.
template <typename Body>
Body stored_body(EntryKind kind, std::uint16_t version, ByteView payload) {
  auto body = codec::decode_body(kind, version, payload);
  if (!body) throw Error(ErrorCode::Io, "a stored journal entry does not decode: " + body.error().message);
  return std::get<Body>(std::move(*body));
}

VisitRecord read_visit(Connection& connection, const Query& row) {
  VisitRecord record;
  record.visit = stored_visit(static_cast<std::uint16_t>(row.integer(1)), row.blob(2));
  record.tenant_id = row.uuid(3);
  record.gestor_id = row.uuid(4);
  record.device_id = row.uuid(5);
  record.received_at_ms = row.integer(6);
  record.server_verdict = stored_verdict(row, 7);
  record.marks = marks_of(connection, row.integer(0));
  return record;
}

// The narrowest index that the filter allows: a gestor's day, a case's history, or the tenant's day.
const std::string& visits_sql(const VisitFilter& filter) {
  static const std::string kOrder = "ORDER BY v.finished_at_ms DESC, v.entry_key DESC LIMIT ?6 OFFSET ?7";
  static const std::string kOfTenant =
      kVisitColumns +
      "WHERE v.tenant_key = (SELECT tenant_key FROM tenant WHERE id = ?1) AND v.finished_at_ms >= ?2 "
      "AND v.finished_at_ms < ?3 AND ?4 IS NULL AND ?5 IS NULL " +
      kOrder;
  static const std::string kOfGestor = kVisitColumns +
                                       "WHERE t.id = ?1 AND v.user_key = (SELECT user_key FROM app_user "
                                       "WHERE id = ?4) AND v.finished_at_ms >= ?2 "
                                       "AND v.finished_at_ms < ?3 AND (?5 IS NULL OR v.case_id = ?5) " +
                                       kOrder;
  static const std::string kOfCase =
      kVisitColumns +
      "WHERE v.tenant_key = (SELECT tenant_key FROM tenant WHERE id = ?1) AND v.case_id = ?5 "
      "AND v.finished_at_ms >= ?2 AND v.finished_at_ms < ?3 AND ?4 IS NULL " +
      kOrder;
  if (filter.gestor_id) return kOfGestor;
  return filter.case_id ? kOfCase : kOfTenant;
}

EvidenceRecord read_evidence(const Query& row) {
  EvidenceRecord record;
  record.ref.sha256 = row.array<Sha256>(0);
  record.ref.kind = static_cast<EvidenceKind>(row.integer(1));
  record.ref.question_path = row.text(2);
  record.ref.media_type = row.text(3);
  record.ref.size = static_cast<std::uint64_t>(row.integer(4));
  record.ref.captured_at_ms = row.integer(5);
  record.state = static_cast<EvidenceState>(row.integer(6));
  record.received_bytes = static_cast<std::uint64_t>(row.integer(7));
  return record;
}

std::vector<AnswerDifference> differences_of(Connection& connection, std::int64_t entry_key) {
  std::vector<AnswerDifference> found;
  Query rows = connection.query(
      "SELECT code, path, submitted, expected FROM visit_difference WHERE entry_key = ?1 ORDER BY position");
  rows.bind(entry_key);
  while (rows.step()) found.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3)});
  return found;
}

}  // namespace

std::vector<Mark> marks_of(Connection& connection, std::int64_t entry_key) {
  std::vector<Mark> marks;
  Query query =
      connection.query("SELECT code, detail FROM visit_mark WHERE entry_key = ?1 ORDER BY position");
  query.bind(entry_key);
  while (query.step()) marks.push_back({query.text(0), query.text(1)});
  return marks;
}

VisitFinished stored_visit(std::uint16_t version, ByteView payload) {
  return stored_body<VisitFinished>(EntryKind::VisitFinished, version, payload);
}

LocationVerdict stored_verdict(const Query& row, int first_column) {
  LocationVerdict verdict;
  verdict.answer = static_cast<GateAnswer>(row.integer(first_column));
  verdict.reason = static_cast<GateReason>(row.integer(first_column + 1));
  verdict.probability = row.real(first_column + 2);
  verdict.distance_m = row.real(first_column + 3);
  verdict.accuracy_m = row.real(first_column + 4);
  verdict.bearing_deg = row.real(first_column + 5);
  verdict.position = {row.real(first_column + 6), row.real(first_column + 7)};
  return verdict;
}

std::vector<VisitRecord> visits(Connection& connection, const Uuid& tenant_id, const VisitFilter& filter) {
  std::vector<VisitRecord> found;
  Query rows = connection.query(visits_sql(filter));
  rows.bind(tenant_id, filter.period.from_ms, filter.period.to_ms, filter.gestor_id, filter.case_id,
            bounded_limit(filter.limit), filter.offset);
  while (rows.step()) found.push_back(read_visit(connection, rows));
  return found;
}

std::optional<VisitRecord> find_visit(Connection& connection, const Uuid& tenant_id, const Uuid& visit_id) {
  static const std::string kSql =
      kVisitColumns + "WHERE v.tenant_key = (SELECT tenant_key FROM tenant WHERE id = ?1) AND v.id = ?2";
  Query row = connection.query(kSql);
  if (!row.bind(tenant_id, visit_id).step()) return std::nullopt;
  VisitRecord record = read_visit(connection, row);
  record.differences = differences_of(connection, row.integer(0));
  return record;
}

std::vector<CancelledVisitRecord> cancelled_visits(Connection& connection, const Uuid& tenant_id,
                                                   const VisitFilter& filter) {
  std::vector<CancelledVisitRecord> found;
  Query rows = connection.query(
      "SELECT j.version, j.payload, u.id, v.received_at_ms FROM cancelled_visit v "
      "JOIN journal_entry j USING (entry_key) JOIN app_user u ON u.user_key = v.user_key "
      "WHERE v.tenant_key = (SELECT tenant_key FROM tenant WHERE id = ?1) AND v.cancelled_at_ms >= ?2 "
      "AND v.cancelled_at_ms < ?3 AND (?4 IS NULL OR u.id = ?4) AND (?5 IS NULL OR v.case_id = ?5) "
      "ORDER BY v.cancelled_at_ms DESC, v.entry_key DESC LIMIT ?6 OFFSET ?7");
  rows.bind(tenant_id, filter.period.from_ms, filter.period.to_ms, filter.gestor_id, filter.case_id,
            bounded_limit(filter.limit), filter.offset);
  while (rows.step()) {
    found.push_back({stored_body<VisitCancelled>(EntryKind::VisitCancelled,
                                                 static_cast<std::uint16_t>(rows.integer(0)), rows.blob(1)),
                     rows.uuid(2), rows.integer(3)});
  }
  return found;
}

std::uint64_t quarantined_count(Connection& connection, const Uuid& tenant_id) {
  Query query =
      connection.query("SELECT count(*) FROM quarantine JOIN tenant USING (tenant_key) WHERE tenant.id = ?1");
  query.bind(tenant_id).step();
  return static_cast<std::uint64_t>(query.integer(0));
}

std::vector<QuarantinedEntry> quarantined(Connection& connection, const Uuid& tenant_id, std::uint32_t limit,
                                          std::uint32_t offset) {
  std::vector<QuarantinedEntry> found;
  Query rows = connection.query(
      "SELECT u.id, d.id, d.name, j.epoch, j.seq, j.kind, j.wall_ms, j.received_at_ms, length(j.payload), "
      "q.code "
      "FROM quarantine q JOIN tenant t USING (tenant_key) JOIN journal_entry j USING (entry_key) "
      "JOIN device d USING (device_key) JOIN app_user u ON u.user_key = d.user_key "
      "WHERE t.id = ?1 ORDER BY q.entry_key DESC LIMIT ?2 OFFSET ?3");
  rows.bind(tenant_id, bounded_limit(limit), offset);
  while (rows.step()) {
    found.push_back({rows.uuid(0), rows.uuid(1), rows.text(2), static_cast<std::uint32_t>(rows.integer(3)),
                     static_cast<std::uint64_t>(rows.integer(4)), static_cast<EntryKind>(rows.integer(5)),
                     rows.integer(6), rows.integer(7), static_cast<std::uint64_t>(rows.integer(8)),
                     static_cast<ErrorCode>(rows.integer(9))});
  }
  return found;
}

std::optional<EvidenceRecord> find_evidence(Connection& connection, const Uuid& tenant_id,
                                            const Sha256& sha256) {
  Query query = connection.query(
      "SELECT sha256, kind, question_path, media_type, size, captured_at_ms, state, received_bytes "
      "FROM evidence JOIN tenant t USING (tenant_key) WHERE t.id = ?1 AND sha256 = ?2");
  if (!query.bind(tenant_id, sha256).step()) return std::nullopt;
  return read_evidence(query);
}

void set_evidence_progress(Connection& connection, const Uuid& tenant_id, const Sha256& sha256,
                           EvidenceState state, std::uint64_t received_bytes) {
  const int changed =
      connection
          .query(
              "UPDATE evidence SET state = ?3, received_bytes = ?4 "
              "WHERE tenant_key = (SELECT tenant_key FROM tenant WHERE id = ?1) AND sha256 = ?2")
          .bind(tenant_id, sha256, static_cast<int>(state), received_bytes)
          .run();
  if (changed == 0) throw Error(ErrorCode::NotFound, "no visit names this file");
}

std::vector<EvidenceRecord> evidence_of_visit(Connection& connection, const Uuid& tenant_id,
                                              const Uuid& visit_id) {
  std::vector<EvidenceRecord> found;
  const auto record = find_visit(connection, tenant_id, visit_id);
  if (!record) return found;
  for (const EvidenceRef& named : record->visit.evidence) {
    auto held = find_evidence(connection, tenant_id, named.sha256);
    if (!held) continue;
    // The file may be named by several visits: the question and the time are this visit's own.
    held->ref = named;
    found.push_back(std::move(*held));
  }
  return found;
}

}  // namespace terreno::server::sqlite
