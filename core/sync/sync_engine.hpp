#pragma once

#include <optional>

#include "core/base/clock.hpp"
#include "core/base/texts.hpp"
#include "core/model/wire.hpp"
#include "core/store/device_store.hpp"
#include "core/sync/exchange.hpp"
#include "core/sync/file_upload.hpp"
#include "core/sync/retry_schedule.hpp"
#include "core/sync/sync_status.hpp"

namespace terreno {

/// Brings the journal and the files to the server and the tenant's changes to the phone, without sockets: it
/// says what to send and is told what came back. One request is in flight at a time. All that must survive is
/// in the store; a new object over the same store goes on where the old one stood. Same thread rule as the
/// store.
class SyncEngine {
 public:
  /// A bridge that never reports back must not stop the sync for ever.
  static constexpr std::int64_t kInFlightLimitMs = 5 * 60'000;
  static constexpr std::size_t kSmallestBatch = 4 * 1024;
  static constexpr std::size_t kMostEntries = 500;

  /// Both references must outlive the object.
  SyncEngine(DeviceStore& store, const Clock& clock, Language language);

  std::optional<HttpRequest> next_request(bool eager);
  void on_response(const HttpResponse& response);
  void on_failure(NetworkFailure failure);
  /// A new enrolment has given the phone a credential that works.
  void credential_renewed() { succeed(); }
  SyncStatus status() const;
  void set_language(Language language) { language_ = language; }

 private:
  enum class InFlight { Nothing, Batch, File };

  bool batch_is_due(bool eager) const;
  HttpRequest batch_request(const Identity& identity);
  HttpRequest launch(InFlight what, HttpRequest request, const Identity& identity);
  void on_batch(const HttpResponse& response);
  void on_file(const HttpResponse& response);
  /// Takes what a verified answer of our server says, all or none.
  void accept(const SyncResponse& answer);
  /// True when the answer says what to do whatever was asked; then it was done.
  bool refused(const HttpResponse& response);
  void fail(SyncTrouble trouble, std::optional<std::int64_t> retry_after_ms = std::nullopt);
  void succeed();

  DeviceStore& store_;
  const Clock& clock_;
  Language language_;
  FileUpload upload_;
  RetrySchedule retry_;
  InFlight in_flight_ = InFlight::Nothing;
  MonoMs launched_at_ = 0;
  SyncTrouble trouble_ = SyncTrouble::None;
  std::size_t batch_bytes_;
  std::optional<MonoMs> last_batch_at_;  ///< of this process; a fresh one syncs at its first chance
  bool more_ = false;                    ///< the server has further changes
};

}  // namespace terreno
