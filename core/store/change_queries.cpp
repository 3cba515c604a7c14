#include "core/codec/codec.hpp"
#include "core/model/case_state.hpp"
#include "core/store/device_store_parts.hpp"
#include "core/store/text_fold.hpp"

// What comes down from the server.

namespace terreno {
namespace {

using store::Connection;

/// What the case becomes by the visits that the server has not confirmed: it cannot know of them yet.
CaseState state_after_unconfirmed(Connection& db, const Uuid& case_id, CaseState state) {
  auto query = db.query(
      "SELECT v.becomes FROM finished_visit v JOIN sync_state s ON v.epoch = s.epoch AND v.seq > "
      "s.confirmed_seq "
      "WHERE v.case_id = ? ORDER BY v.seq");
  query.bind(case_id);
  while (query.step()) state = case_state_after(state, static_cast<CaseState>(query.integer(0)));
  return state;
}

void apply(Connection& db, const Case& incoming) {
  Case item = incoming;
  item.state = state_after_unconfirmed(db, item.id, item.state);
  const std::string folded = fold_text(item.key + ' ' + item.party.name + ' ' + item.place.address);
  db.query(
        "INSERT INTO field_case (id, key, state, due_ms, lat, lon, folded, bytes) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?) "
        "ON CONFLICT (id) DO UPDATE SET key = excluded.key, state = excluded.state, due_ms = "
        "excluded.due_ms, "
        "lat = excluded.lat, lon = excluded.lon, folded = excluded.folded, bytes = excluded.bytes")
      .bind(item.id)
      .bind(item.key)
      .bind(static_cast<std::int64_t>(item.state))
      .bind_optional(item.due_at_ms)
      .bind(item.place.fence.centre.lat)
      .bind(item.place.fence.centre.lon)
      .bind(folded)
      .bind(codec::encode_value(item))
      .run();
}

void apply(Connection& db, const CaseRemoved& removed) {
  db.query("DELETE FROM field_case WHERE id = ?").bind(removed.case_id).run();
}

void apply(Connection& db, const FormVersion& form) {
  db.query("UPDATE form SET newest = 0 WHERE form_id = ?").bind(form.form_id).run();
  db.query(
        "INSERT INTO form (form_id, version, title, xform_xml, newest) VALUES (?, ?, ?, ?, 1) "
        "ON CONFLICT (form_id, version) DO UPDATE SET title = excluded.title, xform_xml = "
        "excluded.xform_xml, "
        "newest = 1")
      .bind(form.form_id)
      .bind(form.version)
      .bind(form.title)
      .bind(form.xform_xml)
      .run();
  store::drop_unused_forms(db);
}

void keep_tenant_value(Connection& db, std::string_view name, ByteView bytes) {
  db.query(
        "INSERT INTO tenant_value (name, bytes) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes")
      .bind(name)
      .bind(bytes)
      .run();
}

void apply(Connection& db, const OutcomeCatalogue& catalogue) {
  keep_tenant_value(db, "outcomes", codec::encode_value(catalogue));
}

void apply(Connection& db, const TenantPolicy& policy) {
  keep_tenant_value(db, "policy", codec::encode_value(policy));
}

}  // namespace

void store::drop_unused_forms(Connection& db) {
  db.query(
        "DELETE FROM form WHERE newest = 0 AND NOT EXISTS (SELECT 1 FROM visit_draft d "
        "WHERE d.form_id = form.form_id AND d.form_version = form.version)")
      .run();
}

void DeviceStore::apply_changes(std::span<const Change> changes, std::uint64_t cursor) {
  Transaction transaction(*this);
  for (const Change& change : changes) {
    std::visit([this](const auto& one) { apply(parts_->db, one); }, change);
  }
  parts_->db.query("UPDATE sync_state SET change_cursor = ?").bind_bits(cursor).run();
  transaction.commit();
}

std::uint64_t DeviceStore::cursor() const {
  auto query = parts_->db.query("SELECT change_cursor FROM sync_state");
  query.step();
  return query.bits(0);
}

}  // namespace terreno
