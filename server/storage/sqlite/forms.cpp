#include "core/codec/codec.hpp"
#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {
namespace {

constexpr std::size_t kMaxSourceBytes = 32U << 20U;

struct HeldForm {
  std::int64_t form_key = 0;
  std::string title;
  std::string xform_xml;
};

std::optional<HeldForm> held_form(Connection& connection, const Uuid& tenant_id, std::string_view form_id,
                                  std::string_view version) {
  Query query = connection.query(
      "SELECT form_key, title, xform FROM form JOIN tenant t USING (tenant_key) "
      "WHERE t.id = ?1 AND form_id = ?2 AND version = ?3");
  if (!query.bind(tenant_id, form_id, version).step()) return std::nullopt;
  const Bytes xform = codec::decompress(query.blob(2), kMaxFormBytes).value();
  return HeldForm{query.integer(0), query.text(1), std::string(as_text(xform))};
}

/// Phones hold the version that applies only: the feed forgets the others of the same form.
void announce_form(Connection& connection, std::int64_t tenant_key, std::string_view form_id,
                   std::int64_t form_key) {
  connection
      .query(
          "DELETE FROM feed WHERE tenant_key = ?1 AND user_key = 0 AND kind = 1 AND object_key IN "
          "(SELECT form_key FROM form WHERE tenant_key = ?1 AND form_id = ?2)")
      .bind(tenant_key, form_id)
      .run();
  announce(connection, {tenant_key, kEveryGestor, FeedKind::Form, form_key});
}

bool applies(Connection& connection, std::int64_t tenant_key, std::int64_t form_key) {
  return connection
      .query("SELECT 1 FROM feed WHERE tenant_key = ?1 AND user_key = 0 AND kind = 1 AND object_key = ?2")
      .bind(tenant_key, form_key)
      .step();
}

std::int64_t insert_form(Connection& connection, std::int64_t tenant_key, const FormVersion& form,
                         const FormAddition& addition) {
  std::optional<WallMs> added_at_ms;
  if (addition.at_ms != 0) added_at_ms = addition.at_ms;
  connection
      .query(
          "INSERT INTO form (tenant_key, form_id, version, title, xform, xform_size, added_at_ms, added_by, "
          "file_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
      .bind(tenant_key, form.form_id, form.version, form.title, codec::compress(as_bytes(form.xform_xml)),
            static_cast<std::uint64_t>(form.xform_xml.size()), added_at_ms, addition.by, addition.file_name)
      .run();
  const std::int64_t form_key = connection.database().getLastInsertRowid();
  if (!addition.file_name.empty()) {
    connection.query("INSERT INTO form_source (form_key, content) VALUES (?1, ?2)")
        .bind(form_key, codec::compress(addition.source))
        .run();
  }
  return form_key;
}

FormRecord read_form(const Query& row) {
  FormRecord record;
  record.form_id = row.text(0);
  record.version = row.text(1);
  record.title = row.text(2);
  record.held = row.flag(3);
  record.current = row.flag(4);
  record.added_at_ms = row.maybe_integer(5);
  record.added_by = row.text(6);
  record.file_name = row.text(7);
  record.visits = static_cast<std::uint64_t>(row.maybe_integer(8).value_or(0));
  record.last_visit_at_ms = row.maybe_integer(9);
  return record;
}

}  // namespace

Result<void> add_form(Connection& connection, const Uuid& tenant_id, const FormVersion& form,
                      const FormAddition& addition) {
  const std::size_t bytes =
      form.xform_xml.size() + form.form_id.size() + form.version.size() + form.title.size();
  if (bytes > kMaxFormBytes || addition.source.size() > kMaxSourceBytes) {
    return Error(ErrorCode::TooLarge, "the questionnaire has " + std::to_string(bytes) +
                                          " bytes as XForm; a phone takes " + std::to_string(kMaxFormBytes));
  }
  const std::int64_t tenant_key = tenant_key_of(connection, tenant_id);
  std::int64_t form_key = 0;
  if (const auto held = held_form(connection, tenant_id, form.form_id, form.version)) {
    if (held->xform_xml != form.xform_xml || held->title != form.title) {
      return Error(ErrorCode::AlreadyExists,
                   "version " + form.version + " of " + form.form_id + " is there with other content");
    }
    form_key = held->form_key;
  } else {
    form_key = insert_form(connection, tenant_key, form, addition);
  }
  if (addition.apply && !applies(connection, tenant_key, form_key)) {
    announce_form(connection, tenant_key, form.form_id, form_key);
  }
  return {};
}

Result<void> apply_form(Connection& connection, const Uuid& tenant_id, std::string_view form_id,
                        std::string_view version) {
  const std::int64_t tenant_key = tenant_key_of(connection, tenant_id);
  Query query =
      connection.query("SELECT form_key FROM form WHERE tenant_key = ?1 AND form_id = ?2 AND version = ?3");
  if (!query.bind(tenant_key, form_id, version).step()) {
    return Error(ErrorCode::NotFound,
                 "there is no version " + std::string(version) + " of " + std::string(form_id));
  }
  const std::int64_t form_key = query.integer(0);
  if (!applies(connection, tenant_key, form_key)) announce_form(connection, tenant_key, form_id, form_key);
  return {};
}

std::vector<FormRecord> forms(Connection& connection, const Uuid& tenant_id) {
  Query rows = connection.query(
      "SELECT f.form_id, f.version, f.title, 1, EXISTS (SELECT 1 FROM feed WHERE feed.tenant_key = "
      "f.tenant_key AND user_key = 0 AND kind = 1 AND object_key = f.form_key), f.added_at_ms, f.added_by, "
      "f.file_name, v.visits, v.last_visit_at_ms, f.form_key AS place "
      "FROM form f LEFT JOIN visit_form v USING (tenant_key, form_id, version) WHERE f.tenant_key = ?1 "
      "UNION ALL SELECT v.form_id, v.version, '', 0, 0, NULL, '', '', v.visits, v.last_visit_at_ms, 0 "
      "FROM visit_form v LEFT JOIN form f USING (tenant_key, form_id, version) "
      "WHERE v.tenant_key = ?1 AND f.form_key IS NULL ORDER BY 1, place DESC, 2");
  rows.bind(tenant_key_of(connection, tenant_id));
  std::vector<FormRecord> found;
  while (rows.step()) found.push_back(read_form(rows));
  return found;
}

std::optional<FormSource> form_source(Connection& connection, const Uuid& tenant_id, std::string_view form_id,
                                      std::string_view version) {
  Query query = connection.query(
      "SELECT file_name, content FROM form JOIN form_source USING (form_key) JOIN tenant t USING "
      "(tenant_key) "
      "WHERE t.id = ?1 AND form_id = ?2 AND version = ?3");
  if (!query.bind(tenant_id, form_id, version).step()) return std::nullopt;
  return FormSource{query.text(0), codec::decompress(query.blob(1), kMaxSourceBytes).value()};
}

std::set<std::string, std::less<>> form_ids(Connection& connection, const Uuid& tenant_id) {
  Query query = connection.query(
      "SELECT DISTINCT f.form_id FROM form f JOIN tenant t USING (tenant_key) WHERE t.id = ?1");
  query.bind(tenant_id);
  std::set<std::string, std::less<>> ids;
  while (query.step()) ids.insert(query.text(0));
  return ids;
}

std::optional<FormVersion> find_form(Connection& connection, const Uuid& tenant_id, std::string_view form_id,
                                     std::string_view version) {
  auto held = held_form(connection, tenant_id, form_id, version);
  if (!held) return std::nullopt;
  return FormVersion{std::string(form_id), std::string(version), std::move(held->title),
                     std::move(held->xform_xml)};
}

FormUses form_uses(Connection& connection, const Uuid& tenant_id) {
  FormUses uses = default_form_uses();
  Query rows =
      connection.query("SELECT use, form_id FROM form_use JOIN tenant t USING (tenant_key) WHERE t.id = ?1");
  rows.bind(tenant_id);
  while (rows.step()) uses[static_cast<FormUse>(rows.integer(0))] = rows.text(1);
  return uses;
}

}  // namespace terreno::server::sqlite
