#include "server/domain/prepare.hpp"

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "core/geo/track_codec.hpp"
#include "server/domain/reconcile.hpp"

namespace terreno::server {
namespace {

Result<void> within_limits(const std::vector<JournalEntry>& entries) {
  if (entries.size() > kMaxBatchEntries) {
    return Error(ErrorCode::TooLarge, "a batch has at most " + std::to_string(kMaxBatchEntries) + " entries");
  }
  for (const JournalEntry& entry : entries) {
    if (entry.payload.size() > codec::kMaxEntryBytes) {
      return Error(ErrorCode::TooLarge, "entry " + std::to_string(entry.seq) + " is over its limit");
    }
  }
  return {};
}

/// Takes the entries into the batch with their hashes; the chain is walked once.
Result<void> link_entries(SyncRequest& request, PreparedBatch& batch) {
  batch.base = batch.head = request.base;
  batch.entries.reserve(request.entries.size());
  for (JournalEntry& entry : request.entries) {
    const auto next = extend_chain(batch.head, {&entry, 1});
    if (!next) return next.error();
    batch.head = *next;
    PreparedEntry prepared;
    prepared.hash = batch.head.hash;
    prepared.entry = std::move(entry);
    batch.entries.push_back(std::move(prepared));
  }
  return {};
}

void quarantine(PreparedEntry& prepared, ErrorCode code) {
  prepared.body.reset();
  prepared.quarantine_code = code;
}

void unpack(PreparedEntry& prepared, const TrackChunk& chunk) {
  auto track = geo::unpack_track(chunk.packed);
  if (!track) {
    quarantine(prepared, track.error().code);
    return;
  }
  prepared.fixes = std::move(track->fixes);
  prepared.battery = std::move(track->battery);
}

void interpret(PreparedEntry& prepared, const Device& device, const WorldView& world,
               const ClockPair& clocks) {
  auto body = codec::decode_body(prepared.entry.kind, prepared.entry.version, prepared.entry.payload);
  if (!body) {
    quarantine(prepared, body.error().code);
    return;
  }
  prepared.body = std::move(*body);
  if (const auto* chunk = std::get_if<TrackChunk>(&*prepared.body)) {
    unpack(prepared, *chunk);
  } else if (const auto* visit = std::get_if<VisitFinished>(&*prepared.body)) {
    VisitReview review = review_visit(device, *visit, world, clocks);
    prepared.server_verdict = review.verdict;
    prepared.marks = std::move(review.marks);
    prepared.differences = std::move(review.differences);
    prepared.case_becomes = review.case_becomes;
  }
}

}  // namespace

Result<PreparedBatch> prepare_batch(const Device& device, SyncRequest&& request, const WorldView& world,
                                    WallMs now_ms) {
  if (const auto allowed = within_limits(request.entries); !allowed) return allowed.error();
  PreparedBatch batch;
  batch.tenant_id = device.tenant_id;
  batch.gestor_id = device.gestor_id;
  batch.device_id = device.id;
  batch.head_signature = request.head_signature;
  batch.received_at_ms = now_ms;
  if (const auto linked = link_entries(request, batch); !linked) return linked.error();
  if (!verify_head(batch.head, device.id, batch.head_signature, device.public_key)) {
    return Error(ErrorCode::SignatureMismatch, "the batch is not signed by the phone that it comes from");
  }
  const ClockPair clocks{request.phone_time_ms, now_ms};
  for (PreparedEntry& prepared : batch.entries) interpret(prepared, device, world, clocks);
  return batch;
}

}  // namespace terreno::server
