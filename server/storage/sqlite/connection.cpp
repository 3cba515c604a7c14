#include "server/storage/sqlite/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

namespace terreno::server::sqlite {
namespace {

constexpr int kBusyTimeoutMs = 5000;
// 16 MiB of WAL before the writer folds it into the database: rarer stalls, still a bound.
constexpr const char* kWritePragmas =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -65536;";
// No mmap: SQLite lets go of the whole mapping whenever another commit is seen, which costs a reader more
// than the copies that it spares.
constexpr const char* kReadPragmas =
    "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;";

/// SQLite's count of its memory is one lock for all connections at every allocation, and nobody reads it. It
/// can be set before the first connection of the process only; later it stays as it is, which harms nothing.
void count_no_memory() {
  static const int said = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)said;
}

int open_flags(Connection::Use use) {
  count_no_memory();
  return use == Connection::Use::Write ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX
                                       : SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX;
}

}  // namespace

Error to_error(const SQLite::Exception& thrown) {
  const int code = thrown.getErrorCode();
  if (code == SQLITE_FULL) return {ErrorCode::DiskFull, "the server's disk is full"};
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
    return {ErrorCode::Unavailable, "the database is locked by another program"};
  }
  return {ErrorCode::Io, std::string("database: ") + thrown.what()};
}

Query::~Query() {
  statement_.tryReset();
  statement_.clearBindings();
}

int Query::run() {
  while (statement_.executeStep()) {
  }
  return statement_.getChanges();
}

ByteView Query::blob(int column) const {
  const SQLite::Column value = statement_.getColumn(column);
  const auto* data = static_cast<const std::uint8_t*>(value.getBlob());
  return {data, static_cast<std::size_t>(value.getBytes())};
}

Uuid Query::uuid(int column) const {
  Uuid id;
  if (!null(column)) copy_exactly(column, id.bytes);
  return id;
}

std::optional<std::int64_t> Query::maybe_integer(int column) const {
  if (null(column)) return std::nullopt;
  return integer(column);
}

std::optional<double> Query::maybe_real(int column) const {
  if (null(column)) return std::nullopt;
  return real(column);
}

void Query::copy_exactly(int column, std::span<std::uint8_t> out) const {
  const ByteView bytes = blob(column);
  if (bytes.size() != out.size()) {
    throw Error(ErrorCode::Io, "a stored identifier, key or hash has the wrong length");
  }
  std::copy(bytes.begin(), bytes.end(), out.begin());
}

void Query::put(int index, ByteView value) {
  // SQLite takes a null pointer for NULL; an empty blob is not NULL.
  statement_.bind(index, value.empty() ? static_cast<const void*>("") : value.data(),
                  static_cast<int>(value.size()));
}

void Query::put(int index, const Borrowed& value) {
  statement_.bindNoCopy(index, value.bytes.empty() ? static_cast<const void*>("") : value.bytes.data(),
                        static_cast<int>(value.bytes.size()));
}

Connection::Connection(const std::string& path, Use use, std::uint64_t max_bytes)
    : database_(path, open_flags(use), kBusyTimeoutMs) {
  database_.exec(use == Use::Write ? kWritePragmas : kReadPragmas);
  if (use == Use::Write && max_bytes > 0) {
    const std::int64_t page_bytes = database_.execAndGet("PRAGMA page_size").getInt64();
    const auto pages = static_cast<std::int64_t>(max_bytes) / page_bytes;
    database_.exec("PRAGMA max_page_count = " + std::to_string(std::max<std::int64_t>(pages, 1)));
  }
}

Query Connection::query(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_.emplace(sql, std::make_unique<SQLite::Statement>(database_, std::string(sql))).first;
  }
  return Query(*found->second);
}

bool Connection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

}  // namespace terreno::server::sqlite
