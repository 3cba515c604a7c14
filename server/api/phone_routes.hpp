#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>

#include "core/base/clock.hpp"
#include "server/api/http_types.hpp"
#include "server/api/phone_files.hpp"
#include "server/domain/form_cache.hpp"
#include "server/domain/rate_limit.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

/// Whose batch was committed.
struct CommittedBatch {
  Uuid tenant_id;
  Uuid gestor_id;
  Uuid device_id;
  WallMs received_at_ms = 0;
};

struct PhoneOptions {
  std::uint32_t failed_enrolments_per_remote = 20;  ///< in a quarter of an hour; right codes do not count
  std::uint32_t failed_enrolments_per_code = 5;     ///< likewise
  const Clock* real_clock = nullptr;  ///< of codes and limits, which no demo hurries; null: the one clock
  std::size_t max_changes_bytes = 128 * 1024;  ///< of one answer before compression; one change may be larger
};

/// What phones call: POST /v1/enrol, POST /v1/sync, /v1/files. Any thread. The tenant and the user come from
/// the phone's credential alone. A sync is answered after its commit is durable, from a thread of the
/// storage.
class PhoneRoutes {
 public:
  /// Told of every committed batch before its phone is answered; must not throw nor block.
  using Committed = std::function<void(const CommittedBatch&, const BatchEffects&)>;

  /// All must outlive the object.
  PhoneRoutes(Storage& storage, EvidenceFiles& files, const Clock& clock, FormCache& forms,
              Committed committed, const PhoneOptions& options = {});
  /// Waits until every request is answered.
  ~PhoneRoutes();
  PhoneRoutes(const PhoneRoutes&) = delete;
  PhoneRoutes& operator=(const PhoneRoutes&) = delete;

  static bool handles(std::string_view path);
  /// Of the body, in bytes; 0: none. Answers at once.
  static std::uint64_t body_limit(std::string_view method, std::string_view path);
  /// Calls `respond` exactly once; for a sync perhaps later, from another thread.
  void handle(Request request, Responder respond);

 private:
  struct Sync;

  Response enrol(const Request& request);
  std::optional<Response> refuse_enrolment(const Request& request, std::string_view code_key);
  void sync(const Request& request, const Responder& respond);
  void finish_sync(const Sync& sync, const Result<BatchEffects>& applied);
  Response sync_answer(const Sync& sync, const BatchEffects& effects, std::optional<std::uint32_t> new_epoch);
  /// Throws Unauthenticated, also when the phone was taken out of service.
  Uuid tenant_of_files(const Request& request);

  Storage& storage_;
  const Clock& clock_;
  const Clock& real_clock_;
  FormCache& forms_;
  const Committed committed_;
  const PhoneOptions options_;
  const KeyPair server_key_;
  PhoneFiles files_;
  RateLimit failed_by_remote_;
  RateLimit failed_by_code_;
  std::mutex waiting_mutex_;
  std::condition_variable none_waits_;
  std::size_t waiting_ = 0;  ///< syncs between their batch and their answer; guarded by waiting_mutex_
};

}  // namespace terreno::server
