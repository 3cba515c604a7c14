#pragma once

#include "core/store/connection.hpp"
#include "core/store/device_store.hpp"

namespace terreno {

struct DeviceStore::Parts {
  explicit Parts(const std::string& path) : db(path) {}

  store::Connection db;
  int transaction_depth = 0;
  bool transaction_broken = false;
};

namespace store {

/// Brings the file to this version's schema. DatabaseMismatch, the file untouched, when that cannot be.
void migrate(Connection& db);

/// Deletes form versions that neither new visits nor open ones use.
void drop_unused_forms(Connection& db);

/// SQL integers that are counts or seqs; they are never negative in a sound database.
inline std::uint64_t count_at(const Query& query, int column) {
  return static_cast<std::uint64_t>(query.integer(column));
}

/// What the phone wrote itself must decode; if not, the disk has damaged it.
template <typename T>
T sound(Result<T> decoded, const char* what) {
  if (!decoded) throw Error(ErrorCode::Io, std::string("damaged bytes in the phone's database: ") + what);
  return std::move(decoded).value();
}

}  // namespace store
}  // namespace terreno
