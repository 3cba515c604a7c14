#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "core/geo/track_codec.hpp"
#include "server/domain/enrolment.hpp"
#include "server/storage/storage.hpp"

namespace terreno::tests {

using namespace terreno::server;

// A company with gestores and phones, as the tests of the storage and of the phones' routes need it.

inline constexpr WallMs kMorning = 1'773'331'200'000;  ///< Thursday 2026-03-12 10:00 in Mexico City

/// Distinct and stable: the same number gives the same id.
inline Uuid numbered_id(std::uint32_t kind, std::uint32_t number) {
  Uuid id;
  id.bytes[0] = static_cast<std::uint8_t>(kind);
  for (std::size_t i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

inline Fix sample_fix(WallMs at_ms, double lat = 19.4326) {
  Fix fix;
  fix.captured_at_ms = at_ms;
  fix.point = {lat, -99.1332};
  fix.accuracy_m = 8;
  return fix;
}

inline CaseImport sample_import(int number, const std::string& gestor_login) {
  CaseImport row;
  row.item.key = "MX-" + std::to_string(1000 + number);
  row.item.party = {"José Peña " + std::to_string(number), "5550001111"};
  row.item.place.address = "Avenida Juárez " + std::to_string(number);
  row.item.place.fence = {{19.4326, -99.1332}, 50, PinPrecision::Rooftop};
  row.item.form_id = "cobranza";
  row.item.data = {{"balance", "1500"}};
  row.gestor_login = gestor_login;
  return row;
}

inline VisitFinished sample_visit(const Uuid& visit_id, const Uuid& case_id,
                                  WallMs finished_at_ms = kMorning) {
  VisitFinished visit;
  visit.visit_id = visit_id;
  visit.case_id = case_id;
  visit.arrived_at_ms = finished_at_ms - 600'000;
  visit.finished_at_ms = finished_at_ms;
  visit.arrived_mono_ms = 1'000'000;
  visit.finished_mono_ms = 1'600'000;
  visit.fence = {{19.4326, -99.1332}, 50, PinPrecision::Rooftop};
  visit.arrival_fixes = {geo::quantised(sample_fix(visit.arrived_at_ms / 1000 * 1000))};
  visit.form_context.now_ms = visit.arrived_at_ms;
  visit.outcome.code = "nobody_in";
  return visit;
}

inline TrackChunk sample_chunk(const Uuid& shift_id, WallMs from_ms, int fixes = 30) {
  std::vector<Fix> samples;
  for (int i = 0; i < fixes; ++i) samples.push_back(sample_fix(from_ms + i * 10'000, 19.4326 + 1e-5 * i));
  const std::vector<BatterySample> battery = {{from_ms, 80, false}, {from_ms + 200'000, 79, false}};
  TrackChunk chunk;
  chunk.shift_id = shift_id;
  chunk.from_ms = from_ms;
  chunk.to_ms = samples.back().captured_at_ms;
  chunk.fix_count = static_cast<std::uint32_t>(fixes);
  chunk.battery_count = 2;
  chunk.packed = geo::pack_track(samples, battery);
  return chunk;
}

/// A phone's side of the chain.
class SamplePhone {
 public:
  SamplePhone(Device device, KeyPair keys) : device_(std::move(device)), keys_(keys), head_(device_.head) {}

  const Device& device() const { return device_; }
  const ChainHead& head() const { return head_; }
  void continue_from(const ChainHead& head) { head_ = head; }

  JournalEntry entry(const EntryBody& body) {
    JournalEntry made;
    made.epoch = head_.epoch;
    made.seq = head_.seq + 1;
    made.kind = codec::kind_of(body);
    made.wall_ms = kMorning;
    made.payload = codec::encode_body(body);
    return made;
  }

  /// The next batch as the wire has it; the chain moves on.
  SyncRequest request(const std::vector<EntryBody>& bodies, std::uint64_t cursor = 0) {
    SyncRequest made;
    made.base = head_;
    made.cursor = cursor;
    made.phone_time_ms = kMorning;
    for (const EntryBody& body : bodies) {
      made.entries.push_back(entry(body));
      head_ = extend_chain(head_, {&made.entries.back(), 1}).value();
    }
    made.head_signature = sign_head(head_, device_.id, keys_.secret_key);
    return made;
  }

  /// The next batch as the domain hands it to the storage.
  PreparedBatch batch(const std::vector<EntryBody>& bodies) {
    const SyncRequest made = request(bodies);
    PreparedBatch prepared;
    prepared.tenant_id = device_.tenant_id;
    prepared.gestor_id = device_.gestor_id;
    prepared.device_id = device_.id;
    prepared.base = prepared.head = made.base;
    prepared.received_at_ms = kMorning;
    prepared.head_signature = made.head_signature;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      PreparedEntry entry;
      entry.entry = made.entries[i];
      prepared.head = extend_chain(prepared.head, {&made.entries[i], 1}).value();
      entry.hash = prepared.head.hash;
      entry.body = bodies[i];
      if (const auto* chunk = std::get_if<TrackChunk>(&bodies[i])) {
        geo::Track track = geo::unpack_track(chunk->packed).value();
        entry.fixes = std::move(track.fixes);
        entry.battery = std::move(track.battery);
      }
      prepared.entries.push_back(std::move(entry));
    }
    return prepared;
  }

 private:
  Device device_;
  KeyPair keys_;
  ChainHead head_;
};

/// Applies a batch and waits for its commit.
inline Result<BatchEffects> apply(Storage& storage, PreparedBatch batch) {
  // Shared: the writer may still be leaving set_value() when the test goes on.
  const auto promise = std::make_shared<std::promise<Result<BatchEffects>>>();
  storage.apply_batch(std::move(batch),
                      [promise](Result<BatchEffects> applied) { promise->set_value(std::move(applied)); });
  return promise->get_future().get();
}

/// One company in a storage. `number` keeps several apart.
class SampleCompany {
 public:
  SampleCompany(Storage& storage, std::uint32_t number) : storage_(storage), number_(number) {
    Tenant tenant;
    tenant.id = id();
    tenant.name = "Empresa " + std::to_string(number);
    tenant.policy.tenant_name = tenant.name;
    storage.add_tenant(tenant);
  }

  Uuid id() const { return numbered_id(1, number_); }
  std::string login(std::uint32_t gestor) const {
    return "g" + std::to_string(gestor) + "@" + std::to_string(number_);
  }
  Uuid gestor_id(std::uint32_t gestor) const { return numbered_id(2, number_ * 1000 + gestor); }

  void add_gestor(std::uint32_t gestor) {
    User user;
    user.id = gestor_id(gestor);
    user.tenant_id = id();
    user.login = login(gestor);
    user.name = "Gestor " + std::to_string(gestor);
    storage_.add_user(user).value();
  }

  /// Enrols a phone of the gestor; its bearer token is token_of(its id).
  SamplePhone enrol(std::uint32_t gestor, std::uint32_t phone = 1) {
    const std::string code = "CODE" + std::to_string(number_) + "-" + std::to_string(gestor * 100 + phone);
    storage_.add_enrolment_code({enrolment_code_hash(code), id(), gestor_id(gestor), kMorning + 1000});
    const KeyPair keys = make_key_pair();
    Device device;
    device.id = numbered_id(3, number_ * 100'000 + gestor * 100 + phone);
    device.public_key = keys.public_key;
    device.head.epoch = 1;
    return {
        storage_.enrol_device(enrolment_code_hash(code), token_hash(token_of(device.id)), device, kMorning)
            .value(),
        keys};
  }

  static std::string token_of(const Uuid& device_id) { return "token of " + device_id.to_string(); }

  /// Imports one case for the gestor and returns its id.
  Uuid add_case(int number, std::uint32_t gestor) {
    storage_.import_cases(id(), {sample_import(number, login(gestor))}, kMorning);
    CaseFilter filter;
    filter.text = std::to_string(1000 + number);
    return storage_.cases(id(), filter).cases.at(0).item.id;
  }

 private:
  Storage& storage_;
  std::uint32_t number_;
};

}  // namespace terreno::tests
