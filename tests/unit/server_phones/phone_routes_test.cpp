#include <doctest/doctest.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "server/api/phone_routes.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

std::unique_ptr<Storage> open_in(const TempDir& folder) {
  SqliteOptions options;
  options.path = folder.file("terreno.db");
  return open_sqlite_storage(options);
}

/// A server without HTTP: requests go in, responses come out.
struct Office {
  Office() { company.add_gestor(1); }

  Response call(Request request) {
    const auto promise = std::make_shared<std::promise<Response>>();
    routes.handle(std::move(request),
                  [promise](Response response) { promise->set_value(std::move(response)); });
    return promise->get_future().get();
  }

  Response enrol(const std::string& code, const PublicKey& key = {}, const std::string& remote = "10.0.0.1") {
    EnrolRequest message;
    message.code = code;
    message.public_key = key;
    Request request;
    request.method = "POST";
    request.path = "/v1/enrol";
    request.remote = remote;
    request.body = codec::encode(message);
    return call(std::move(request));
  }

  void give_code(const std::string& code) {
    storage->add_enrolment_code(
        {enrolment_code_hash(code), company.id(), company.gestor_id(1), clock.wall_ms() + 60'000});
  }

  /// A phone that enrolled through the route.
  SamplePhone enrolled_phone(std::string& token) {
    give_code("ABCD-EFGH-JKLM");
    const KeyPair keys = make_key_pair();
    const Response response = enrol("abcd efgh-jklm", keys.public_key);
    REQUIRE(response.status == 200);
    const auto answer = codec::decode_enrol_response(as_bytes(response.body)).value();
    token = answer.token;
    Device device;
    device.id = answer.device_id;
    device.tenant_id = company.id();
    device.gestor_id = answer.gestor_id;
    device.public_key = keys.public_key;
    device.head.epoch = answer.epoch;
    return {device, keys};
  }

  Request sync_request(const SyncRequest& message, const std::string& token) {
    Request request;
    request.method = "POST";
    request.path = "/v1/sync";
    request.headers["authorization"] = "Bearer " + token;
    request.body = codec::encode(message);
    return request;
  }

  SyncResponse sync(const SyncRequest& message, const std::string& token) {
    const Response response = call(sync_request(message, token));
    REQUIRE(response.status == 200);
    return codec::decode_sync_response(as_bytes(response.body)).value();
  }

  TempDir folder;
  ManualClock clock;
  std::unique_ptr<Storage> storage = open_in(folder);
  SampleCompany company{*storage, 1};
  EvidenceFiles files{folder.path() / "evidence"};
  FormCache forms{[this](const Uuid& tenant, std::string_view form, std::string_view version) {
    return storage->find_form(tenant, form, version);
  }};
  std::mutex mutex;
  std::vector<BatchEffects> published;
  PhoneRoutes routes{*storage, files, clock, forms,
                     [this](const CommittedBatch&, const BatchEffects& effects) {
                       const std::lock_guard lock(mutex);
                       published.push_back(effects);
                     }};
};

std::string header_of(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

constexpr VisitFilter kAllVisits{{0, kMorning * 2}, std::nullopt, std::nullopt, 5000, 0};

}  // namespace

TEST_CASE("a phone enrols once with a code typed any way") {
  Office office;
  std::string token;
  const SamplePhone phone = office.enrolled_phone(token);
  CHECK(phone.device().gestor_id == office.company.gestor_id(1));
  CHECK(token.size() >= 43);
  CHECK(office.enrol("ABCDEFGHJKLM", make_key_pair().public_key).status == 404);
  Request nonsense;
  nonsense.method = "POST";
  nonsense.path = "/v1/enrol";
  nonsense.body = {1, 2, 3};
  CHECK(office.call(nonsense).status == 426);
  nonsense.method = "GET";
  CHECK(office.call(nonsense).status == 405);
}

TEST_CASE("a phone that lost the answer to its enrolment asks again and is the same phone") {
  Office office;
  office.give_code("LOST");
  const KeyPair keys = make_key_pair();
  const auto lost =
      codec::decode_enrol_response(as_bytes(office.enrol("LOST", keys.public_key).body)).value();
  const auto again =
      codec::decode_enrol_response(as_bytes(office.enrol("LOST", keys.public_key).body)).value();
  CHECK(again.device_id == lost.device_id);
  CHECK(again.token != lost.token);
  CHECK(office.enrol("LOST", make_key_pair().public_key).status == 404);
  Device device;
  device.id = again.device_id;
  device.head.epoch = again.epoch;
  SamplePhone phone(device, keys);
  CHECK(office.call(office.sync_request(phone.request({}), lost.token)).status == 401);
  CHECK(office.call(office.sync_request(phone.request({}), again.token)).status == 200);
  office.clock.advance(61'000);
  CHECK(office.enrol("LOST", keys.public_key).status == 404);
}

TEST_CASE("guessing codes is stopped per address and per code; right codes do not count") {
  Office office;
  for (int i = 0; i < 20; ++i) CHECK(office.enrol("WRONG" + std::to_string(i), {}, "10.0.0.9").status == 404);
  const Response stopped = office.enrol("WRONG", {}, "10.0.0.9");
  CHECK(stopped.status == 429);
  CHECK(std::stoi(header_of(stopped, "Retry-After")) > 0);
  for (int i = 0; i < 5; ++i) CHECK(office.enrol("SAME", {}, "10.0.1." + std::to_string(i)).status == 404);
  CHECK(office.enrol("same", {}, "10.0.2.1").status == 429);
  for (int i = 0; i < 30; ++i) {
    office.give_code("GOOD" + std::to_string(i));
    CHECK(office.enrol("GOOD" + std::to_string(i), {}, "10.0.3.1").status == 200);
  }
  office.clock.advance(16 * 60'000);
  CHECK(office.enrol("WRONG", {}, "10.0.0.9").status == 404);
}

TEST_CASE("a sync writes, publishes and answers with a receipt that verifies and with what is new") {
  Office office;
  const Uuid case_id = office.company.add_case(1, 1);
  std::string token;
  SamplePhone phone = office.enrolled_phone(token);
  const SyncRequest message = phone.request({sample_visit(numbered_id(4, 1), case_id)});
  const SyncResponse answer = office.sync(message, token);
  CHECK(answer.receipt.head == phone.head());
  CHECK(verify_receipt(answer.receipt, phone.device().id, office.storage->server_key().public_key));
  CHECK(answer.changes.size() == 3);  // policy, catalogue, the case
  CHECK_FALSE(answer.more);
  CHECK_FALSE(answer.new_epoch);
  const VisitRecord held = office.storage->find_visit(office.company.id(), numbered_id(4, 1)).value();
  CHECK(held.gestor_id == office.company.gestor_id(1));
  CHECK(office.storage->find_case(office.company.id(), case_id)->item.state == CaseState::Revisit);

  CHECK(office.sync(message, token).receipt.head == phone.head());
  CHECK(office.storage->visits(office.company.id(), kAllVisits).size() == 1);
  CHECK(office.sync(phone.request({}, answer.cursor), token).changes.empty());
  REQUIRE(office.published.size() == 3);
  CHECK(office.published[0].new_visits.size() == 1);
  CHECK(office.published[1].new_visits.empty());
}

TEST_CASE("only the phone's own credential and signature are believed") {
  Office office;
  std::string token;
  SamplePhone phone = office.enrolled_phone(token);
  const SyncRequest message = phone.request({sample_visit(numbered_id(4, 1), {})});
  Request request = office.sync_request(message, token);
  request.headers.clear();
  CHECK(office.call(request).status == 401);
  request.headers["authorization"] = "Bearer something";
  CHECK(office.call(request).status == 401);
  request = office.sync_request(message, token);
  request.body = to_bytes(as_bytes("no message at all"));
  CHECK(office.call(request).status >= 400);
  SyncRequest forged = message;
  forged.head_signature[3] ^= 1;
  CHECK(office.call(office.sync_request(forged, token)).status == 409);
  forged = message;
  forged.entries[0].payload.back() ^= 1;
  CHECK(office.call(office.sync_request(forged, token)).status == 409);
  CHECK(office.storage->visits(office.company.id(), kAllVisits).empty());

  office.storage->set_user_active(office.company.id(), office.company.gestor_id(1), false);
  const Response rejected = office.call(office.sync_request(message, token));
  CHECK(rejected.status == 401);
  CHECK(header_of(rejected, "Terreno-Error") == "Unauthenticated");
}

TEST_CASE("a phone that the server knows is refused as soon as another process takes it out of service") {
  Office office;
  std::string token;
  SamplePhone phone = office.enrolled_phone(token);
  const Uuid case_id = office.company.add_case(1, 1);
  REQUIRE(office.call(office.sync_request(phone.request({sample_visit(numbered_id(4, 1), case_id)}), token))
              .status == 200);
  open_in(office.folder)->set_user_active(office.company.id(), office.company.gestor_id(1), false);
  const Response refused =
      office.call(office.sync_request(phone.request({sample_visit(numbered_id(4, 2), case_id)}), token));
  CHECK(refused.status == 401);
  CHECK(office.storage->visits(office.company.id(), kAllVisits).size() == 1);
}

TEST_CASE("an entry that cannot be read is put aside and the rest goes through") {
  Office office;
  std::string token;
  SamplePhone phone = office.enrolled_phone(token);
  TrackChunk chunk = sample_chunk(numbered_id(5, 1), kMorning);
  chunk.packed.resize(chunk.packed.size() / 2);
  const SyncResponse answer = office.sync(phone.request({chunk, sample_visit(numbered_id(4, 1), {})}), token);
  CHECK(answer.receipt.head == phone.head());
  REQUIRE(answer.quarantined.size() == 1);
  CHECK(answer.quarantined[0].seq == 1);
  CHECK(office.storage->visits(office.company.id(), kAllVisits).size() == 1);
}

TEST_CASE("a phone whose journal forked gets a new epoch and loses nothing") {
  Office office;
  std::string token;
  SamplePhone phone = office.enrolled_phone(token);
  SamplePhone restored = phone;
  office.sync(phone.request({sample_visit(numbered_id(4, 1), {})}), token);
  const SyncResponse forked = office.sync(restored.request({sample_visit(numbered_id(4, 2), {})}), token);
  REQUIRE(forked.new_epoch);
  CHECK(*forked.new_epoch == 2);
  CHECK(verify_receipt(forked.receipt, phone.device().id, office.storage->server_key().public_key));
  restored.continue_from({*forked.new_epoch, 0, {}});
  const SyncResponse mended = office.sync(restored.request({sample_visit(numbered_id(4, 2), {})}), token);
  CHECK_FALSE(mended.new_epoch);
  CHECK(office.storage->visits(office.company.id(), kAllVisits).size() == 2);
  CHECK(office.published.size() == 2);
}

TEST_CASE("evidence arrives in pieces, survives a restart and is verified at the end") {
  Office office;
  std::string token;
  SamplePhone phone = office.enrolled_phone(token);
  Bytes photo = {0xFF, 0xD8, 0xFF, 0xE0};
  photo.resize(10'000, 7);
  VisitFinished visit = sample_visit(numbered_id(4, 1), {});
  EvidenceRef named;
  named.sha256 = sha256(photo);
  named.media_type = "image/jpeg";
  named.size = photo.size();
  visit.evidence = {named};

  const auto tus = [&](const std::string& method, const std::string& path) {
    Request request;
    request.method = method;
    request.path = path;
    request.headers = {{"authorization", "Bearer " + token}, {"tus-resumable", "1.0.0"}};
    return request;
  };
  const auto create = [&] {
    std::string name = to_base64url(named.sha256) + "=";
    std::replace(name.begin(), name.end(), '-', '+');
    std::replace(name.begin(), name.end(), '_', '/');
    Request request = tus("POST", "/v1/files");
    request.headers["upload-length"] = std::to_string(photo.size());
    request.headers["upload-metadata"] = "sha256 " + name + ",media_type aW1hZ2UvanBlZw==";
    return office.call(request);
  };
  const auto patch = [&](const std::string& path, std::size_t offset, const Bytes& bytes) {
    Request request = tus("PATCH", path);
    request.headers["content-type"] = "application/offset+octet-stream";
    request.headers["upload-offset"] = std::to_string(offset);
    request.body = bytes;
    return office.call(request);
  };

  CHECK_MESSAGE(create().status == 403, "the entry that names the file comes first");
  CHECK(header_of(create(), "Terreno-Error") == "Forbidden");
  office.sync(phone.request({visit}), token);
  const Response created = create();
  REQUIRE(created.status == 201);
  const std::string path = header_of(created, "Location");
  CHECK(path == "/v1/files/" + to_hex(named.sha256));
  CHECK(patch(path, 0, {photo.begin(), photo.begin() + 6000}).status == 204);
  CHECK(patch(path, 0, photo).status == 409);
  CHECK(header_of(office.call(tus("HEAD", path)), "Upload-Offset") == "6000");
  CHECK(office.storage->find_evidence(office.company.id(), named.sha256)->state == EvidenceState::Receiving);
  const Response done = patch(path, 6000, {photo.begin() + 6000, photo.end()});
  CHECK(done.status == 204);
  CHECK(header_of(done, "Upload-Offset") == "10000");
  CHECK(office.storage->find_evidence(office.company.id(), named.sha256)->state == EvidenceState::Received);
  CHECK(create().status == 200);
  Request other_version = tus("HEAD", path);
  other_version.headers["tus-resumable"] = "0.2.2";
  CHECK(office.call(other_version).status == 412);
  CHECK(office.call(tus("HEAD", "/v1/files/" + std::string(64, 'a'))).status == 404);
  CHECK(office.call(tus("DELETE", path)).status == 405);
}

TEST_CASE("each phone address bounds its body before it is read") {
  CHECK(PhoneRoutes::body_limit("POST", "/v1/sync") > 0);
  CHECK(PhoneRoutes::body_limit("POST", "/v1/enrol") <= 4096);
  CHECK(PhoneRoutes::body_limit("GET", "/v1/sync") == 0);
  CHECK(PhoneRoutes::body_limit("PATCH", "/v1/files/ab") > 0);
  CHECK(PhoneRoutes::handles("/v1/files"));
  CHECK_FALSE(PhoneRoutes::handles("/v1/filesystem"));
}

TEST_CASE("many phones sync at once through the routes") {
  Office office;
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  std::vector<std::pair<SamplePhone, std::string>> phones;
  for (std::uint32_t i = 0; i < 8; ++i) {
    SamplePhone phone = office.company.enrol(1, i + 10);
    phones.emplace_back(phone, SampleCompany::token_of(phone.device().id));
  }
  for (std::uint32_t i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (std::uint32_t n = 0; n < 10; ++n) {
        const SyncRequest message = phones[i].first.request({sample_visit(numbered_id(4, i * 100 + n), {})});
        if (office.call(office.sync_request(message, phones[i].second)).status != 200) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  CHECK(office.storage->visits(office.company.id(), kAllVisits).size() == 80);
}
