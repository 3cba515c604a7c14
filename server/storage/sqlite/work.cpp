#include <algorithm>

#include "core/codec/codec.hpp"
#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {
namespace {

const std::string kCaseColumns =
    "SELECT c.item, c.state, u.id, c.revision, c.updated_at_ms, c.last_visit_at_ms "
    "FROM field_case c JOIN tenant t USING (tenant_key) LEFT JOIN app_user u ON u.user_key = c.user_key ";

CaseRecord read_case(const Query& row) {
  CaseRecord record;
  record.item = codec::decode_case(row.blob(0)).value();
  record.item.state = static_cast<CaseState>(row.integer(1));
  record.gestor_id = row.uuid(2);
  record.revision = static_cast<std::uint64_t>(row.integer(3));
  record.updated_at_ms = row.integer(4);
  record.last_visit_at_ms = row.maybe_integer(5);
  return record;
}

/// A case's row as the writer sees it.
struct HeldCase {
  std::int64_t case_key = 0;
  Uuid id;
  CaseState state = CaseState::Open;
  std::optional<std::int64_t> user_key;
  std::optional<std::int64_t> imported_user_key;  ///< whom the last file that named somebody named
  Bytes item;
};

std::optional<HeldCase> held_case(Connection& connection, std::int64_t tenant_key, const std::string& key) {
  Query query = connection.query(
      "SELECT case_key, id, state, user_key, imported_user_key, item FROM field_case "
      "WHERE tenant_key = ?1 AND key = ?2");
  if (!query.bind(tenant_key, key).step()) return std::nullopt;
  return HeldCase{query.integer(0),       query.uuid(1),          static_cast<CaseState>(query.integer(2)),
                  query.maybe_integer(3), query.maybe_integer(4), to_bytes(query.blob(5))};
}

/// Tells the phones: the former gestor's loses the case, the present one's gets it as it is now. Returns the
/// case's revision.
std::int64_t announce_case(Connection& connection, std::int64_t tenant_key, std::int64_t case_key,
                           std::optional<std::int64_t> former, std::optional<std::int64_t> present) {
  std::int64_t revision = 0;
  if (former && former != present) {
    revision = announce_removal(connection, {tenant_key, *former, FeedKind::Case, case_key});
  }
  if (present) revision = announce(connection, {tenant_key, *present, FeedKind::Case, case_key});
  return revision;
}

std::optional<std::int64_t> user_key_by_login(Connection& connection, std::int64_t tenant_key,
                                              const std::string& login) {
  if (login.empty()) return std::nullopt;
  Query query = connection.query(
      "SELECT user_key FROM app_user WHERE tenant_key = ?1 AND login = ?2 AND active = 1 AND role = 0");
  if (!query.bind(tenant_key, login).step()) {
    throw Error(ErrorCode::NotFound, "there is no gestor with the login '" + login + "'");
  }
  return query.integer(0);
}

std::string searched_words(const Case& item) {
  return item.key + "\n" + item.party.name + "\n" + item.place.address;
}

/// Imports the rows of one file.
class CaseImporter {
 public:
  CaseImporter(Connection& connection, std::int64_t tenant_key, WallMs now_ms)
      : connection_(connection), tenant_key_(tenant_key), now_ms_(now_ms) {}

  void import(const CaseImport& row) {
    const auto named = user_key_by_login(connection_, tenant_key_, row.gestor_login);
    Case item = row.item;
    const bool taken_back = item.state == CaseState::Cancelled;
    item.state = CaseState::Open;  // the column holds the truth; so equal items are equal bytes
    if (const auto held = held_case(connection_, tenant_key_, item.key)) {
      item.id = held->id;
      update(*held, item, named, taken_back);
    } else {
      item.id = make_uuid_v7(clock_);
      add(item, named, taken_back);
    }
  }

  const ImportCounts& counts() const { return counts_; }

 private:
  void add(const Case& item, std::optional<std::int64_t> named, bool taken_back) {
    connection_
        .query(
            "INSERT INTO field_case (tenant_key, id, key, state, user_key, imported_user_key, item, "
            "due_at_ms, "
            "revision, updated_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, 0, ?8)")
        .bind(tenant_key_, item.id, item.key,
              static_cast<int>(taken_back ? CaseState::Cancelled : CaseState::Open), named,
              codec::encode_value(item), item.due_at_ms, now_ms_)
        .run();
    const std::int64_t case_key = connection_.database().getLastInsertRowid();
    connection_.query("INSERT INTO case_search (rowid, words) VALUES (?1, ?2)")
        .bind(case_key, searched_words(item))
        .run();
    publish(case_key, std::nullopt, taken_back ? std::nullopt : named);
    ++counts_.added;
  }

  /// Only a file that names another gestor than the last one did moves the case: one that says what it said
  /// before, or nothing, must not undo what people have assigned in the console since.
  void update(const HeldCase& held, const Case& item, std::optional<std::int64_t> named, bool taken_back) {
    const bool names_another = named && named != held.imported_user_key;
    if (names_another) remember_named(held.case_key, *named);
    const auto user_key = names_another ? named : held.user_key;
    const Bytes bytes = codec::encode_value(item);
    const bool was_taken_back = held.state == CaseState::Cancelled;
    if (bytes == held.item && user_key == held.user_key && taken_back == was_taken_back) {
      ++counts_.unchanged;
      return;
    }
    CaseState state = held.state;
    if (taken_back) {
      state = CaseState::Cancelled;
    } else if (was_taken_back) {
      state = CaseState::Open;
    }
    connection_
        .query(
            "UPDATE field_case SET state = ?2, user_key = ?3, item = ?4, due_at_ms = ?5, updated_at_ms = ?6 "
            "WHERE case_key = ?1")
        .bind(held.case_key, static_cast<int>(state), user_key, bytes, item.due_at_ms, now_ms_)
        .run();
    connection_.query("UPDATE case_search SET words = ?2 WHERE rowid = ?1")
        .bind(held.case_key, searched_words(item))
        .run();
    publish(held.case_key, was_taken_back ? std::nullopt : held.user_key,
            taken_back ? std::nullopt : user_key);
    ++counts_.updated;
  }

  void remember_named(std::int64_t case_key, std::int64_t user_key) {
    connection_.query("UPDATE field_case SET imported_user_key = ?2 WHERE case_key = ?1")
        .bind(case_key, user_key)
        .run();
  }

  void publish(std::int64_t case_key, std::optional<std::int64_t> former,
               std::optional<std::int64_t> present) {
    std::int64_t revision = announce_case(connection_, tenant_key_, case_key, former, present);
    if (revision == 0) revision = next_revision(connection_, tenant_key_);
    connection_.query("UPDATE field_case SET revision = ?2 WHERE case_key = ?1")
        .bind(case_key, revision)
        .run();
  }

  Connection& connection_;
  const std::int64_t tenant_key_;
  const WallMs now_ms_;
  const SystemClock clock_;
  ImportCounts counts_;
};

/// Another form for the cases of one use that have the former one.
struct FormChange {
  std::int64_t tenant_key;
  FormUse use;
  std::string former;
  std::string form_id;
  WallMs now_ms;
};

std::vector<std::int64_t> cases_with(Connection& connection, const FormChange& change) {
  std::vector<std::int64_t> found;
  Query rows =
      connection.query("SELECT case_key, item FROM field_case WHERE tenant_key = ?1 AND state <> ?2");
  rows.bind(change.tenant_key, static_cast<int>(CaseState::Cancelled));
  while (rows.step()) {
    const Case item = codec::decode_case(rows.blob(1)).value();
    if (item.form_id == change.former && form_use_of(item.purpose, item.place.kind) == change.use) {
      found.push_back(rows.integer(0));
    }
  }
  return found;
}

std::uint32_t give_form(Connection& connection, const FormChange& change) {
  const auto affected = cases_with(connection, change);
  for (const std::int64_t case_key : affected) {
    std::optional<std::int64_t> user_key;
    Case item;
    {
      Query row = connection.query("SELECT item, user_key FROM field_case WHERE case_key = ?1");
      row.bind(case_key).step();
      item = codec::decode_case(row.blob(0)).value();
      user_key = row.maybe_integer(1);
    }
    item.form_id = change.form_id;
    std::int64_t revision = announce_case(connection, change.tenant_key, case_key, user_key, user_key);
    if (revision == 0) revision = next_revision(connection, change.tenant_key);
    connection.query("UPDATE field_case SET item = ?2, revision = ?3, updated_at_ms = ?4 WHERE case_key = ?1")
        .bind(case_key, codec::encode_value(item), revision, change.now_ms)
        .run();
  }
  return static_cast<std::uint32_t>(affected.size());
}

/// Each word in quotes, as a beginning: nothing that a person types is search syntax.
std::string search_expression(std::string_view text) {
  std::string expression;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) expression += (expression.empty() ? "\"" : " \"") + word + "\"*";
    word.clear();
  };
  for (const char c : text) {
    const bool separates = c == '"' || static_cast<unsigned char>(c) <= ' ';
    if (separates) {
      flush();
    } else {
      word.push_back(c);
    }
  }
  flush();
  return expression;
}

constexpr std::string_view kCaseConditions =
    "WHERE t.id = ?1 AND (?2 IS NULL OR c.state = ?2) AND (?3 IS NULL OR u.id = ?3) ";
constexpr std::string_view kSearchCondition =
    "AND c.case_key IN (SELECT rowid FROM case_search WHERE case_search MATCH ?4) ";

struct CaseSql {
  std::string count;
  std::string page;
};

CaseSql case_sql(std::string_view conditions) {
  CaseSql sql;
  sql.count =
      "SELECT count(*) FROM field_case c JOIN tenant t USING (tenant_key) "
      "LEFT JOIN app_user u ON u.user_key = c.user_key " +
      std::string(conditions);
  sql.page = kCaseColumns + std::string(conditions) + "ORDER BY c.key LIMIT ?5 OFFSET ?6";
  return sql;
}

}  // namespace

ImportCounts import_cases(Connection& connection, const Uuid& tenant_id, const std::vector<CaseImport>& cases,
                          WallMs now_ms) {
  CaseImporter importer(connection, tenant_key_of(connection, tenant_id), now_ms);
  for (const CaseImport& row : cases) importer.import(row);
  return importer.counts();
}

Result<std::uint32_t> set_form_use(Connection& connection, const Uuid& tenant_id, FormUse use,
                                   std::string_view form_id, WallMs now_ms) {
  const std::int64_t tenant_key = tenant_key_of(connection, tenant_id);
  if (!form_ids(connection, tenant_id).contains(form_id)) {
    return Error(ErrorCode::NotFound, "there is no questionnaire '" + std::string(form_id) + "'");
  }
  const std::string former = form_uses(connection, tenant_id).at(use);
  connection
      .query(
          "INSERT INTO form_use (tenant_key, use, form_id) VALUES (?1, ?2, ?3) "
          "ON CONFLICT DO UPDATE SET form_id = excluded.form_id")
      .bind(tenant_key, static_cast<int>(use), form_id)
      .run();
  if (former == form_id) return std::uint32_t{0};
  return give_form(connection, {tenant_key, use, former, std::string(form_id), now_ms});
}

std::optional<CaseRecord> find_case(Connection& connection, const Uuid& tenant_id, const Uuid& case_id) {
  static const std::string kSql = kCaseColumns + "WHERE t.id = ?1 AND c.id = ?2";
  Query query = connection.query(kSql);
  if (!query.bind(tenant_id, case_id).step()) return std::nullopt;
  return read_case(query);
}

CasePage cases(Connection& connection, const Uuid& tenant_id, const CaseFilter& filter) {
  static const CaseSql kAll = case_sql(kCaseConditions);
  static const CaseSql kFound = case_sql(std::string(kCaseConditions) + std::string(kSearchCondition));
  const std::string words = search_expression(filter.text);
  const CaseSql& sql = words.empty() ? kAll : kFound;
  std::optional<int> state;
  if (filter.state) state = static_cast<int>(*filter.state);
  CasePage page;
  Query count = connection.query(sql.count);
  if (words.empty()) {
    count.bind(tenant_id, state, filter.gestor_id);
  } else {
    count.bind(tenant_id, state, filter.gestor_id, words);
  }
  count.step();
  page.total = static_cast<std::uint64_t>(count.integer(0));
  Query rows = connection.query(sql.page);
  rows.bind(tenant_id, state, filter.gestor_id, words, bounded_limit(filter.limit), filter.offset);
  while (rows.step()) page.cases.push_back(read_case(rows));
  return page;
}

Result<void> assign_case(Connection& connection, const Uuid& tenant_id, const Uuid& case_id,
                         const Uuid& gestor_id, WallMs now_ms) {
  std::optional<std::int64_t> present;
  if (!gestor_id.is_nil()) {
    present = user_key_of(connection, tenant_id, gestor_id);
    if (!present) return Error(ErrorCode::NotFound, "there is no such gestor");
  }
  Query held = connection.query(
      "SELECT case_key, tenant_key, user_key, state FROM field_case JOIN tenant t USING (tenant_key) "
      "WHERE t.id = ?1 AND field_case.id = ?2");
  if (!held.bind(tenant_id, case_id).step()) return Error(ErrorCode::NotFound, "there is no such case");
  const auto former = held.maybe_integer(2);
  if (former == present) return {};
  const bool taken_back = static_cast<CaseState>(held.integer(3)) == CaseState::Cancelled;
  std::int64_t revision =
      taken_back ? 0 : announce_case(connection, held.integer(1), held.integer(0), former, present);
  if (revision == 0) revision = next_revision(connection, held.integer(1));
  connection
      .query("UPDATE field_case SET user_key = ?2, revision = ?3, updated_at_ms = ?4 WHERE case_key = ?1")
      .bind(held.integer(0), present, revision, now_ms)
      .run();
  return {};
}

bool had_case(Connection& connection, const Uuid& tenant_id, const Uuid& gestor_id, const Uuid& case_id) {
  return connection
      .query(
          "SELECT 1 FROM feed f JOIN tenant t ON t.tenant_key = f.tenant_key "
          "JOIN app_user u ON u.user_key = f.user_key "
          "JOIN field_case c ON c.tenant_key = f.tenant_key AND c.case_key = f.object_key "
          "WHERE t.id = ?1 AND u.id = ?2 AND c.id = ?3 AND f.kind = 0")
      .bind(tenant_id, gestor_id, case_id)
      .step();
}

}  // namespace terreno::server::sqlite
