#include <algorithm>

#include "core/codec/codec.hpp"
#include "core/store/device_store_parts.hpp"

// Who the phone is and what its tenant decides.

namespace terreno {
namespace {

std::optional<Bytes> tenant_value(store::Connection& db, std::string_view name) {
  auto query = db.query("SELECT bytes FROM tenant_value WHERE name = ?");
  query.bind(name);
  if (!query.step()) return std::nullopt;
  return query.blob(0);
}

}  // namespace

std::optional<Identity> DeviceStore::identity() const {
  auto query = parts_->db.query(
      "SELECT device_id, public_key, secret_key, token, server_key, gestor_id, gestor_name FROM identity "
      "WHERE device_id IS NOT NULL");
  if (!query.step()) return std::nullopt;
  Identity identity;
  identity.device_id = query.uuid(0);
  identity.keys = KeyPair{query.array<32>(1), query.array<64>(2)};
  identity.token = query.text(3);
  identity.server_key = query.array<32>(4);
  identity.gestor_id = query.uuid(5);
  identity.gestor_name = query.text(6);
  return identity;
}

std::optional<KeyPair> DeviceStore::enrolment_key() const {
  auto query = parts_->db.query("SELECT public_key, secret_key FROM identity WHERE device_id IS NULL");
  if (!query.step()) return std::nullopt;
  return KeyPair{query.array<32>(0), query.array<64>(1)};
}

void DeviceStore::keep_enrolment_key(const KeyPair& keys) {
  if (identity()) throw Error(ErrorCode::AlreadyEnrolled, "this phone has a company; its key stays");
  parts_->db
      .query(
          "INSERT INTO identity (one, public_key, secret_key) VALUES (1, ?, ?) "
          "ON CONFLICT (one) DO UPDATE SET public_key = excluded.public_key, secret_key = "
          "excluded.secret_key")
      .bind(ByteView(keys.public_key))
      .bind(ByteView(keys.secret_key))
      .run();
}

void DeviceStore::enrol(const EnrolResponse& response) {
  if (identity()) throw Error(ErrorCode::AlreadyEnrolled, "this phone has a company already");
  if (!enrolment_key()) throw Error(ErrorCode::Internal, "an enrolment ends that never began");
  Transaction transaction(*this);
  parts_->db
      .query("UPDATE identity SET device_id = ?, token = ?, server_key = ?, gestor_id = ?, gestor_name = ?")
      .bind(response.device_id)
      .bind(response.token)
      .bind(ByteView(response.server_key))
      .bind(response.gestor_id)
      .bind(response.gestor_name)
      .run();
  parts_->db.query("UPDATE sync_state SET epoch = ?").bind(std::int64_t{response.epoch}).run();
  const Change policy = response.policy;
  apply_changes(std::span(&policy, 1), cursor());
  transaction.commit();
}

void DeviceStore::renew_credential(const EnrolResponse& response) {
  const auto held = identity();
  if (!held || held->device_id != response.device_id || held->gestor_id != response.gestor_id ||
      held->server_key != response.server_key) {
    throw Error(ErrorCode::AlreadyEnrolled, "the answer is for another phone than this one");
  }
  Transaction transaction(*this);
  parts_->db.query("UPDATE identity SET token = ?, gestor_name = ?")
      .bind(response.token)
      .bind(response.gestor_name)
      .run();
  const Change policy = response.policy;
  apply_changes(std::span(&policy, 1), cursor());
  transaction.commit();
}

TenantPolicy DeviceStore::policy() const {
  const auto bytes = tenant_value(parts_->db, "policy");
  return bytes ? store::sound(codec::decode_policy(*bytes), "policy") : TenantPolicy{};
}

std::vector<OutcomeDefinition> DeviceStore::outcomes() const {
  const auto bytes = tenant_value(parts_->db, "outcomes");
  if (!bytes) return {};
  return store::sound(codec::decode_outcomes(*bytes), "outcomes").outcomes;
}

std::optional<OutcomeDefinition> DeviceStore::find_outcome(Purpose purpose, std::string_view code) const {
  const auto all = outcomes();
  const auto found = std::find_if(all.begin(), all.end(), [&](const OutcomeDefinition& outcome) {
    return outcome.purpose == purpose && outcome.code == code;
  });
  if (found == all.end()) return std::nullopt;
  return *found;
}

namespace {

std::optional<FormVersion> read_form(store::Query& query) {
  if (!query.step()) return std::nullopt;
  return FormVersion{query.text(0), query.text(1), query.text(2), query.text(3)};
}

}  // namespace

std::optional<FormVersion> DeviceStore::current_form(std::string_view form_id) const {
  auto query = parts_->db.query(
      "SELECT form_id, version, title, xform_xml FROM form WHERE form_id = ? AND newest = 1");
  query.bind(form_id);
  return read_form(query);
}

std::optional<FormVersion> DeviceStore::find_form(std::string_view form_id, std::string_view version) const {
  auto query = parts_->db.query(
      "SELECT form_id, version, title, xform_xml FROM form WHERE form_id = ? AND version = ?");
  query.bind(form_id).bind(version);
  return read_form(query);
}

}  // namespace terreno
