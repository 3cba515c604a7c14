#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/bytes.hpp"
#include "core/base/crypto.hpp"
#include "core/base/result.hpp"
#include "core/base/uuid.hpp"

// SQLiteCpp as core/store uses it; no header that others include may include this one.

namespace terreno::store {

/// What a SQLite failure is to the rest of the core: DiskFull, DatabaseMismatch (no database, or another
/// key), else Io.
Error as_error(const SQLite::Exception& failure);

/// One run of a prepared statement. Values bound from views must live until the run's end.
class Query {
 public:
  explicit Query(SQLite::Statement& statement) : statement_(statement) {}
  ~Query() {
    statement_.tryReset();
    try {
      statement_.clearBindings();
    } catch (const SQLite::Exception&) {
      // Stale bindings do no harm: every run binds all of its parameters.
    }
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(std::int64_t value);
  Query& bind(double value);
  Query& bind(std::string_view value);
  Query& bind(ByteView value);
  Query& bind(const Uuid& value) { return bind(value.view()); }
  Query& bind_null();
  /// Boot ids use all 64 bits; SQLite has signed integers only.
  Query& bind_bits(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
  template <typename T>
  Query& bind_optional(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }

  /// True while there is a row.
  bool step();
  /// For statements that give no rows. Returns how many rows changed.
  int run();

  bool is_null(int column) const { return statement_.getColumn(column).isNull(); }
  std::int64_t integer(int column) const { return statement_.getColumn(column).getInt64(); }
  std::uint64_t bits(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  double real(int column) const { return statement_.getColumn(column).getDouble(); }
  std::string text(int column) const { return statement_.getColumn(column).getString(); }
  Bytes blob(int column) const;
  Uuid uuid(int column) const { return fixed<Uuid>(column, &Uuid::bytes); }
  /// A blob of exactly this size; another size is a damaged database (Io).
  template <std::size_t Size>
  std::array<std::uint8_t, Size> array(int column) const {
    const Bytes bytes = blob(column);
    if (bytes.size() != Size) throw Error(ErrorCode::Io, "a key or hash in the database has a wrong size");
    std::array<std::uint8_t, Size> out;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
  }
  std::optional<double> optional_real(int column) const {
    return is_null(column) ? std::nullopt : std::optional(real(column));
  }
  std::optional<std::int64_t> optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }

 private:
  template <typename T, typename Member>
  T fixed(int column, Member member) const {
    T out;
    out.*member = array<sizeof(out.*member)>(column);
    return out;
  }

  SQLite::Statement& statement_;
  int next_ = 1;
};

/// The open file with its prepared statements.
class Connection {
 public:
  explicit Connection(const std::string& path);

  /// `sql` must be a string literal: its address is the key of the statement cache. A statement may not be
  /// run again while its last Query lives.
  Query query(const char* sql);
  void execute(const char* sql);
  std::int64_t pragma(const char* sql);
  sqlite3* handle() const { return database_.getHandle(); }

 private:
  SQLite::Database database_;
  std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
};

}  // namespace terreno::store
