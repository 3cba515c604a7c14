#include "core/journal/journal.hpp"

#include <limits>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"

namespace terreno {

std::uint64_t Journal::append(const EntryBody& body) {
  DeviceStore::Transaction transaction(store_);
  const ChainHead head = store_.chain_head();
  if (head.epoch == 0) throw Error(ErrorCode::NotEnrolled, "a phone without a company keeps no journal");
  JournalEntry entry;
  entry.epoch = head.epoch;
  entry.seq = head.seq + 1;
  entry.kind = codec::kind_of(body);
  entry.version = codec::kEntryVersion;
  entry.wall_ms = clock_.wall_ms();
  entry.mono_ms = clock_.mono_ms();
  entry.boot_id = clock_.boot_id();
  entry.payload = codec::encode_body(body);
  if (entry.payload.size() > codec::kMaxEntryBytes) {
    throw Error(ErrorCode::TooLarge, "a journal entry of " + std::to_string(entry.payload.size()) +
                                         " bytes is over the limit of " +
                                         std::to_string(codec::kMaxEntryBytes));
  }
  store_.append_entry(entry, chain_hash(head.hash, entry));
  transaction.commit();
  return entry.seq;
}

void Journal::start_epoch(std::uint32_t epoch) {
  DeviceStore::Transaction transaction(store_);
  const ChainHead confirmed = store_.confirmed_head();
  if (epoch <= confirmed.epoch) {
    throw Error(ErrorCode::InvalidArgument, "a new epoch must be above " + std::to_string(confirmed.epoch));
  }
  constexpr std::size_t kAll = std::numeric_limits<std::int32_t>::max();
  std::vector<JournalEntry> waiting = store_.entries_after(confirmed.seq, kAll, kAll);
  store_.open_epoch(epoch);
  ChainHead head{epoch, 0, {}};
  for (JournalEntry& entry : waiting) {
    const ChainHead before{entry.epoch, entry.seq, {}};
    entry.epoch = epoch;
    entry.seq = head.seq + 1;
    head = ChainHead{epoch, entry.seq, chain_hash(head.hash, entry)};
    store_.append_entry(entry, head.hash);
    store_.move_visit(before, head);
  }
  transaction.commit();
}

}  // namespace terreno
