#include "core/sync/sync_engine.hpp"

#include <doctest/doctest.h>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "core/journal/journal.hpp"
#include "core/sync/enrolment.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;

namespace {

/// An enrolled phone and the other end of its line, which answers by hand.
struct Line {
  tests::TempDir dir;
  tests::ManualClock clock;
  DeviceStore store{dir.file("phone.db")};
  Journal journal{store, clock};
  KeyPair server_keys = make_key_pair();
  SyncEngine engine{store, clock, Language::Spanish};

  Line() {
    store.keep_enrolment_key(make_key_pair());
    EnrolResponse response;
    response.device_id = make_uuid_v7(clock);
    response.gestor_id = make_uuid_v7(clock);
    response.token = "token";
    response.server_key = server_keys.public_key;
    store.enrol(response);
  }

  static SyncRequest batch_of(const HttpRequest& request) {
    return codec::decode_sync_request(request.body).value();
  }

  SyncResponse answer_to(const SyncRequest& batch) const {
    SyncResponse answer;
    answer.receipt.head = extend_chain(batch.base, batch.entries).value();
    answer.receipt.server_time_ms = clock.wall_ms();
    answer.receipt.signature =
        sign_receipt(answer.receipt, store.identity()->device_id, server_keys.secret_key);
    answer.cursor = batch.cursor;
    return answer;
  }
  void answer(const HttpRequest& request) {
    engine.on_response({200, {}, codec::encode(answer_to(batch_of(request)))});
  }
};

HttpResponse status_only(int status, std::vector<std::pair<std::string, std::string>> headers = {}) {
  return {status, std::move(headers), {}};
}

}  // namespace

TEST_CASE("a fresh phone syncs at once, and then only when something is due") {
  Line line;
  line.journal.append(ShiftStarted{make_uuid_v7(line.clock), line.clock.wall_ms()});
  const auto request = line.engine.next_request(false);
  REQUIRE(request.has_value());
  CHECK(request->path == "/v1/sync");
  CHECK(request->headers.back() == std::pair<std::string, std::string>("Authorization", "Bearer token"));
  CHECK_FALSE(line.engine.next_request(true).has_value());  // one in flight
  line.answer(*request);
  CHECK(line.store.confirmed_head() == line.store.chain_head());
  CHECK(line.engine.status().pending_entries == 0);
  CHECK_FALSE(line.engine.next_request(false).has_value());
  line.clock.advance(std::int64_t{1000} * line.store.policy().sync_interval_s);
  CHECK(line.engine.next_request(false).has_value());
}

TEST_CASE("a track chunk waits for the interval, a shift's end does not") {
  Line line;
  line.answer(*line.engine.next_request(false));
  line.journal.append(TrackChunk{});
  CHECK_FALSE(line.engine.next_request(false).has_value());
  line.journal.append(ShiftEnded{});
  const auto request = line.engine.next_request(false);
  REQUIRE(request.has_value());
  CHECK(Line::batch_of(*request).entries.size() == 2);
}

TEST_CASE("the head of a batch is signed by the phone") {
  Line line;
  line.journal.append(ShiftStarted{});
  const SyncRequest batch = Line::batch_of(*line.engine.next_request(false));
  const ChainHead head = extend_chain(batch.base, batch.entries).value();
  const auto identity = line.store.identity();
  CHECK(verify_head(head, identity->device_id, batch.head_signature, identity->keys.public_key));
}

TEST_CASE("an answer that our server did not sign confirms nothing") {
  Line line;
  line.journal.append(ShiftStarted{});
  const auto request = line.engine.next_request(false);
  SyncResponse forged = line.answer_to(Line::batch_of(*request));
  forged.receipt.signature =
      sign_receipt(forged.receipt, line.store.identity()->device_id, make_key_pair().secret_key);
  line.engine.on_response({200, {}, codec::encode(forged)});
  CHECK(line.engine.status().pending_entries == 1);
  CHECK(line.engine.status().trouble == SyncTrouble::NotOurServer);
}

TEST_CASE("a captive portal's page is recognised and loses nothing") {
  Line line;
  line.journal.append(ShiftStarted{});
  REQUIRE(line.engine.next_request(false).has_value());
  line.engine.on_response(
      {200, {{"Content-Type", "text/html"}}, to_bytes(as_bytes("<html>Bienvenido</html>"))});
  const SyncStatus status = line.engine.status();
  CHECK(status.trouble == SyncTrouble::NotOurServer);
  CHECK(status.pending_entries == 1);
  CHECK(status.trouble_text.find("red") != std::string::npos);
}

TEST_CASE("a pause that the server asks for is kept even when a person pulls to refresh") {
  Line line;
  REQUIRE(line.engine.next_request(false).has_value());
  line.engine.on_response(status_only(503, {{"retry-after", "60"}}));
  CHECK(line.engine.status().trouble == SyncTrouble::ServerBusy);
  line.clock.advance(59'000);
  CHECK_FALSE(line.engine.next_request(true).has_value());
  line.clock.advance(1'000);
  CHECK(line.engine.next_request(true).has_value());
}

TEST_CASE("without connection the pauses grow, yet a person may try at once") {
  Line line;
  std::int64_t last_pause = 0;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(line.engine.next_request(true).has_value());
    line.engine.on_failure(NetworkFailure::NoConnection);
    CHECK_FALSE(line.engine.next_request(false).has_value());
    const std::int64_t pause = *line.engine.status().next_attempt_at_ms - line.clock.wall_ms();
    CHECK(pause >= last_pause / 2);
    CHECK(pause <= RetrySchedule::kLongestDelayMs);
    last_pause = pause;
  }
  CHECK(last_pause >= 40'000);
}

TEST_CASE("a batch that is too large for the server comes again smaller") {
  Line line;
  TrackChunk chunk;
  for (int i = 0; i < 30; ++i) {
    chunk.packed = Bytes(2000);
    fill_random(chunk.packed);
    line.journal.append(chunk);
  }
  const auto first = line.engine.next_request(false);
  line.engine.on_response(status_only(413));
  const auto second = line.engine.next_request(false);
  REQUIRE(second.has_value());
  CHECK(Line::batch_of(*second).entries.size() < Line::batch_of(*first).entries.size());
}

TEST_CASE("a phone that stays cut off in mid-request goes on by itself after a while") {
  Line line;
  REQUIRE(line.engine.next_request(false).has_value());
  line.clock.advance(SyncEngine::kInFlightLimitMs);
  CHECK_FALSE(line.engine.next_request(false).has_value());  // counted as failed; patience first
  line.clock.advance(RetrySchedule::kFirstDelayMs);
  CHECK(line.engine.next_request(false).has_value());
}

TEST_CASE("a new epoch carries every unconfirmed entry over with its payload") {
  Line line;
  line.journal.append(ShiftStarted{make_uuid_v7(line.clock), 1});
  line.answer(*line.engine.next_request(false));
  line.journal.append(ShiftEnded{make_uuid_v7(line.clock), 2});
  const SyncRequest before = Line::batch_of(*line.engine.next_request(false));
  SyncResponse fork = line.answer_to(before);
  fork.new_epoch = 2;
  line.engine.on_response({200, {}, codec::encode(fork)});
  const auto again = line.engine.next_request(false);
  REQUIRE(again.has_value());
  const SyncRequest after = Line::batch_of(*again);
  CHECK(after.base == ChainHead{2, 0, {}});
  REQUIRE(after.entries.size() == 1);
  CHECK(after.entries[0].payload == before.entries[0].payload);
  line.answer(*again);
  CHECK(line.engine.status().pending_entries == 0);
}

TEST_CASE("what our server refuses is told in words and keeps the work") {
  struct Refusal {
    int status;
    const char* code;
    SyncTrouble trouble;
  };
  for (const Refusal& refusal : {Refusal{401, "Unauthenticated", SyncTrouble::Rejected},
                                 Refusal{403, "Forbidden", SyncTrouble::Refused},
                                 Refusal{426, "UnsupportedVersion", SyncTrouble::UpgradeNeeded},
                                 Refusal{400, "MalformedBytes", SyncTrouble::Refused},
                                 Refusal{409, "SignatureMismatch", SyncTrouble::Refused},
                                 Refusal{418, "of a newer server", SyncTrouble::Refused}}) {
    CAPTURE(refusal.code);
    Line line;
    line.journal.append(ShiftStarted{});
    REQUIRE(line.engine.next_request(false).has_value());
    line.engine.on_response(status_only(refusal.status, {{"terreno-error", refusal.code}}));
    CHECK(line.engine.status().trouble == refusal.trouble);
    CHECK(line.engine.status().trouble_text.find("red") == std::string::npos);
    CHECK(line.engine.status().pending_entries == 1);
  }
}

TEST_CASE("the same statuses from whoever stands between are the network's") {
  for (const int status : {302, 400, 401, 403, 407, 409, 426, 511}) {
    CAPTURE(status);
    Line line;
    REQUIRE(line.engine.next_request(false).has_value());
    line.engine.on_response(status_only(status));
    CHECK(line.engine.status().trouble ==
          (status < 500 ? SyncTrouble::NotOurServer : SyncTrouble::ServerBusy));
  }
}

TEST_CASE("an enrolment answer says what a gestor can do about it") {
  CHECK(read_enrol_response(status_only(404), Language::Spanish).error().code == ErrorCode::NotFound);
  CHECK(read_enrol_response(status_only(429), Language::Spanish).error().code == ErrorCode::TooManyRequests);
  CHECK(read_enrol_response(status_only(302), Language::English).error().code == ErrorCode::MalformedBytes);
  EnrolResponse good;
  good.token = "t";
  CHECK(read_enrol_response({200, {}, codec::encode(good)}, Language::Spanish).value() == good);
}
