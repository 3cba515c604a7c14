#include "core/codec/chain.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "core/base/bytes.hpp"

using namespace terreno;

namespace {

std::vector<JournalEntry> some_entries() {
  std::vector<JournalEntry> entries(5);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].epoch = 3;
    entries[i].seq = 8 + i;
    entries[i].wall_ms = 1'790'000'000'000 + static_cast<WallMs>(i);
    entries[i].payload = Bytes(i, static_cast<std::uint8_t>(i));
  }
  return entries;
}

const ChainHead kBase{3, 7, {}};

}  // namespace

TEST_CASE("the hash of an entry is the one that schema/wire.md lays down") {
  JournalEntry entry;
  entry.epoch = 1;
  entry.seq = 2;
  entry.kind = EntryKind::VisitFinished;
  entry.version = 1;
  entry.wall_ms = -1;
  entry.mono_ms = 4;
  entry.boot_id = 5;
  entry.payload = {0xaa, 0xbb};
  Bytes laid_out = to_bytes(as_bytes("terreno.entry.1"));
  laid_out.insert(laid_out.end(), 32, 0);
  for (const char* field : {"01000000", "0200000000000000", "03", "0100", "ffffffffffffffff",
                            "0400000000000000", "0500000000000000", "02000000", "aabb"}) {
    const Bytes bytes = from_hex(field).value();
    laid_out.insert(laid_out.end(), bytes.begin(), bytes.end());
  }
  CHECK(chain_hash(Sha256{}, entry) == sha256(laid_out));
}

TEST_CASE("changing any field of any entry changes the head") {
  const ChainHead head = extend_chain(kBase, some_entries()).value();
  CHECK(head.seq == 12);
  for (std::size_t i = 0; i < 5; ++i) {
    for (int field = 0; field < 6; ++field) {
      auto entries = some_entries();
      JournalEntry& changed = entries[i];
      if (field == 0) changed.kind = EntryKind::TrackChunk;
      if (field == 1) ++changed.version;
      if (field == 2) ++changed.wall_ms;
      if (field == 3) ++changed.mono_ms;
      if (field == 4) ++changed.boot_id;
      if (field == 5) changed.payload.push_back(0);
      CHECK(extend_chain(kBase, entries).value().hash != head.hash);
    }
  }
}

TEST_CASE("a gap, a repetition, a swap or another epoch is a fork") {
  auto gap = some_entries();
  gap.erase(gap.begin() + 2);
  CHECK(extend_chain(kBase, gap).error().code == ErrorCode::ChainFork);
  auto repeated = some_entries();
  repeated.insert(repeated.begin() + 2, repeated[2]);
  CHECK(extend_chain(kBase, repeated).error().code == ErrorCode::ChainFork);
  auto swapped = some_entries();
  std::swap(swapped[1], swapped[2]);
  CHECK(extend_chain(kBase, swapped).error().code == ErrorCode::ChainFork);
  auto other_epoch = some_entries();
  other_epoch[4].epoch = 4;
  CHECK(extend_chain(kBase, other_epoch).error().code == ErrorCode::ChainFork);
}

TEST_CASE("a signed head holds for its device, place and hash alone") {
  const KeyPair keys = make_key_pair();
  const Uuid device = Uuid::parse("01890000-0000-7000-8000-000000000001").value();
  const Uuid other = Uuid::parse("01890000-0000-7000-8000-000000000002").value();
  const ChainHead head = extend_chain(kBase, some_entries()).value();
  const Signature signature = sign_head(head, device, keys.secret_key);
  CHECK(verify_head(head, device, signature, keys.public_key));
  CHECK_FALSE(verify_head(head, other, signature, keys.public_key));
  CHECK_FALSE(verify_head(kBase, device, signature, keys.public_key));
  Receipt receipt;
  receipt.head = head;
  receipt.signature = signature;  // a phone's signature is no receipt
  CHECK_FALSE(verify_receipt(receipt, device, keys.public_key));
  receipt.signature = sign_receipt(receipt, device, keys.secret_key);
  CHECK(verify_receipt(receipt, device, keys.public_key));
  ++receipt.server_time_ms;
  CHECK_FALSE(verify_receipt(receipt, device, keys.public_key));
}
