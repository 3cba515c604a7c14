#include "core/sync/sync_engine.hpp"

#include <algorithm>
#include <utility>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "core/journal/journal.hpp"
#include "core/sync/headers.hpp"

namespace terreno {
namespace {

std::string_view text_key(SyncTrouble trouble) {
  switch (trouble) {
    case SyncTrouble::Offline:
      return "sync.offline";
    case SyncTrouble::ServerBusy:
      return "sync.server_busy";
    case SyncTrouble::NotOurServer:
      return "sync.not_our_server";
    case SyncTrouble::Rejected:
      return "sync.rejected";
    case SyncTrouble::UpgradeNeeded:
      return "sync.upgrade_needed";
    case SyncTrouble::Refused:
      return "sync.refused";
    case SyncTrouble::None:
      break;
  }
  return {};
}

std::optional<std::int64_t> retry_after_ms(const HttpResponse& response) {
  const auto seconds = header_number(response, "Retry-After");
  if (!seconds) return std::nullopt;
  return static_cast<std::int64_t>(std::min<std::uint64_t>(*seconds, 86'400)) * 1000;
}

}  // namespace

SyncEngine::SyncEngine(DeviceStore& store, const Clock& clock, Language language)
    : store_(store),
      clock_(clock),
      language_(language),
      upload_(store),
      batch_bytes_(codec::kMaxBatchBytes) {}

std::optional<HttpRequest> SyncEngine::next_request(bool eager) {
  const MonoMs now = clock_.mono_ms();
  if (in_flight_ != InFlight::Nothing) {
    if (now - launched_at_ < kInFlightLimitMs) return std::nullopt;
    on_failure(NetworkFailure::Timeout);
  }
  const auto identity = store_.identity();
  if (!identity || !retry_.may_try(now, eager)) return std::nullopt;
  if (batch_is_due(eager)) return launch(InFlight::Batch, batch_request(*identity), *identity);
  if (auto request = upload_.next_request()) return launch(InFlight::File, std::move(*request), *identity);
  return std::nullopt;
}

bool SyncEngine::batch_is_due(bool eager) const {
  if (eager || more_ || !last_batch_at_) return true;
  if (store_.pending_counts().urgent_entries > 0) return true;
  return clock_.mono_ms() - *last_batch_at_ >= std::int64_t{1000} * store_.policy().sync_interval_s;
}

HttpRequest SyncEngine::batch_request(const Identity& identity) {
  SyncRequest batch;
  batch.base = store_.confirmed_head();
  batch.entries = store_.entries_after(batch.base.seq, batch_bytes_, kMostEntries);
  batch.cursor = store_.cursor();
  batch.phone_time_ms = clock_.wall_ms();
  const ChainHead head = extend_chain(batch.base, batch.entries).value();
  batch.head_signature = sign_head(head, identity.device_id, identity.keys.secret_key);
  HttpRequest request;
  request.method = "POST";
  request.path = "/v1/sync";
  request.body = codec::encode(batch);
  return request;
}

HttpRequest SyncEngine::launch(InFlight what, HttpRequest request, const Identity& identity) {
  request.headers.emplace_back("Authorization", "Bearer " + identity.token);
  in_flight_ = what;
  launched_at_ = clock_.mono_ms();
  return request;
}

void SyncEngine::on_response(const HttpResponse& response) {
  const InFlight what = std::exchange(in_flight_, InFlight::Nothing);
  if (what == InFlight::Nothing || refused(response)) return;
  if (what == InFlight::Batch) {
    on_batch(response);
  } else {
    on_file(response);
  }
}

bool SyncEngine::refused(const HttpResponse& response) {
  const int status = response.status;
  const std::optional<ErrorCode> told = told_error(response);
  if (told == ErrorCode::Unauthenticated) {
    fail(SyncTrouble::Rejected);
  } else if (told == ErrorCode::UnsupportedVersion) {
    fail(SyncTrouble::UpgradeNeeded);
  } else if (status == 408 || status == 429 || status >= 500) {
    fail(SyncTrouble::ServerBusy, retry_after_ms(response));
  } else {
    return false;
  }
  return true;
}

void SyncEngine::on_batch(const HttpResponse& response) {
  if (response.status == 413 && batch_bytes_ > kSmallestBatch) {
    batch_bytes_ = std::max(batch_bytes_ / 2, kSmallestBatch);
    return;
  }
  if (response.status != 200) {
    return fail(told_error(response) ? SyncTrouble::Refused : SyncTrouble::NotOurServer);
  }
  const auto answer = codec::decode_sync_response(response.body);
  if (!answer) {
    return fail(answer.error().code == ErrorCode::UnsupportedVersion ? SyncTrouble::UpgradeNeeded
                                                                     : SyncTrouble::NotOurServer);
  }
  const auto identity = store_.identity();
  // Whoever stands between cannot make this phone believe that its work arrived.
  if (!verify_receipt(answer->receipt, identity->device_id, identity->server_key)) {
    return fail(SyncTrouble::NotOurServer);
  }
  accept(*answer);
}

void SyncEngine::accept(const SyncResponse& answer) {
  DeviceStore::Transaction transaction(store_);
  if (answer.new_epoch) {
    Journal(store_, clock_).start_epoch(*answer.new_epoch);
  } else if (const auto confirmed = store_.confirm(answer.receipt, answer.quarantined); !confirmed) {
    return fail(SyncTrouble::NotOurServer);
  }
  store_.apply_changes(answer.changes, answer.cursor);
  store_.note_success(clock_.wall_ms());
  transaction.commit();
  more_ = answer.more || answer.new_epoch.has_value() || store_.pending_counts().entries > 0;
  batch_bytes_ = std::min(batch_bytes_ * 2, codec::kMaxBatchBytes);
  last_batch_at_ = clock_.mono_ms();
  succeed();
}

void SyncEngine::on_file(const HttpResponse& response) {
  if (upload_.on_response(response) == FileUpload::Step::GoOn) return succeed();
  fail(told_error(response) ? SyncTrouble::ServerBusy : SyncTrouble::NotOurServer);
}

void SyncEngine::on_failure(NetworkFailure failure) {
  const InFlight what = std::exchange(in_flight_, InFlight::Nothing);
  if (what == InFlight::Nothing) return;
  if (failure != NetworkFailure::NoConnection) {
    if (what == InFlight::Batch) batch_bytes_ = std::max(batch_bytes_ / 2, kSmallestBatch);
  }
  if (what == InFlight::File) upload_.on_failure();
  fail(SyncTrouble::Offline);
}

void SyncEngine::fail(SyncTrouble trouble, std::optional<std::int64_t> retry_after) {
  trouble_ = trouble;
  retry_.failed(clock_.mono_ms(), retry_after);
}

void SyncEngine::succeed() {
  trouble_ = SyncTrouble::None;
  retry_.succeeded();
}

SyncStatus SyncEngine::status() const {
  const PendingCounts pending = store_.pending_counts();
  SyncStatus status;
  status.pending_entries = pending.entries;
  status.pending_visits = pending.visits;
  status.pending_files = pending.files;
  status.pending_file_bytes = pending.file_bytes;
  status.files_set_aside = pending.files_set_aside;
  status.last_success_at_ms = store_.last_success_at_ms();
  status.trouble = trouble_;
  if (trouble_ != SyncTrouble::None) status.trouble_text = text(language_, text_key(trouble_));
  if (const auto not_before = retry_.not_before()) {
    status.next_attempt_at_ms = clock_.wall_ms() + std::max<MonoMs>(*not_before - clock_.mono_ms(), 0);
  }
  status.quarantined = store_.quarantined();
  status.in_flight = in_flight_ != InFlight::Nothing;
  return status;
}

}  // namespace terreno
