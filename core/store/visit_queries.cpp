#include "core/codec/codec.hpp"
#include "core/model/case_state.hpp"
#include "core/store/device_store_parts.hpp"

// Visits under way and finished ones.

namespace terreno {
namespace {

VisitDraft read_draft(const store::Query& query) {
  VisitDraft draft;
  draft.item = store::sound(codec::decode_case(query.blob(0)), "case of a visit");
  draft.visit = store::sound(codec::decode_visit(query.blob(1)), "visit");
  draft.answering = query.integer(2) != 0;
  return draft;
}

constexpr const char* kFinishedVisits =
    "SELECT v.visit_id, v.case_id, v.finished_at_ms, v.outcome_code, "
    "v.epoch = s.epoch AND v.seq > s.confirmed_seq, "
    "EXISTS (SELECT 1 FROM quarantine q WHERE q.epoch = v.epoch AND q.seq = v.seq), "
    "(SELECT count(*) FROM evidence_outbox o WHERE o.visit_id = v.visit_id AND o.state = 0) "
    "FROM finished_visit v JOIN sync_state s ORDER BY v.rowid DESC LIMIT ?";
constexpr const char* kFinishedVisit =
    "SELECT v.visit_id, v.case_id, v.finished_at_ms, v.outcome_code, "
    "v.epoch = s.epoch AND v.seq > s.confirmed_seq, "
    "EXISTS (SELECT 1 FROM quarantine q WHERE q.epoch = v.epoch AND q.seq = v.seq), "
    "(SELECT count(*) FROM evidence_outbox o WHERE o.visit_id = v.visit_id AND o.state = 0) "
    "FROM finished_visit v JOIN sync_state s WHERE v.visit_id = ?";

FinishedVisitRecord read_finished(const store::Query& query) {
  FinishedVisitRecord visit;
  visit.id = query.uuid(0);
  visit.case_id = query.uuid(1);
  visit.finished_at_ms = query.integer(2);
  visit.outcome_code = query.text(3);
  const bool pending = query.integer(4) != 0;
  const bool set_aside = query.integer(5) != 0;
  visit.delivery =
      set_aside ? DeliveryState::Quarantined : (pending ? DeliveryState::Pending : DeliveryState::Confirmed);
  visit.files_pending = static_cast<std::uint32_t>(query.integer(6));
  return visit;
}

void set_case_state(store::Connection& db, Case item, CaseState state) {
  item.state = state;
  db.query("UPDATE field_case SET state = ?, bytes = ? WHERE id = ?")
      .bind(static_cast<std::int64_t>(state))
      .bind(codec::encode_value(item))
      .bind(item.id)
      .run();
}

}  // namespace

void DeviceStore::save_draft(const VisitDraft& draft) {
  parts_->db
      .query(
          "INSERT INTO visit_draft (visit_id, case_id, arrived_at_ms, answering, form_id, form_version, "
          "case_bytes, visit_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (visit_id) DO UPDATE SET answering = excluded.answering, form_id = excluded.form_id, "
          "form_version = excluded.form_version, visit_bytes = excluded.visit_bytes")
      .bind(draft.visit.visit_id)
      .bind(draft.visit.case_id)
      .bind(draft.visit.arrived_at_ms)
      .bind(std::int64_t{draft.answering})
      .bind(draft.visit.form_id)
      .bind(draft.visit.form_version)
      .bind(codec::encode_value(draft.item))
      .bind(codec::encode_value(draft.visit))
      .run();
}

std::optional<VisitDraft> DeviceStore::find_draft(const Uuid& visit_id) const {
  auto query =
      parts_->db.query("SELECT case_bytes, visit_bytes, answering FROM visit_draft WHERE visit_id = ?");
  query.bind(visit_id);
  if (!query.step()) return std::nullopt;
  return read_draft(query);
}

std::optional<Uuid> DeviceStore::draft_of_case(const Uuid& case_id) const {
  auto query = parts_->db.query("SELECT visit_id FROM visit_draft WHERE case_id = ?");
  query.bind(case_id);
  if (!query.step()) return std::nullopt;
  return query.uuid(0);
}

std::vector<VisitDraft> DeviceStore::drafts() const {
  auto query = parts_->db.query(
      "SELECT case_bytes, visit_bytes, answering FROM visit_draft ORDER BY arrived_at_ms, visit_id");
  std::vector<VisitDraft> drafts;
  while (query.step()) drafts.push_back(read_draft(query));
  return drafts;
}

std::vector<FormAnswer> DeviceStore::draft_answers(const Uuid& visit_id) const {
  auto query = parts_->db.query("SELECT path, value FROM draft_answer WHERE visit_id = ? ORDER BY row");
  query.bind(visit_id);
  std::vector<FormAnswer> answers;
  while (query.step()) answers.push_back(FormAnswer{query.text(0), query.text(1)});
  return answers;
}

void DeviceStore::save_answer(const Uuid& visit_id, const FormAnswer& answer) {
  parts_->db
      .query(
          "INSERT INTO draft_answer (visit_id, path, value) VALUES (?, ?, ?) "
          "ON CONFLICT (visit_id, path) DO UPDATE SET value = excluded.value")
      .bind(visit_id)
      .bind(answer.path)
      .bind(answer.value)
      .run();
}

void DeviceStore::replace_answers(const Uuid& visit_id, std::span<const FormAnswer> answers) {
  Transaction transaction(*this);
  parts_->db.query("DELETE FROM draft_answer WHERE visit_id = ?").bind(visit_id).run();
  for (const FormAnswer& answer : answers) save_answer(visit_id, answer);
  transaction.commit();
}

void DeviceStore::finish_draft(const VisitFinished& visit, CaseState becomes, std::uint64_t seq) {
  Transaction transaction(*this);
  parts_->db
      .query(
          "INSERT INTO finished_visit (visit_id, case_id, finished_at_ms, outcome_code, becomes, epoch, seq) "
          "VALUES (?, ?, ?, ?, ?, (SELECT epoch FROM sync_state), ?)")
      .bind(visit.visit_id)
      .bind(visit.case_id)
      .bind(visit.finished_at_ms)
      .bind(visit.outcome.code)
      .bind(static_cast<std::int64_t>(becomes))
      .bind_bits(seq)
      .run();
  queue_evidence(visit);
  if (auto item = find_case(visit.case_id)) {
    const CaseState after = case_state_after(item->state, becomes);
    set_case_state(parts_->db, std::move(*item), after);
  }
  drop_draft(visit.visit_id);
  transaction.commit();
}

void DeviceStore::drop_draft(const Uuid& visit_id) {
  Transaction transaction(*this);
  retain_evidence(visit_id, {});
  parts_->db.query("DELETE FROM visit_draft WHERE visit_id = ?").bind(visit_id).run();
  store::drop_unused_forms(parts_->db);
  transaction.commit();
}

std::vector<FinishedVisitRecord> DeviceStore::finished_visits(std::uint32_t limit) const {
  auto query = parts_->db.query(kFinishedVisits);
  query.bind(std::int64_t{limit});
  std::vector<FinishedVisitRecord> visits;
  while (query.step()) visits.push_back(read_finished(query));
  return visits;
}

std::optional<FinishedVisitRecord> DeviceStore::find_finished_visit(const Uuid& visit_id) const {
  auto query = parts_->db.query(kFinishedVisit);
  query.bind(visit_id);
  if (!query.step()) return std::nullopt;
  return read_finished(query);
}

}  // namespace terreno
