#include "core/store/device_store.hpp"

#include "core/store/device_store_parts.hpp"

namespace terreno {

DeviceStore::DeviceStore(const std::string& path) : parts_(std::make_unique<Parts>(path)) {
  store::migrate(parts_->db);
}

DeviceStore::~DeviceStore() = default;

DeviceStore::Transaction::Transaction(DeviceStore& store) : store_(store) {
  Parts& parts = *store_.parts_;
  // IMMEDIATE takes the write lock now: an upgrade later could fail with changes half made.
  if (parts.transaction_depth == 0) {
    parts.db.query("BEGIN IMMEDIATE").run();
    parts.transaction_broken = false;
  }
  ++parts.transaction_depth;
}

void DeviceStore::Transaction::commit() {
  Parts& parts = *store_.parts_;
  if (parts.transaction_broken) {
    throw Error(ErrorCode::Internal, "a transaction cannot commit after a part of it was undone");
  }
  if (parts.transaction_depth == 1) parts.db.query("COMMIT").run();
  --parts.transaction_depth;
  open_ = false;
}

DeviceStore::Transaction::~Transaction() {
  if (!open_) return;
  Parts& parts = *store_.parts_;
  parts.transaction_broken = true;
  if (--parts.transaction_depth > 0) return;
  try {
    parts.db.query("ROLLBACK").run();
  } catch (const Error&) {
    // SQLite has rolled back by itself when the failure was a full disk or an I/O error.
  }
}

}  // namespace terreno
