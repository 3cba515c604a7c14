#pragma once

#include "server/storage/sqlite/tables.hpp"

namespace terreno::server::sqlite {

/// Whose entries are being written, and what the batch has changed so far.
struct BatchContext {
  Connection& connection;
  const PreparedBatch& batch;
  std::int64_t tenant_key = 0;
  std::int64_t user_key = 0;
  std::int64_t device_key = 0;
  BatchEffects effects;
};

/// Keeps a new entry as it came and writes what it says: visit, chunk, shift, or its quarantine.
void write_entry(BatchContext& context, const PreparedEntry& prepared);

/// Moves the gestor's row of the live screen: last sync, and position and battery when the batch has newer
/// ones.
void write_gestor_state(BatchContext& context);

}  // namespace terreno::server::sqlite
