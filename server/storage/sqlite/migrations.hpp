#pragma once

#include "server/storage/sqlite/connection.hpp"

namespace terreno::server::sqlite {

/// Brings the database to this program's schema (schema/sqlite), one transaction a migration.
/// DatabaseMismatch (thrown) when a newer program wrote it.
void migrate(Connection& connection);

}  // namespace terreno::server::sqlite
