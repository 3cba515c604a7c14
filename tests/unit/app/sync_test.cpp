#include <doctest/doctest.h>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "tests/unit/app/phone_world.hpp"

using namespace terreno;
using tests::PhoneWorld;

namespace {

/// Answers a sync as a server does that takes everything.
HttpResponse answer(const PhoneWorld& world, const HttpRequest& request) {
  const SyncRequest batch = codec::decode_sync_request(request.body).value();
  SyncResponse response;
  response.receipt.head = extend_chain(batch.base, batch.entries).value();
  response.receipt.server_time_ms = world.clock.wall_ms();
  response.receipt.signature =
      sign_receipt(response.receipt, world.core->enrolment()->device_id, world.server_keys.secret_key);
  response.cursor = batch.cursor;
  return {200, {}, codec::encode(response)};
}

void sync_all(PhoneWorld& world) {
  for (auto request = world.core->next_request(true); request && request->path == "/v1/sync";
       request = world.core->next_request()) {
    world.core->on_response(answer(world, *request));
  }
}

}  // namespace

TEST_CASE("a fresh phone enrols through its face") {
  tests::TempDir dir;
  tests::ManualClock clock;
  OpenOptions options;
  options.database_path = dir.file("phone.db");
  options.device_name = "Probe";
  const auto core = FieldCore::open(options, clock);
  CHECK_FALSE(core->enrolment().has_value());
  CHECK(core->start_shift().error().code == ErrorCode::NotEnrolled);
  CHECK_FALSE(core->next_request(true).has_value());
  CHECK(core->on_enrol_response({200, {}, {}}).error().code == ErrorCode::InvalidArgument);

  const HttpRequest first = core->enrol_request("ABCD-1234").value();
  const HttpRequest again = core->enrol_request("ABCD-1234").value();
  CHECK(first.body == again.body);  // the same key: the first answer may only have been lost
  const EnrolRequest asked = codec::decode_enrol_request(first.body).value();
  CHECK(asked.device_name == "Probe");
  EnrolResponse response;
  response.device_id.bytes[1] = 2;
  response.token = "secret";
  response.gestor_name = "Lucía";
  response.epoch = 0;
  CHECK(core->on_enrol_response({200, {}, codec::encode(response)}).error().code ==
        ErrorCode::MalformedBytes);
  response.epoch = 1;
  REQUIRE(core->on_enrol_response({200, {}, codec::encode(response)}).ok());
  CHECK(core->enrolment()->gestor_name == "Lucía");
  CHECK(core->enrol_request("X").error().code == ErrorCode::AlreadyEnrolled);
  CHECK(core->on_enrol_response({200, {}, {}}).error().code == ErrorCode::AlreadyEnrolled);
}

TEST_CASE("a phone that the server turned away comes back with a new code and keeps its work") {
  PhoneWorld world;
  sync_all(world);
  const Uuid visit = world.answering_visit();
  world.answer_promise(visit);
  REQUIRE(world.core->finish_visit(visit, *world.core->suggested_outcome(visit)).ok());
  CHECK(world.core->enrol_request("X").error().code == ErrorCode::AlreadyEnrolled);
  REQUIRE(world.core->next_request(true).has_value());
  world.core->on_response({401, {{"Terreno-Error", "Unauthenticated"}}, {}});
  CHECK(world.core->sync_status().trouble == SyncTrouble::Rejected);

  const auto asked = codec::decode_enrol_request(world.core->enrol_request("NEW-CODE").value().body).value();
  EnrolResponse response;
  response.device_id = world.core->enrolment()->device_id;
  response.gestor_id.bytes[0] = 99;
  response.server_key = world.server_keys.public_key;
  response.token = "fresh";
  const auto answered = [&] { return world.core->on_enrol_response({200, {}, codec::encode(response)}); };
  CHECK_MESSAGE(answered().error().code == ErrorCode::AlreadyEnrolled, "a code of another gestor");
  response.gestor_id = world.core->enrolment()->gestor_id;
  REQUIRE(answered().ok());
  const auto request = world.core->next_request();
  REQUIRE(request.has_value());
  CHECK(request->headers.back().second == "Bearer fresh");
  const SyncRequest batch = codec::decode_sync_request(request->body).value();
  const ChainHead head = extend_chain(batch.base, batch.entries).value();
  CHECK(verify_head(head, world.core->enrolment()->device_id, batch.head_signature, asked.public_key));
  world.core->on_response(answer(world, *request));
  CHECK(world.core->sync_status().pending_visits == 0);
}

TEST_CASE("a finished visit asks for a sync at once, its files follow, and then it is confirmed") {
  PhoneWorld world;
  sync_all(world);
  const Uuid visit = world.answering_visit();
  sync_all(world);
  CHECK_FALSE(world.core->next_request().has_value());
  world.answer_promise(visit);
  world.attach(visit, "photo", "façade");
  CHECK_FALSE(world.core->next_request().has_value());  // answers of an open visit stay on the phone
  REQUIRE(world.core->finish_visit(visit, *world.core->suggested_outcome(visit)).ok());
  CHECK(world.core->sync_status().pending_visits == 1);

  const auto request = world.core->next_request();
  REQUIRE(request.has_value());
  CHECK(request->path == "/v1/sync");
  world.core->on_response(answer(world, *request));
  CHECK(world.core->finished_visits(10).at(0).sync == VisitSync::Confirmed);
  CHECK(world.core->finished_visits(10).at(0).files_pending == 1);
  const auto upload = world.core->next_request();
  REQUIRE(upload.has_value());
  CHECK(upload->path != "/v1/sync");
  CHECK(world.core->sync_status().pending_entries == 0);
  CHECK(world.core->sync_status().pending_files == 1);
}

TEST_CASE("track chunks wait for the interval, the end of the shift does not") {
  PhoneWorld world;
  world.core->start_shift().value();
  sync_all(world);
  world.stand_at(0, 8);
  world.clock.advance(300'000);
  CHECK_FALSE(world.core->next_request().has_value());
  CHECK(world.core->sync_status().pending_entries == 1);  // sealed, though no further fix came
  REQUIRE(world.core->end_shift().ok());
  CHECK(world.core->next_request().has_value());
}

TEST_CASE("the language changes what is said from then on") {
  PhoneWorld world;
  CHECK(world.core->end_shift().error().message == "No has iniciado tu jornada.");
  world.core->set_language(Language::English);
  CHECK(world.core->end_shift().error().message == "You have not started your shift.");
}
