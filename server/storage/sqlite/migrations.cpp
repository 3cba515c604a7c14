#include "server/storage/sqlite/migrations.hpp"

#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {
namespace {

constexpr const char* kMigrations[] = {
#include "migration_texts.inc"
};
constexpr int kNewest = static_cast<int>(std::size(kMigrations));

/// What SQL cannot say, because it lies in the codec's bytes; inside the migration's own transaction.
void fill(Connection& connection, int version) {
  constexpr int kVisitForms = 2;
  if (version == kVisitForms) fill_visit_forms(connection);
}

}  // namespace

void migrate(Connection& connection) {
  SQLite::Database& database = connection.database();
  int version = database.execAndGet("PRAGMA user_version").getInt();
  if (version > kNewest) {
    throw Error(ErrorCode::DatabaseMismatch, "the database has schema " + std::to_string(version) +
                                                 ", this program knows up to " + std::to_string(kNewest) +
                                                 ": start the newer program");
  }
  for (; version < kNewest; ++version) {
    SQLite::Transaction transaction(database);
    database.exec(kMigrations[version]);
    fill(connection, version + 1);
    database.exec("PRAGMA user_version = " + std::to_string(version + 1));
    transaction.commit();
  }
}

}  // namespace terreno::server::sqlite
