#include "core/store/connection.hpp"

#include <sqlite3.h>

namespace terreno::store {
namespace {

template <typename Action>
auto guarded(Action action) {
  try {
    return action();
  } catch (const SQLite::Exception& failure) {
    throw as_error(failure);
  }
}

SQLite::Database open_file(const std::string& path) {
  // A screen's reader in another process (an export, a debugger) may hold a lock for a moment.
  constexpr int kBusyTimeout_ms = 5'000;
  return guarded(
      [&] { return SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeout_ms); });
}

}  // namespace

Error as_error(const SQLite::Exception& failure) {
  switch (failure.getErrorCode()) {
    case SQLITE_FULL:
      return Error(ErrorCode::DiskFull, "the phone's disk is full; nothing of this step was kept");
    case SQLITE_NOTADB:
      return Error(ErrorCode::DatabaseMismatch, "the file is no database, or it needs another key");
    default:
      return Error(ErrorCode::Io, std::string("the phone's database failed: ") + failure.what());
  }
}

Query& Query::bind(std::int64_t value) {
  guarded([&] { statement_.bind(next_++, value); });
  return *this;
}

Query& Query::bind(double value) {
  guarded([&] { statement_.bind(next_++, value); });
  return *this;
}

Query& Query::bind(std::string_view value) {
  guarded([&] { statement_.bind(next_++, std::string(value)); });
  return *this;
}

Query& Query::bind(ByteView value) {
  // A null pointer would bind NULL where an empty blob is meant.
  static constexpr std::uint8_t kNothing = 0;
  const void* data = value.empty() ? &kNothing : value.data();
  guarded([&] { statement_.bindNoCopy(next_++, data, static_cast<int>(value.size())); });
  return *this;
}

Query& Query::bind_null() {
  guarded([&] { statement_.bind(next_++); });
  return *this;
}

bool Query::step() {
  return guarded([&] { return statement_.executeStep(); });
}

int Query::run() {
  return guarded([&] { return statement_.exec(); });
}

Bytes Query::blob(int column) const {
  const SQLite::Column cell = statement_.getColumn(column);
  const auto* data = static_cast<const std::uint8_t*>(cell.getBlob());
  return Bytes(data, data + cell.getBytes());
}

Connection::Connection(const std::string& path) : database_(open_file(path)) {}

Query Connection::query(const char* sql) {
  auto& slot = statements_[sql];
  if (slot == nullptr) {
    slot = guarded([&] { return std::make_unique<SQLite::Statement>(database_, sql); });
  }
  return Query(*slot);
}

void Connection::execute(const char* sql) {
  guarded([&] { database_.exec(sql); });
}

std::int64_t Connection::pragma(const char* sql) {
  return guarded([&] { return database_.execAndGet(sql).getInt64(); });
}

}  // namespace terreno::store
