#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/bytes.hpp"
#include "core/base/crypto.hpp"
#include "core/base/uuid.hpp"

namespace terreno::server::sqlite {

/// What SQLite threw, in the house's terms: DiskFull, Unavailable (locked) or Io. Holds no values of rows.
Error to_error(const SQLite::Exception& thrown);

/// Bytes bound without a copy: they must outlive the step.
struct Borrowed {
  ByteView bytes;
};

/// One use of a prepared statement: bind, step, read, and leave it ready for the next. Columns count from 0.
class Query {
 public:
  explicit Query(SQLite::Statement& statement) : statement_(statement) {}
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Binds ?1, ?2... in order.
  template <typename... Values>
  Query& bind(const Values&... values) {
    int index = 0;
    (put(++index, values), ...);
    return *this;
  }

  bool step() { return statement_.executeStep(); }
  /// Runs to the end; returns how many rows changed.
  int run();

  bool null(int column) const { return statement_.getColumn(column).isNull(); }
  std::int64_t integer(int column) const { return statement_.getColumn(column).getInt64(); }
  double real(int column) const { return statement_.getColumn(column).getDouble(); }
  bool flag(int column) const { return integer(column) != 0; }
  std::string text(int column) const { return statement_.getColumn(column).getString(); }
  /// Valid until the next step.
  ByteView blob(int column) const;
  Uuid uuid(int column) const;
  std::optional<std::int64_t> maybe_integer(int column) const;
  std::optional<double> maybe_real(int column) const;

  template <typename Array>
  Array array(int column) const {
    Array out{};
    copy_exactly(column, out);
    return out;
  }

 private:
  void put(int index, std::int64_t value) { statement_.bind(index, value); }
  void put(int index, std::uint64_t value) { statement_.bind(index, static_cast<std::int64_t>(value)); }
  void put(int index, std::int32_t value) { statement_.bind(index, value); }
  void put(int index, std::uint32_t value) { statement_.bind(index, value); }
  void put(int index, bool value) { statement_.bind(index, value ? 1 : 0); }
  void put(int index, double value) { statement_.bind(index, value); }
  void put(int index, std::string_view value) { statement_.bind(index, std::string(value)); }
  void put(int index, const std::string& value) { statement_.bind(index, value); }
  void put(int index, const char* value) { statement_.bind(index, value); }
  void put(int index, ByteView value);
  void put(int index, const Bytes& value) { put(index, ByteView(value)); }
  void put(int index, const Uuid& value) { put(index, value.view()); }
  void put(int index, const Borrowed& value);
  void put(int index, std::nullopt_t) { statement_.bind(index); }
  template <std::size_t N>
  void put(int index, const std::array<std::uint8_t, N>& value) {
    put(index, ByteView(value));
  }
  template <typename T>
  void put(int index, const std::optional<T>& value) {
    if (value) {
      put(index, *value);
    } else {
      statement_.bind(index);
    }
  }
  void copy_exactly(int column, std::span<std::uint8_t> out) const;

  SQLite::Statement& statement_;
};

/// One SQLite connection and its prepared statements. One thread at a time.
class Connection {
 public:
  enum class Use { Write, Read };

  /// `max_bytes` bounds the file; 0: no bound. The writer's connection makes the file when there is none.
  Connection(const std::string& path, Use use, std::uint64_t max_bytes);

  /// `sql` must be a literal: statements are kept by its text.
  Query query(std::string_view sql);
  void execute(const char* sql) { database_.exec(sql); }
  bool in_transaction() const noexcept;
  SQLite::Database& database() noexcept { return database_; }

 private:
  SQLite::Database database_;
  std::unordered_map<std::string_view, std::unique_ptr<SQLite::Statement>> statements_;
};

}  // namespace terreno::server::sqlite
