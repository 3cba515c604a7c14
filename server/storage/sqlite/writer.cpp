#include "server/storage/sqlite/writer.hpp"

#include <pthread.h>

#include <vector>

namespace terreno::server::sqlite {
namespace {

/// A transaction that is left as it began unless commit() went through.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {
    connection_.query("BEGIN IMMEDIATE").run();
  }
  ~Transaction() {
    // SQLite has rolled back by itself after some errors, a full disk among them.
    if (connection_.in_transaction()) {
      try {
        connection_.execute("ROLLBACK");
      } catch (const SQLite::Exception&) {  // the next BEGIN will say what is wrong
      }
    }
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() { connection_.query("COMMIT").run(); }

 private:
  Connection& connection_;
};

/// The error that is being handled, in the house's terms. Only inside a catch block.
Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const SQLite::Exception& thrown) {
    return to_error(thrown);
  } catch (const std::exception& thrown) {
    return {ErrorCode::Internal, thrown.what()};
  }
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, std::size_t max_queued,
               std::function<void()> group_told)
    : connection_(std::move(connection)),
      max_queued_(max_queued),
      group_told_(std::move(group_told)),
      thread_([this] { work(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  queued_.notify_one();
  thread_.join();
}

Result<void> Writer::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error(ErrorCode::Unavailable, "the server is stopping");
    if (queue_.size() >= max_queued_) return Error(ErrorCode::Unavailable, "too many writes are waiting");
    queue_.push_back(std::move(job));
    if (queue_.size() > 1) return {};  // the writer has been told already
  }
  queued_.notify_one();
  return {};
}

StorageCounters Writer::counters() const {
  const std::lock_guard lock(mutex_);
  return {commits_, writes_, failed_, queue_.size(), {}, 0};
}

void Writer::work() {
  ::pthread_setname_np(::pthread_self(), "writer");
  Group group;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      group.swap(queue_);
    }
    commit_group(group);
    group_told_();
    group.clear();
  }
}

void Writer::commit_group(Group& group) {
  if (try_together(group)) return;
  for (Job& job : group) commit_alone(job);
}

bool Writer::try_together(Group& group) {
  if (group.size() == 1) return false;
  std::vector<Committed> after;
  after.reserve(group.size());
  try {
    Transaction transaction(*connection_);
    for (Job& job : group) after.push_back(job.run(*connection_));
    transaction.commit();
  } catch (...) {
    return false;
  }
  ++commits_;
  writes_ += after.size();
  for (const Committed& committed : after) committed();
  return true;
}

void Writer::commit_alone(Job& job) {
  Committed committed;
  try {
    Transaction transaction(*connection_);
    committed = job.run(*connection_);
    transaction.commit();
  } catch (...) {
    ++failed_;
    job.failed(current_error());
    return;
  }
  ++commits_;
  ++writes_;
  committed();
}

}  // namespace terreno::server::sqlite
