#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "server/storage/sqlite/connection.hpp"

namespace terreno::server::sqlite {

/// Connections that only read. Any thread borrows one and waits while all are out.
class ReaderPool {
 public:
  ReaderPool(const std::string& path, std::uint32_t connections);

  /// Runs `work(Connection&)`, which is one statement: that sees one state of the database by itself.
  /// SQLite's exceptions come out as Error.
  template <typename Work>
  auto ask(Work&& work) {
    const Lease lease(*this);
    try {
      return work(*lease.connection);
    } catch (const SQLite::Exception& thrown) {
      throw to_error(thrown);
    }
  }

  /// As ask(), with several statements on one snapshot of the database: what they read fits together.
  template <typename Work>
  auto read(Work&& work) {
    const Lease lease(*this);
    try {
      const Snapshot snapshot(*lease.connection);
      return work(*lease.connection);
    } catch (const SQLite::Exception& thrown) {
      throw to_error(thrown);
    }
  }

 private:
  struct Lease {
    explicit Lease(ReaderPool& owner);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ReaderPool& pool;
    std::unique_ptr<Connection> connection;
  };
  struct Snapshot {
    explicit Snapshot(Connection& on) : connection(on) { connection.query("BEGIN").run(); }
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    Connection& connection;
  };

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace terreno::server::sqlite
