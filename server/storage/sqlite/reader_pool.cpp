#include "server/storage/sqlite/reader_pool.hpp"

#include <algorithm>

namespace terreno::server::sqlite {

ReaderPool::ReaderPool(const std::string& path, std::uint32_t connections) {
  for (std::uint32_t i = 0; i < std::max(connections, 1U); ++i) {
    free_.push_back(std::make_unique<Connection>(path, Connection::Use::Read, 0));
  }
}

ReaderPool::Lease::Lease(ReaderPool& owner) : pool(owner) {
  std::unique_lock lock(pool.mutex_);
  pool.returned_.wait(lock, [this] { return !pool.free_.empty(); });
  connection = std::move(pool.free_.back());
  pool.free_.pop_back();
}

ReaderPool::Lease::~Lease() {
  {
    const std::lock_guard lock(pool.mutex_);
    pool.free_.push_back(std::move(connection));
  }
  pool.returned_.notify_one();
}

ReaderPool::Snapshot::~Snapshot() {
  try {
    connection.query("COMMIT").run();
  } catch (const SQLite::Exception&) {  // nothing was written: there is nothing to lose
  }
}

}  // namespace terreno::server::sqlite
