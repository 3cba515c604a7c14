#include "core/codec/codec.hpp"

#include <doctest/doctest.h>

#include <random>

#include "core/base/uuid.hpp"
#include "core/geo/track_codec.hpp"

using namespace terreno;

namespace {

const SystemClock system_clock_;

VisitFinished sample_visit() {
  VisitFinished visit;
  visit.visit_id = make_uuid_v7(system_clock_);
  visit.case_id = make_uuid_v7(system_clock_);
  visit.shift_id = make_uuid_v7(system_clock_);
  visit.arrived_at_ms = 1'790'000'000'000;
  visit.finished_at_ms = 1'790'000'540'000;
  visit.boot_id = 0xfeedfacecafebeefULL;
  visit.arrived_mono_ms = 5'000;
  visit.finished_mono_ms = 545'000;
  visit.fence = {{20.6, -100.4}, 50, PinPrecision::Rooftop};
  for (int i = 0; i < 10; ++i) {
    Fix fix;
    fix.captured_at_ms = visit.arrived_at_ms - 10'000 * (10 - i);
    fix.point = {20.6 + 1e-5 * i, -100.4};
    fix.accuracy_m = 8;
    fix.speed_mps = 1.2;
    visit.arrival_fixes.push_back(geo::quantised(fix));
  }
  visit.verdict = {GateAnswer::Inside, GateReason::Inside, 0.98, 7.25, 9.5, 120.5, {20.60001, -100.40002}};
  visit.form_id = "visita_cobranza";
  visit.form_version = "1";
  visit.form_context = {visit.arrived_at_ms, -360, 42, {{"balance", "1500"}}};
  visit.answers = {{"outcome", "promise"}, {"promise/amount", "500"}};
  visit.outcome = {"promise", PromiseToPay{50'000, "2026-12-01", "transfer"}, Payment{100, "cash", "7"},
                   "volver"};
  EvidenceRef photo;
  photo.sha256 = sha256(as_bytes("foto"));
  photo.media_type = "image/jpeg";
  photo.size = 4;
  visit.evidence = {photo};
  visit.battery_percent = 71;
  return visit;
}

SyncRequest sample_request() {
  SyncRequest request;
  request.base = {1, 41, sha256(as_bytes("base"))};
  request.phone_time_ms = 1'790'000'600'000;
  request.cursor = 12;
  for (std::uint64_t i = 0; i < 3; ++i) {
    JournalEntry entry;
    entry.epoch = 1;
    entry.seq = 42 + i;
    entry.wall_ms = 1'790'000'000'000 + static_cast<WallMs>(i) * 1000;
    entry.mono_ms = 1000 * static_cast<MonoMs>(i);
    entry.boot_id = i < 2 ? 77 : 78;
    const EntryBody body = i == 1 ? EntryBody(sample_visit()) : EntryBody(ShiftStarted{Uuid{}, 5});
    entry.kind = codec::kind_of(body);
    entry.payload = codec::encode_body(body);
    request.entries.push_back(entry);
  }
  return request;
}

SyncResponse sample_response() {
  SyncResponse response;
  response.receipt = {{1, 44, sha256(as_bytes("head"))}, 1'790'000'601'000, {}};
  response.quarantined = {{43, ErrorCode::UnsupportedVersion}};
  Case item;
  item.id = make_uuid_v7(system_clock_);
  item.key = "C-001";
  item.party = {"Ana Ruiz", "5550000000"};
  item.place = {PlaceKind::Home, "Calle 1", "portón", {{20.5, -100.1}, 50, PinPrecision::Street}};
  item.due_at_ms = 5;
  item.data = {{"balance", "1200.50"}};
  response.changes = {item, CaseRemoved{item.id}, FormVersion{"f", "1", "F", "<x/>"},
                      OutcomeCatalogue{{OutcomeDefinition{}}}, TenantPolicy{}};
  response.cursor = 99;
  response.more = true;
  response.new_epoch = 2;
  return response;
}

}  // namespace

TEST_CASE("every message comes back as it went") {
  const EnrolRequest enrol{"ABCD", make_key_pair().public_key, Platform::Ios, "Moto G", "1.0"};
  CHECK(codec::decode_enrol_request(codec::encode(enrol)).value() == enrol);
  EnrolResponse answer;
  answer.token = "token";
  answer.gestor_name = "Inés";
  CHECK(codec::decode_enrol_response(codec::encode(answer)).value() == answer);
  const SyncRequest request = sample_request();
  CHECK(codec::decode_sync_request(codec::encode(request)).value() == request);
  const SyncResponse response = sample_response();
  CHECK(codec::decode_sync_response(codec::encode(response)).value() == response);
}

TEST_CASE("every journal entry comes back as it went") {
  const VisitFinished visit = sample_visit();
  const EntryBody bodies[] = {
      ShiftStarted{visit.shift_id, 1}, ShiftEnded{visit.shift_id, 2},
      TrackChunk{visit.shift_id, 1, 2, 3, 4, Bytes{1, 2, 3}}, visit,
      VisitCancelled{visit.visit_id, visit.case_id, visit.shift_id, 1, 2, "lluvia", visit.verdict}};
  for (const EntryBody& body : bodies) {
    const EntryBody back =
        codec::decode_body(codec::kind_of(body), codec::kEntryVersion, codec::encode_body(body)).value();
    CHECK(back == body);
  }
}

TEST_CASE("an entry of a newer version or kind asks for an upgrade") {
  const Bytes payload = codec::encode_body(ShiftStarted{});
  CHECK(codec::decode_body(EntryKind::ShiftStarted, 2, payload).error().code ==
        ErrorCode::UnsupportedVersion);
  CHECK(codec::decode_body(static_cast<EntryKind>(99), 1, payload).error().code ==
        ErrorCode::UnsupportedVersion);
}

TEST_CASE("a nine-byte message that claims gigabytes is refused before memory is taken") {
  const Bytes claim = {0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
  CHECK(codec::decode_sync_request(claim).error().code == ErrorCode::MalformedBytes);
  CHECK(codec::decode_sync_response(claim).error().code == ErrorCode::MalformedBytes);
  CHECK(codec::decode_enrol_request(claim).error().code == ErrorCode::MalformedBytes);
  CHECK(codec::decode_body(EntryKind::VisitFinished, 1, claim).error().code == ErrorCode::MalformedBytes);
}

TEST_CASE("a compressed message over its ceiling is refused by its stated size") {
  const Bytes bomb = codec::compress(Bytes(codec::kMaxMessageBytes + 1, 0));
  Bytes message = {1, 1};
  message.insert(message.end(), bomb.begin(), bomb.end());
  CHECK(codec::decode_sync_request(message).error().code == ErrorCode::TooLarge);
}

TEST_CASE("decoders survive every cut and thousands of bit flips of real messages") {
  const Bytes messages[] = {codec::encode(sample_request()), codec::encode(sample_response())};
  std::mt19937 random(7);
  for (const Bytes& whole : messages) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const ByteView cut = ByteView(whole).first(size);
      CHECK_FALSE(codec::decode_sync_request(cut).ok());
      CHECK_FALSE(codec::decode_sync_response(cut).ok());
    }
    for (int round = 0; round < 4000; ++round) {
      Bytes broken = whole;
      for (int flips = 0; flips < 3; ++flips)
        broken[random() % broken.size()] ^= std::uint8_t(1U << (random() % 8));
      (void)codec::decode_sync_request(broken).ok();
      (void)codec::decode_sync_response(broken).ok();
    }
  }
  const Bytes visit = codec::encode_body(sample_visit());
  for (int round = 0; round < 4000; ++round) {
    Bytes broken = visit;
    for (int flips = 0; flips < 3; ++flips)
      broken[random() % broken.size()] ^= std::uint8_t(1U << (random() % 8));
    if (const auto body = codec::decode_body(EntryKind::VisitFinished, 1, broken); body.ok()) {
      (void)codec::encode_body(*body);
    }
  }
}
