#include "core/codec/codec.hpp"
#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {
namespace {

// Rows looked at in one page; bytes bound it first in practice.
constexpr int kMaxPageRows = 1000;

std::int64_t put(Connection& connection, const FeedItem& item, bool removed) {
  const std::int64_t revision = next_revision(connection, item.tenant_key);
  connection
      .query(
          "INSERT INTO feed (tenant_key, user_key, kind, object_key, revision, removed) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET revision = ?5, removed = ?6")
      .bind(item.tenant_key, item.user_key, static_cast<int>(item.kind), item.object_key, revision, removed)
      .run();
  return revision;
}

struct Sized {
  Change change;
  std::size_t bytes;  ///< about what it costs on the wire before compression
};

Sized load_case(Connection& connection, std::int64_t case_key, bool removed) {
  Query query = connection.query("SELECT id, state, item FROM field_case WHERE case_key = ?1");
  query.bind(case_key).step();
  if (removed) return {CaseRemoved{query.uuid(0)}, 20};
  Case item = codec::decode_case(query.blob(2)).value();
  item.state = static_cast<CaseState>(query.integer(1));
  return {std::move(item), query.blob(2).size()};
}

Sized load_form(Connection& connection, std::int64_t form_key) {
  Query query =
      connection.query("SELECT form_id, version, title, xform, xform_size FROM form WHERE form_key = ?1");
  query.bind(form_key).step();
  const auto size = static_cast<std::size_t>(query.integer(4));
  const Bytes xform = codec::decompress(query.blob(3), size).value();
  return {FormVersion{query.text(0), query.text(1), query.text(2), std::string(as_text(xform))}, size};
}

Sized load_change(Connection& connection, std::int64_t tenant_key, FeedKind kind, std::int64_t object_key,
                  bool removed) {
  if (kind == FeedKind::Case) return load_case(connection, object_key, removed);
  if (kind == FeedKind::Form) return load_form(connection, object_key);
  Query query = connection.query("SELECT policy, outcomes FROM tenant WHERE tenant_key = ?1");
  query.bind(tenant_key).step();
  if (kind == FeedKind::Policy) {
    return {codec::decode_policy(query.blob(0)).value(), query.blob(0).size()};
  }
  return {codec::decode_outcomes(query.blob(1)).value(), query.blob(1).size()};
}

struct Reader {
  std::int64_t tenant_key;
  std::int64_t user_key;
  std::uint64_t newest;  ///< revision of the tenant's feed
};

std::optional<Reader> reader_of(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id) {
  Query query = connection.query(
      "SELECT t.tenant_key, u.user_key, t.revision FROM tenant t JOIN app_user u USING (tenant_key) "
      "WHERE t.id = ?1 AND u.id = ?2");
  if (!query.bind(tenant_id, gestor_id).step()) return std::nullopt;
  return Reader{query.integer(0), query.integer(1), static_cast<std::uint64_t>(query.integer(2))};
}

}  // namespace

std::int64_t next_revision(Connection& connection, std::int64_t tenant_key) {
  Query query =
      connection.query("UPDATE tenant SET revision = revision + 1 WHERE tenant_key = ?1 RETURNING revision");
  query.bind(tenant_key).step();
  return query.integer(0);
}

std::int64_t announce(Connection& connection, const FeedItem& item) { return put(connection, item, false); }

std::int64_t announce_removal(Connection& connection, const FeedItem& item) {
  return put(connection, item, true);
}

ChangePage changes_after(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id,
                         std::uint64_t cursor, std::size_t max_bytes) {
  const auto reader = reader_of(connection, tenant_id, gestor_id);
  if (!reader) throw Error(ErrorCode::NotFound, "there is no such gestor");
  ChangePage page;
  // A cursor from the future tells that this database was restored to an older point: begin anew.
  page.cursor = cursor > reader->newest ? 0 : cursor;
  Query rows = connection.query(
      "SELECT revision, kind, object_key, removed FROM feed "
      "WHERE tenant_key = ?1 AND user_key = ?2 AND revision > ?3 "
      "UNION ALL SELECT revision, kind, object_key, removed FROM feed "
      "WHERE tenant_key = ?1 AND user_key = 0 AND revision > ?3 ORDER BY revision LIMIT ?4");
  rows.bind(reader->tenant_key, reader->user_key, page.cursor, kMaxPageRows + 1);
  std::size_t bytes = 0;
  while (rows.step()) {
    Sized next = load_change(connection, reader->tenant_key, static_cast<FeedKind>(rows.integer(1)),
                             rows.integer(2), rows.flag(3));
    bytes += next.bytes;
    if (!page.changes.empty() && (bytes > max_bytes || page.changes.size() >= kMaxPageRows)) {
      page.more = true;
      return page;
    }
    page.changes.push_back(std::move(next.change));
    page.cursor = static_cast<std::uint64_t>(rows.integer(0));
  }
  return page;
}

}  // namespace terreno::server::sqlite
