#include <iterator>
#include <string>

#include "core/store/device_store_parts.hpp"

namespace terreno::store {
namespace {

// schema/device/*.sql in order; the first makes version 1.
constexpr const char* kMigrations[] = {
#include "migrations_table.inc"
};
constexpr std::int64_t kVersion = std::ssize(kMigrations);

// 'TRNO', so that a file of another program is never taken for ours.
constexpr std::int64_t kApplicationId = 0x54524E4F;

bool is_empty(Connection& db) { return db.pragma("SELECT count(*) FROM sqlite_schema") == 0; }

void check_owner(Connection& db) {
  const std::int64_t owner = db.pragma("PRAGMA application_id");
  if (owner == kApplicationId || (owner == 0 && is_empty(db))) return;
  throw Error(ErrorCode::DatabaseMismatch, "the database file belongs to another program");
}

std::int64_t check_version(Connection& db) {
  const std::int64_t version = db.pragma("PRAGMA user_version");
  if (version >= 0 && version <= kVersion) return version;
  throw Error(ErrorCode::DatabaseMismatch,
              "the database has schema " + std::to_string(version) + " and this version of the app knows " +
                  std::to_string(kVersion) + "; install the newer app again, nothing is lost");
}

void run_migration(Connection& db, std::int64_t version) {
  db.execute("BEGIN EXCLUSIVE");
  try {
    db.execute(kMigrations[version - 1]);
    db.execute(("PRAGMA user_version = " + std::to_string(version)).c_str());
    db.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
    db.execute("COMMIT");
  } catch (const Error&) {
    db.execute("ROLLBACK");
    throw;
  }
}

}  // namespace

void migrate(Connection& db) {
  check_owner(db);
  const std::int64_t version = check_version(db);
  db.execute("PRAGMA journal_mode = WAL");
  db.execute("PRAGMA synchronous = FULL");
  // After a day of photos the log shrinks back to this when it is checkpointed.
  db.execute("PRAGMA journal_size_limit = 4194304");
  for (std::int64_t next = version + 1; next <= kVersion; ++next) run_migration(db, next);
  db.execute("PRAGMA foreign_keys = ON");
}

}  // namespace terreno::store
