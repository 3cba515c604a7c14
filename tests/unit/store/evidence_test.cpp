#include <doctest/doctest.h>

#include "core/journal/journal.hpp"
#include "core/store/device_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;

namespace {

Bytes file_of(std::uint8_t fill, std::size_t size) { return Bytes(size, fill); }

EvidenceRef named(const Bytes& bytes, EvidenceKind kind = EvidenceKind::Photo) {
  EvidenceRef file;
  file.sha256 = sha256(bytes);
  file.kind = kind;
  file.media_type = "image/jpeg";
  file.size = bytes.size();
  return file;
}

struct Phone {
  tests::TempDir dir;
  tests::ManualClock clock;
  DeviceStore store{dir.file("phone.db")};
  Journal journal{store, clock};
  KeyPair server = tests::enrol_sample(store);

  VisitDraft open_visit(std::uint8_t number) {
    VisitDraft draft;
    draft.item = tests::sample_case(number);
    draft.visit.visit_id.bytes[0] = number;
    draft.visit.case_id = draft.item.id;
    store.save_draft(draft);
    return draft;
  }
  void keep(VisitDraft& draft, const Bytes& bytes, EvidenceKind kind = EvidenceKind::Photo) {
    draft.visit.evidence.push_back(named(bytes, kind));
    store.keep_evidence(draft.visit.visit_id, sha256(bytes), bytes);
    store.save_draft(draft);
  }
  void finish(const VisitDraft& draft) {
    store.finish_draft(draft.visit, CaseState::Revisit, journal.append(draft.visit));
  }
  void confirm_all() { REQUIRE(store.confirm(Receipt{store.chain_head(), 0, {}}, {}).ok()); }
};

}  // namespace

TEST_CASE("files wait until the server has the visit, then go signatures first and small before large") {
  Phone phone;
  VisitDraft draft = phone.open_visit(1);
  const Bytes large = file_of(1, 5'000), small = file_of(2, 500), signature = file_of(3, 9'000);
  phone.keep(draft, large);
  phone.keep(draft, small);
  phone.keep(draft, signature, EvidenceKind::Signature);
  phone.finish(draft);
  CHECK_FALSE(phone.store.next_file().has_value());
  CHECK(phone.store.pending_counts().files == 3);
  phone.confirm_all();
  CHECK(phone.store.next_file()->file.sha256 == sha256(signature));
  phone.store.file_done(sha256(signature));
  CHECK(phone.store.next_file()->file.sha256 == sha256(small));
  phone.store.file_progress(sha256(small), 200, "/v1/files/abc");
  CHECK(phone.store.next_file()->offset == 200);
  CHECK(phone.store.next_file()->upload_url == "/v1/files/abc");
  CHECK(phone.store.pending_counts().file_bytes == 5'300);
  phone.store.file_set_aside(sha256(small), ErrorCode::EvidenceInvalid);
  CHECK(phone.store.next_file()->file.sha256 == sha256(large));
  CHECK(phone.store.pending_counts().files_set_aside == 1);
  phone.store.file_done(sha256(large));
  CHECK_FALSE(phone.store.next_file().has_value());
  CHECK(phone.store.find_finished_visit(draft.visit.visit_id)->files_pending == 0);
}

TEST_CASE("a file is read by parts and gone once the server holds it") {
  Phone phone;
  VisitDraft draft = phone.open_visit(1);
  Bytes bytes(10'000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i % 251);
  phone.keep(draft, bytes);
  phone.finish(draft);
  const Bytes part = phone.store.file_bytes(sha256(bytes), 4'000, 3'000).value();
  CHECK(part == Bytes(bytes.begin() + 4'000, bytes.begin() + 7'000));
  CHECK(phone.store.file_bytes(sha256(bytes), 9'990, 3'000)->size() == 10);
  CHECK(phone.store.file_bytes(sha256(bytes), 20'000, 10)->empty());
  phone.store.file_done(sha256(bytes));
  CHECK(phone.store.file_bytes(sha256(bytes), 0, 1).error().code == ErrorCode::NotFound);
}

TEST_CASE("the same bytes in two visits are kept and sent once") {
  Phone phone;
  const Bytes bytes = file_of(7, 800);
  VisitDraft first = phone.open_visit(1);
  VisitDraft second = phone.open_visit(2);
  phone.keep(first, bytes);
  phone.keep(second, bytes);
  phone.store.drop_draft(first.visit.visit_id);
  CHECK(phone.store.file_bytes(sha256(bytes), 0, 800)->size() == 800);
  phone.finish(second);
  phone.confirm_all();
  phone.store.file_done(sha256(bytes));
  VisitDraft third = phone.open_visit(3);
  phone.keep(third, bytes);
  phone.finish(third);
  phone.confirm_all();
  CHECK_FALSE(phone.store.next_file().has_value());
  CHECK(phone.store.file_bytes(sha256(bytes), 0, 1).error().code == ErrorCode::NotFound);
}

TEST_CASE("bytes that no draft names any more are forgotten") {
  Phone phone;
  VisitDraft draft = phone.open_visit(1);
  const Bytes kept = file_of(1, 10), replaced = file_of(2, 10);
  phone.keep(draft, kept);
  phone.keep(draft, replaced);
  const EvidenceRef only = named(kept);
  phone.store.retain_evidence(draft.visit.visit_id, std::span(&only, 1));
  CHECK(phone.store.file_bytes(sha256(kept), 0, 1).ok());
  CHECK_FALSE(phone.store.file_bytes(sha256(replaced), 0, 1).ok());
  phone.store.drop_draft(draft.visit.visit_id);
  CHECK_FALSE(phone.store.file_bytes(sha256(kept), 0, 1).ok());
}

TEST_CASE(
    "files of a visit that the server could not apply are set aside, and a later visit may bring them") {
  Phone phone;
  const Bytes bytes = file_of(9, 600), other = file_of(8, 700);
  VisitDraft first = phone.open_visit(1);
  phone.keep(first, bytes);
  phone.finish(first);
  VisitDraft second = phone.open_visit(2);
  phone.keep(second, other);
  phone.finish(second);
  const Quarantined refused{1, ErrorCode::UnsupportedVersion};
  REQUIRE(phone.store.confirm(Receipt{phone.store.chain_head(), 0, {}}, std::span(&refused, 1)).ok());
  CHECK(phone.store.pending_counts().files_set_aside == 1);
  CHECK(phone.store.next_file()->file.sha256 == sha256(other));
  phone.store.file_done(sha256(other));
  CHECK_FALSE(phone.store.next_file().has_value());
  CHECK(phone.store.file_bytes(sha256(bytes), 0, 600)->size() == 600);
  VisitDraft third = phone.open_visit(3);
  phone.keep(third, bytes);
  phone.finish(third);
  phone.confirm_all();
  CHECK(phone.store.next_file()->visit_id == third.visit.visit_id);
  CHECK(phone.store.pending_counts().files_set_aside == 0);
}
