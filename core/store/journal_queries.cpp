#include <algorithm>

#include "core/store/device_store_parts.hpp"

// The journal's rows and how far the server has confirmed them.

namespace terreno {
namespace {

using store::Connection;
using store::count_at;

std::uint32_t current_epoch(Connection& db) {
  auto query = db.query("SELECT epoch FROM sync_state");
  query.step();
  return static_cast<std::uint32_t>(query.integer(0));
}

std::optional<Sha256> hash_at(Connection& db, std::uint32_t epoch, std::uint64_t seq) {
  if (seq == 0) return Sha256{};
  auto query = db.query("SELECT hash FROM journal WHERE epoch = ? AND seq = ?");
  query.bind(std::int64_t{epoch}).bind_bits(seq);
  if (!query.step()) return std::nullopt;
  return query.array<32>(0);
}

}  // namespace

ChainHead DeviceStore::chain_head() const {
  const std::uint32_t epoch = current_epoch(parts_->db);
  auto query = parts_->db.query("SELECT seq, hash FROM journal WHERE epoch = ? ORDER BY seq DESC LIMIT 1");
  query.bind(std::int64_t{epoch});
  if (!query.step()) return ChainHead{epoch, 0, {}};
  return ChainHead{epoch, count_at(query, 0), query.array<32>(1)};
}

ChainHead DeviceStore::confirmed_head() const {
  auto query = parts_->db.query("SELECT epoch, confirmed_seq, confirmed_hash FROM sync_state");
  query.step();
  return ChainHead{static_cast<std::uint32_t>(query.integer(0)), count_at(query, 1), query.array<32>(2)};
}

std::vector<JournalEntry> DeviceStore::entries_after(std::uint64_t seq, std::size_t max_bytes,
                                                     std::size_t max_count) const {
  auto query = parts_->db.query(
      "SELECT j.epoch, seq, kind, version, wall_ms, mono_ms, boot_id, payload FROM journal j "
      "JOIN sync_state s ON j.epoch = s.epoch WHERE seq > ? ORDER BY seq LIMIT ?");
  query.bind_bits(seq).bind(static_cast<std::int64_t>(max_count));
  std::vector<JournalEntry> entries;
  std::size_t bytes = 0;
  while (query.step()) {
    JournalEntry entry;
    entry.epoch = static_cast<std::uint32_t>(query.integer(0));
    entry.seq = count_at(query, 1);
    entry.kind = static_cast<EntryKind>(query.integer(2));
    entry.version = static_cast<std::uint16_t>(query.integer(3));
    entry.wall_ms = query.integer(4);
    entry.mono_ms = query.integer(5);
    entry.boot_id = query.bits(6);
    entry.payload = query.blob(7);
    bytes += entry.payload.size();
    if (!entries.empty() && bytes > max_bytes) break;
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<void> DeviceStore::confirm(const Receipt& receipt, std::span<const Quarantined> quarantined) {
  const ChainHead confirmed = confirmed_head();
  const auto own_hash = hash_at(parts_->db, receipt.head.epoch, receipt.head.seq);
  if (receipt.head.epoch != confirmed.epoch || !own_hash || *own_hash != receipt.head.hash) {
    return Error(ErrorCode::ChainFork, "the server's receipt names an entry that this phone's journal lacks");
  }
  Transaction transaction(*this);
  for (const Quarantined& one : quarantined) {
    parts_->db.query("INSERT INTO quarantine (epoch, seq, code) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(std::int64_t{confirmed.epoch})
        .bind_bits(one.seq)
        .bind(static_cast<std::int64_t>(one.code))
        .run();
    // The server could not read what names these files, and refuses a file that nothing names.
    parts_->db
        .query(
            "UPDATE evidence_outbox SET state = 2, refused_code = ? WHERE state = 0 AND visit_id IN "
            "(SELECT visit_id FROM finished_visit WHERE epoch = ? AND seq = ?)")
        .bind(static_cast<std::int64_t>(one.code))
        .bind(std::int64_t{confirmed.epoch})
        .bind_bits(one.seq)
        .run();
  }
  if (receipt.head.seq > confirmed.seq) {
    parts_->db.query("UPDATE sync_state SET confirmed_seq = ?, confirmed_hash = ?")
        .bind_bits(receipt.head.seq)
        .bind(ByteView(receipt.head.hash))
        .run();
  }
  transaction.commit();
  return {};
}

std::vector<std::uint64_t> DeviceStore::quarantined() const {
  auto query =
      parts_->db.query("SELECT seq FROM quarantine q JOIN sync_state s ON q.epoch = s.epoch ORDER BY seq");
  std::vector<std::uint64_t> seqs;
  while (query.step()) seqs.push_back(count_at(query, 0));
  return seqs;
}

std::optional<WallMs> DeviceStore::last_success_at_ms() const {
  auto query = parts_->db.query("SELECT last_success_ms FROM sync_state");
  query.step();
  return query.optional_integer(0);
}

void DeviceStore::note_success(WallMs at_ms) {
  parts_->db.query("UPDATE sync_state SET last_success_ms = ?").bind(at_ms).run();
}

void DeviceStore::append_entry(const JournalEntry& entry, const Sha256& hash) {
  parts_->db
      .query(
          "INSERT INTO journal (epoch, seq, kind, version, wall_ms, mono_ms, boot_id, payload, hash) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(std::int64_t{entry.epoch})
      .bind_bits(entry.seq)
      .bind(static_cast<std::int64_t>(entry.kind))
      .bind(std::int64_t{entry.version})
      .bind(entry.wall_ms)
      .bind(entry.mono_ms)
      .bind_bits(entry.boot_id)
      .bind(entry.payload)
      .bind(ByteView(hash))
      .run();
}

void DeviceStore::open_epoch(std::uint32_t epoch) {
  Transaction transaction(*this);
  parts_->db
      .query(
          "DELETE FROM journal WHERE (epoch, seq) IN (SELECT j.epoch, j.seq FROM journal j "
          "JOIN sync_state s ON j.epoch = s.epoch AND j.seq > s.confirmed_seq)")
      .run();
  parts_->db.query("UPDATE sync_state SET epoch = ?, confirmed_seq = 0, confirmed_hash = zeroblob(32)")
      .bind(std::int64_t{epoch})
      .run();
  transaction.commit();
}

void DeviceStore::move_visit(const ChainHead& from, const ChainHead& to) {
  parts_->db.query("UPDATE finished_visit SET epoch = ?, seq = ? WHERE epoch = ? AND seq = ?")
      .bind(std::int64_t{to.epoch})
      .bind_bits(to.seq)
      .bind(std::int64_t{from.epoch})
      .bind_bits(from.seq)
      .run();
}

}  // namespace terreno
