#include "core/sync/file_upload.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "core/journal/journal.hpp"
#include "core/sync/headers.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;

namespace {

/// A phone with a confirmed visit that names some files.
struct Phone {
  tests::TempDir dir;
  tests::ManualClock clock;
  DeviceStore store{dir.file("phone.db")};
  KeyPair server_keys = make_key_pair();
  std::vector<Bytes> files;

  explicit Phone(const std::vector<std::size_t>& sizes) {
    store.keep_enrolment_key(make_key_pair());
    EnrolResponse response;
    response.device_id = make_uuid_v7(clock);
    response.server_key = server_keys.public_key;
    store.enrol(response);
    VisitDraft draft;
    draft.visit.visit_id = make_uuid_v7(clock);
    for (const std::size_t size : sizes) {
      files.emplace_back(size);
      fill_random(files.back());
      EvidenceRef ref;
      ref.sha256 = sha256(files.back());
      ref.media_type = "image/jpeg";
      ref.size = size;
      draft.visit.evidence.push_back(ref);
    }
    store.save_draft(draft);
    for (const Bytes& file : files) store.keep_evidence(draft.visit.visit_id, sha256(file), file);
    const std::uint64_t seq = Journal(store, clock).append(draft.visit);
    store.finish_draft(draft.visit, CaseState::Revisit, seq);
    Receipt receipt;
    receipt.head = store.chain_head();
    store.confirm(receipt, {}).value();
  }
};

std::uint64_t number_of(const HttpRequest& request, std::string_view name) {
  HttpResponse as_response;
  as_response.headers = request.headers;
  return header_number(as_response, name).value();
}

/// The other end, by the rules of tus 1.0.
struct TusPeer {
  struct Upload {
    std::uint64_t length = 0;
    Bytes bytes;
  };
  std::map<std::string, Upload> uploads;
  std::size_t bytes_received = 0;

  /// Takes at most `arriving` bytes of the body, as when the line is cut after them.
  HttpResponse serve(const HttpRequest& request, std::size_t arriving = SIZE_MAX) {
    if (request.method == "POST") {
      const std::string path = "/v1/files/" + std::to_string(uploads.size());
      uploads[path].length = number_of(request, "Upload-Length");
      return {201, {{"location", path}, {"upload-offset", "0"}}, {}};
    }
    const auto found = uploads.find(request.path);
    if (found == uploads.end()) return {404, {}, {}};
    Upload& upload = found->second;
    if (request.method == "HEAD") return {200, {{"upload-offset", std::to_string(upload.bytes.size())}}, {}};
    if (number_of(request, "Upload-Offset") != upload.bytes.size()) return {409, {}, {}};
    const std::size_t taken = std::min(arriving, request.body.size());
    bytes_received += taken;
    upload.bytes.insert(upload.bytes.end(), request.body.begin(),
                        request.body.begin() + static_cast<std::ptrdiff_t>(taken));
    return {204, {{"upload-offset", std::to_string(upload.bytes.size())}}, {}};
  }
};

HttpResponse refusal(int status, std::string code) {
  return {status, {{"terreno-error", std::move(code)}}, {}};
}

bool holds_all(const TusPeer& peer, const std::vector<Bytes>& files) {
  std::size_t found = 0;
  for (const Bytes& file : files) {
    for (const auto& [path, upload] : peer.uploads) found += upload.bytes == file ? 1 : 0;
  }
  return found == files.size();
}

}  // namespace

TEST_CASE("files arrive whole on a good line, and their bytes are dropped from the phone") {
  Phone phone({10, 300'000, 70'000});
  FileUpload upload(phone.store);
  TusPeer peer;
  while (const auto request = upload.next_request())
    CHECK(upload.on_response(peer.serve(*request)) == FileUpload::Step::GoOn);
  CHECK(holds_all(peer, phone.files));
  CHECK(phone.store.pending_counts().files == 0);
  CHECK_FALSE(phone.store.file_bytes(sha256(phone.files[0]), 0, 10).ok());
}

TEST_CASE("whatever the line cuts, files arrive whole and at most a piece is sent again for each cut") {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937 random(seed);
    Phone phone({200'000, 50'000});
    auto upload = std::make_unique<FileUpload>(phone.store);
    TusPeer peer;
    std::size_t cuts = 0;
    std::size_t bytes_sent = 0;
    while (const auto request = upload->next_request()) {
      bytes_sent += request->body.size();
      switch (random() % 6) {
        case 0:  // nothing arrives
          ++cuts;
          upload->on_failure();
          break;
        case 1:  // a part arrives, the answer does not
          ++cuts;
          (void)peer.serve(*request, random() % (request->body.size() + 1));
          upload->on_failure();
          break;
        case 2:  // all arrives, then the process dies
          ++cuts;
          (void)peer.serve(*request);
          upload = std::make_unique<FileUpload>(phone.store);
          break;
        default:
          (void)upload->on_response(peer.serve(*request));
      }
      REQUIRE(cuts < 1000);
    }
    CHECK(holds_all(peer, phone.files));
    CHECK(bytes_sent <= 250'000 + cuts * FileUpload::kLargestPiece);
    CHECK(peer.bytes_received == 250'000);
  }
}

TEST_CASE("evidence is never sent to another place than our server") {
  Phone phone({100});
  FileUpload upload(phone.store);
  REQUIRE(upload.next_request().has_value());
  CHECK(upload.on_response({201, {{"Location", "https://elsewhere.example/v1/files/1"}}, {}}) ==
        FileUpload::Step::TryLater);
  CHECK(upload.next_request()->method == "POST");
}

TEST_CASE("a server that answers without moving on is not asked in a loop") {
  Phone phone({100});
  FileUpload upload(phone.store);
  TusPeer peer;
  (void)upload.on_response(peer.serve(*upload.next_request()));
  REQUIRE(upload.next_request()->method == "PATCH");
  CHECK(upload.on_response({204, {{"Upload-Offset", "0"}}, {}}) == FileUpload::Step::TryLater);
}

TEST_CASE("a file that the server never takes is set aside, and the next one goes on") {
  for (const auto& [status, code] : {std::pair(400, "InvalidArgument"), std::pair(403, "Forbidden"),
                                     std::pair(413, "TooLarge"), std::pair(422, "EvidenceInvalid")}) {
    CAPTURE(code);
    Phone phone({100, 200});
    FileUpload upload(phone.store);
    REQUIRE(upload.next_request().has_value());
    CHECK(upload.on_response(refusal(status, code)) == FileUpload::Step::GoOn);
    CHECK(phone.store.pending_counts().files_set_aside == 1);
    const auto next = upload.next_request();
    REQUIRE(next.has_value());
    CHECK(number_of(*next, "Upload-Length") == 200);
  }
}

TEST_CASE("what a proxy or a portal refuses is offered again") {
  for (const int status : {400, 403, 413, 422}) {
    CAPTURE(status);
    Phone phone({100'000});
    FileUpload upload(phone.store);
    REQUIRE(upload.next_request().has_value());
    CHECK(upload.on_response({status, {{"Content-Type", "text/html"}}, {}}) == FileUpload::Step::TryLater);
    CHECK(phone.store.pending_counts().files_set_aside == 0);
  }
}

TEST_CASE("a proxy that takes only small pieces gets small pieces") {
  Phone phone({200'000});
  FileUpload upload(phone.store);
  TusPeer peer;
  (void)upload.on_response(peer.serve(*upload.next_request()));
  const auto first = upload.next_request();
  CHECK(upload.on_response({413, {}, {}}) == FileUpload::Step::TryLater);
  CHECK(upload.next_request()->body.size() < first->body.size());
}

TEST_CASE("a file that arrives with another hash starts over, three times at most") {
  Phone phone({100});
  FileUpload upload(phone.store);
  for (int round = 0; round < 3; ++round) {
    TusPeer peer;
    (void)upload.on_response(peer.serve(*upload.next_request()));
    REQUIRE(upload.next_request()->method == "PATCH");
    (void)upload.on_response(refusal(422, "EvidenceInvalid"));
  }
  CHECK_FALSE(upload.next_request().has_value());
  CHECK(phone.store.pending_counts().files_set_aside == 1);
}
