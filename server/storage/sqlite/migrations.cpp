#include "server/storage/sqlite/migrations.hpp"

namespace terreno::server::sqlite {
namespace {

constexpr const char* kMigrations[] = {
#include "migration_texts.inc"
};
constexpr int kNewest = static_cast<int>(std::size(kMigrations));

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
    database.exec("PRAGMA user_version = " + std::to_string(version + 1));
    transaction.commit();
  }
}

}  // namespace terreno::server::sqlite
