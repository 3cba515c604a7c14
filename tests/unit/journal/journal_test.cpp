#include "core/journal/journal.hpp"

#include <doctest/doctest.h>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;

namespace {

struct Phone {
  tests::TempDir dir;
  tests::ManualClock clock;
  DeviceStore store{dir.file("phone.db")};
  Journal journal{store, clock};

  std::vector<JournalEntry> all() const { return store.entries_after(0, 1 << 30, 1'000); }
  Receipt receipt_at(std::uint64_t seq) const {
    const auto entries = store.entries_after(0, 1 << 30, static_cast<std::size_t>(seq));
    return Receipt{extend_chain(ChainHead{store.chain_head().epoch, 0, {}}, entries).value(), 0, {}};
  }
};

ShiftStarted shift(std::uint8_t number) {
  ShiftStarted started;
  started.shift_id.bytes[0] = number;
  return started;
}

}  // namespace

TEST_CASE("a phone without a company keeps no journal") {
  Phone phone;
  CHECK_THROWS_AS(phone.journal.append(shift(1)), Error);
}

TEST_CASE("entries follow one another and their hashes chain") {
  Phone phone;
  tests::enrol_sample(phone.store);
  for (std::uint8_t i = 1; i <= 5; ++i) {
    CHECK(phone.journal.append(shift(i)) == i);
    phone.clock.advance(1'000);
  }
  const auto entries = phone.all();
  REQUIRE(entries.size() == 5);
  CHECK(extend_chain(ChainHead{1, 0, {}}, entries).value() == phone.store.chain_head());
  CHECK(entries[4].wall_ms - entries[0].wall_ms == 4'000);
  CHECK(codec::decode_body(entries[2].kind, entries[2].version, entries[2].payload).value() ==
        EntryBody(shift(3)));
}

TEST_CASE("an entry that is appended in a transaction that is undone never was") {
  Phone phone;
  tests::enrol_sample(phone.store);
  phone.journal.append(shift(1));
  const ChainHead before = phone.store.chain_head();
  {
    DeviceStore::Transaction transaction(phone.store);
    phone.journal.append(shift(2));
  }
  CHECK(phone.store.chain_head() == before);
  CHECK(phone.journal.append(shift(3)) == 2);
}

TEST_CASE("an entry over the limit is refused") {
  Phone phone;
  tests::enrol_sample(phone.store);
  TrackChunk chunk;
  chunk.packed.resize(codec::kMaxEntryBytes + 1);
  CHECK_THROWS_AS(phone.journal.append(chunk), Error);
  CHECK(phone.store.chain_head().seq == 0);
}

TEST_CASE("a batch stays within its bytes and count but always moves") {
  Phone phone;
  tests::enrol_sample(phone.store);
  for (int i = 0; i < 4; ++i) phone.journal.append(TrackChunk{{}, 0, 0, 0, 0, Bytes(1'000)});
  CHECK(phone.store.entries_after(0, 2'500, 100).size() == 2);
  CHECK(phone.store.entries_after(0, 10, 100).size() == 1);
  CHECK(phone.store.entries_after(2, 100'000, 1).front().seq == 3);
  CHECK(phone.store.entries_after(4, 100'000, 100).empty());
}

TEST_CASE("a receipt confirms what it names, and only what is ours") {
  Phone phone;
  tests::enrol_sample(phone.store);
  for (std::uint8_t i = 1; i <= 4; ++i) phone.journal.append(shift(i));
  CHECK(phone.store.pending_counts().entries == 4);
  const std::vector<Quarantined> quarantined{{2, ErrorCode::FormInvalid}};
  REQUIRE(phone.store.confirm(phone.receipt_at(3), quarantined).ok());
  CHECK(phone.store.confirmed_head() == phone.receipt_at(3).head);
  CHECK(phone.store.pending_counts().entries == 1);
  CHECK(phone.store.quarantined() == std::vector<std::uint64_t>{2});

  REQUIRE(phone.store.confirm(phone.receipt_at(1), {}).ok());  // an older answer that came late
  CHECK(phone.store.confirmed_head().seq == 3);

  Receipt foreign = phone.receipt_at(4);
  foreign.head.hash[0] ^= 1;
  CHECK(phone.store.confirm(foreign, {}).error().code == ErrorCode::ChainFork);
  Receipt beyond = phone.receipt_at(4);
  beyond.head.seq = 9;
  CHECK(phone.store.confirm(beyond, {}).error().code == ErrorCode::ChainFork);
  Receipt elsewhere = phone.receipt_at(4);
  elsewhere.head.epoch = 2;
  CHECK(phone.store.confirm(elsewhere, {}).error().code == ErrorCode::ChainFork);
}

TEST_CASE("a new epoch carries over what was not confirmed, in order and unchanged") {
  Phone phone;
  tests::enrol_sample(phone.store);
  tests::seed_sample(phone.store);
  phone.journal.append(shift(1));
  REQUIRE(phone.store.confirm(phone.receipt_at(1), {}).ok());
  phone.journal.append(shift(2));
  VisitDraft draft;
  draft.item = tests::sample_case(1);
  draft.visit.visit_id.bytes[0] = 5;
  draft.visit.case_id = draft.item.id;
  phone.store.save_draft(draft);
  phone.store.finish_draft(draft.visit, CaseState::Promised, phone.journal.append(draft.visit));
  const auto before = phone.all();

  phone.journal.start_epoch(4);

  const auto after = phone.all();
  REQUIRE(after.size() == 2);
  CHECK(extend_chain(ChainHead{4, 0, {}}, after).value() == phone.store.chain_head());
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(after[i].payload == before[i + 1].payload);
    CHECK(after[i].wall_ms == before[i + 1].wall_ms);
  }
  CHECK(phone.store.confirmed_head() == ChainHead{4, 0, {}});
  CHECK(phone.store.find_finished_visit(draft.visit.visit_id)->delivery == DeliveryState::Pending);
  CHECK(phone.store.pending_counts().visits == 1);
  REQUIRE(phone.store.confirm(phone.receipt_at(2), {}).ok());
  CHECK(phone.store.find_finished_visit(draft.visit.visit_id)->delivery == DeliveryState::Confirmed);
  CHECK(phone.journal.append(shift(3)) == 3);
  CHECK_THROWS_AS(phone.journal.start_epoch(4), Error);
}

TEST_CASE("what the server says of a case does not undo a visit that it has not seen") {
  Phone phone;
  tests::enrol_sample(phone.store);
  tests::seed_sample(phone.store);
  VisitDraft draft;
  draft.item = tests::sample_case(1);
  draft.visit.visit_id.bytes[0] = 5;
  draft.visit.case_id = draft.item.id;
  phone.store.save_draft(draft);
  phone.store.finish_draft(draft.visit, CaseState::Promised, phone.journal.append(draft.visit));
  const auto state = [&] { return phone.store.find_case(draft.item.id)->state; };
  CHECK(state() == CaseState::Promised);

  Change stale = tests::sample_case(1);
  phone.store.apply_changes(std::span(&stale, 1), 9);
  CHECK(state() == CaseState::Promised);
  REQUIRE(phone.store.confirm(phone.receipt_at(1), {}).ok());
  phone.store.apply_changes(std::span(&stale, 1), 10);
  CHECK(state() == CaseState::Open);
}
