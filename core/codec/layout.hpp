#pragma once

#include "core/codec/archive.hpp"
#include "core/geo/track_codec.hpp"
#include "core/model/wire.hpp"

namespace terreno::codec {

// The order of fields on the wire, version 1. schema/wire.md says the same in words; a golden test holds
// both. One function serves both directions.

inline constexpr double kDegreeScale = 1e7;  // 1.1 cm
inline constexpr double kCentimetre = 100;
inline constexpr double kMicro = 1e6;

template <typename Archive>
void serialize(Archive& ar, GeoPoint& point) {
  ar(scaled(point.lat, kDegreeScale), scaled(point.lon, kDegreeScale));
}

template <typename Archive>
void serialize(Archive& ar, Fence& fence) {
  ar(fence.centre, scaled(fence.radius_m, kCentimetre),
     enumerator(fence.precision, PinPrecision::Approximate));
}

template <typename Archive>
void serialize(Archive& ar, GatePolicy& policy) {
  ar(scaled(policy.inside_probability, kMicro), scaled(policy.outside_probability, kMicro),
     policy.max_fix_age_ms, policy.inconclusive_allows);
}

template <typename Archive>
void serialize(Archive& ar, LocationVerdict& verdict) {
  ar(enumerator(verdict.answer, GateAnswer::Inconclusive),
     enumerator(verdict.reason, GateReason::PinUncertain), scaled(verdict.probability, kMicro),
     scaled(verdict.distance_m, kCentimetre), scaled(verdict.accuracy_m, kCentimetre),
     scaled(verdict.bearing_deg, 10), verdict.position);
}

/// Fixes as core/geo's track codec packs them: quantised.
struct PackedFixes {
  std::vector<Fix>& fixes;
};
inline void save(WireOutput& out, const PackedFixes& packed) { out(geo::pack_track(packed.fixes, {})); }
inline void load(WireInput& in, PackedFixes& packed) {
  Bytes bytes;
  in(bytes);
  packed.fixes = geo::unpack_track(bytes).value().fixes;
}

template <typename Archive>
void serialize(Archive& ar, Place& place) {
  ar(enumerator(place.kind, PlaceKind::Workplace), place.address, place.reference, place.fence);
}

template <typename Archive>
void serialize(Archive& ar, Party& party) {
  ar(party.name, party.phone);
}

template <typename Archive>
void serialize(Archive& ar, Case& item) {
  ar(item.id, item.key, enumerator(item.purpose, Purpose::Validation),
     enumerator(item.state, CaseState::Cancelled), item.party, item.place, item.form_id, item.due_at_ms,
     item.note, item.data);
}

template <typename Archive>
void serialize(Archive& ar, FormVersion& form) {
  ar(form.form_id, form.version, form.title, form.xform_xml);
}

template <typename Archive>
void serialize(Archive& ar, OutcomeDefinition& outcome) {
  ar(outcome.code, outcome.label_es, outcome.label_en, outcome.label_pt,
     enumerator(outcome.purpose, Purpose::Validation), enumerator(outcome.contact, ContactClass::Validation),
     outcome.right_party, outcome.asks_promise, outcome.asks_payment, outcome.asks_photo,
     enumerator(outcome.becomes, CaseState::Cancelled));
}

template <typename Archive>
void serialize(Archive& ar, TenantPolicy& policy) {
  ar(policy.tenant_name, policy.currency, policy.utc_offset_minutes, policy.collection_gate,
     policy.validation_gate, policy.sync_interval_s, policy.chunk_interval_s);
}

template <typename Archive>
void serialize(Archive& ar, PromiseToPay& promise) {
  ar(promise.amount, promise.date, promise.means);
}

template <typename Archive>
void serialize(Archive& ar, Payment& payment) {
  ar(payment.amount, payment.method, payment.receipt);
}

template <typename Archive>
void serialize(Archive& ar, Outcome& outcome) {
  ar(outcome.code, outcome.promise, outcome.payment, outcome.note);
}

template <typename Archive>
void serialize(Archive& ar, FormAnswer& answer) {
  ar(answer.path, answer.value);
}

template <typename Archive>
void serialize(Archive& ar, EvidenceRef& evidence) {
  ar(evidence.sha256, enumerator(evidence.kind, EvidenceKind::Document), evidence.question_path,
     evidence.media_type, evidence.size, evidence.captured_at_ms);
}

template <typename Archive>
void serialize(Archive& ar, ShiftStarted& shift) {
  ar(shift.shift_id, shift.at_ms);
}

template <typename Archive>
void serialize(Archive& ar, ShiftEnded& shift) {
  ar(shift.shift_id, shift.at_ms);
}

template <typename Archive>
void serialize(Archive& ar, TrackChunk& chunk) {
  ar(chunk.shift_id, chunk.from_ms, chunk.to_ms, chunk.fix_count, chunk.battery_count, chunk.packed);
}

template <typename Archive>
void serialize(Archive& ar, FormContextRecord& context) {
  ar(context.now_ms, context.utc_offset_minutes, context.random_seed, context.prefill);
}

template <typename Archive>
void serialize(Archive& ar, VisitFinished& visit) {
  ar(visit.visit_id, visit.case_id, visit.shift_id, enumerator(visit.purpose, Purpose::Validation),
     visit.arrived_at_ms, visit.finished_at_ms, visit.boot_id, visit.arrived_mono_ms, visit.finished_mono_ms,
     enumerator(visit.platform, Platform::Desktop), visit.fence, PackedFixes{visit.arrival_fixes},
     visit.verdict, visit.form_id, visit.form_version, visit.form_context, visit.answers, visit.outcome,
     visit.evidence, visit.battery_percent);
}

template <typename Archive>
void serialize(Archive& ar, VisitCancelled& visit) {
  ar(visit.visit_id, visit.case_id, visit.shift_id, visit.arrived_at_ms, visit.cancelled_at_ms, visit.reason,
     visit.verdict);
}

template <typename Archive>
void serialize(Archive& ar, ChainHead& head) {
  ar(head.epoch, head.seq, head.hash);
}

template <typename Archive>
void serialize(Archive& ar, Receipt& receipt) {
  ar(receipt.head, receipt.server_time_ms, receipt.signature);
}

/// A code of schema/errors.csv by its number.
struct WireCode {
  ErrorCode& code;
};
inline void save(WireOutput& out, const WireCode& wire) {
  out.put_varint(static_cast<std::uint16_t>(wire.code));
}
inline void load(WireInput& in, WireCode& wire) {
  std::uint16_t number = 0;
  in(number);
  // A newer server may know more codes than this phone: those count as Internal.
  wire.code = traits_of(static_cast<ErrorCode>(number)).code;
}

template <typename Archive>
void serialize(Archive& ar, Quarantined& item) {
  ar(item.seq, WireCode{item.code});
}

template <typename Archive>
void serialize(Archive& ar, CaseRemoved& removed) {
  ar(removed.case_id);
}

template <typename Archive>
void serialize(Archive& ar, OutcomeCatalogue& catalogue) {
  ar(catalogue.outcomes);
}

template <typename Archive>
void serialize(Archive& ar, EnrolRequest& request) {
  ar(request.code, request.public_key, enumerator(request.platform, Platform::Desktop), request.device_name,
     request.app_version);
}

template <typename Archive>
void serialize(Archive& ar, EnrolResponse& response) {
  ar(response.device_id, response.token, response.server_key, response.epoch, response.gestor_id,
     response.gestor_name, response.policy, response.server_time_ms);
}

template <typename Archive>
void serialize(Archive& ar, SyncResponse& response) {
  ar(response.receipt, response.quarantined, response.changes, response.cursor, response.more,
     response.new_epoch);
}

// Entries of a batch follow one another, so epoch and seq are not sent, and the clocks as differences.

inline void save(WireOutput& out, const SyncRequest& request) {
  out(request.base, request.head_signature, request.cursor, request.phone_time_ms);
  out.put_varint(request.entries.size());
  WallMs wall_ms = request.phone_time_ms;
  MonoMs mono_ms = 0;
  std::uint64_t boot_id = 0;
  for (const JournalEntry& entry : request.entries) {
    const bool same_boot = entry.boot_id == boot_id;
    out.put_byte(static_cast<std::uint8_t>(static_cast<std::uint8_t>(entry.kind) << 1 | (same_boot ? 1 : 0)));
    if (!same_boot) out(entry.boot_id);
    out(entry.version);
    out.put_zigzag(entry.wall_ms - wall_ms);
    out.put_zigzag(entry.mono_ms - mono_ms);
    out(entry.payload);
    wall_ms = entry.wall_ms;
    mono_ms = entry.mono_ms;
    boot_id = entry.boot_id;
  }
}

inline void load(WireInput& in, SyncRequest& request) {
  in(request.base, request.head_signature, request.cursor, request.phone_time_ms);
  std::uint64_t wall_ms = static_cast<std::uint64_t>(request.phone_time_ms);
  std::uint64_t mono_ms = 0;
  std::uint64_t boot_id = 0;
  std::uint64_t seq = request.base.seq;
  for (std::size_t left = in.take_count(); left > 0; --left) {
    JournalEntry entry;
    const std::uint8_t kind = in.take_byte();
    entry.kind = static_cast<EntryKind>(kind >> 1);
    if ((kind & 1) == 0) in(boot_id);
    in(entry.version);
    // Unsigned sums: bytes from outside may make them wrap, which is no undefined behaviour then.
    wall_ms += static_cast<std::uint64_t>(in.take_zigzag());
    mono_ms += static_cast<std::uint64_t>(in.take_zigzag());
    in(entry.payload);
    entry.epoch = request.base.epoch;
    entry.seq = ++seq;
    entry.boot_id = boot_id;
    entry.wall_ms = static_cast<WallMs>(wall_ms);
    entry.mono_ms = static_cast<MonoMs>(mono_ms);
    request.entries.push_back(std::move(entry));
  }
}

}  // namespace terreno::codec
