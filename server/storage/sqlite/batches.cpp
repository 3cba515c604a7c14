#include <algorithm>

#include "server/storage/sqlite/entries.hpp"

namespace terreno::server::sqlite {
namespace {

// An epoch is opened after a restore or a clone: a phone that claims millions of them is making them up.
constexpr std::uint32_t kHighestEpoch = 1'000'000;

struct HeldDevice {
  std::int64_t device_key = 0;
  std::int64_t tenant_key = 0;
  std::int64_t user_key = 0;
  ChainHead head;
  bool revoked = false;
};

std::optional<HeldDevice> held_device(Connection& connection, const PreparedBatch& batch) {
  Query query = connection.query(
      "SELECT d.device_key, d.tenant_key, d.user_key, d.epoch, d.seq, d.hash, d.revoked OR NOT u.active "
      "FROM device d JOIN tenant t USING (tenant_key) JOIN app_user u USING (user_key) "
      "WHERE d.id = ?1 AND t.id = ?2");
  if (!query.bind(batch.device_id, batch.tenant_id).step()) return std::nullopt;
  HeldDevice device;
  device.device_key = query.integer(0);
  device.tenant_key = query.integer(1);
  device.user_key = query.integer(2);
  device.head = {static_cast<std::uint32_t>(query.integer(3)), static_cast<std::uint64_t>(query.integer(4)),
                 query.array<Sha256>(5)};
  device.revoked = query.flag(6);
  return device;
}

/// The hash that is held at `seq` of the device's present epoch.
std::optional<Sha256> held_hash(Connection& connection, const HeldDevice& device, std::uint64_t seq) {
  if (seq == device.head.seq) return device.head.hash;
  if (seq == 0) return Sha256{};
  Query query =
      connection.query("SELECT hash FROM journal_entry WHERE device_key = ?1 AND epoch = ?2 AND seq = ?3");
  if (!query.bind(device.device_key, device.head.epoch, seq).step()) return std::nullopt;
  return query.array<Sha256>(0);
}

/// Whether the batch says the same as what is held, as far as both reach, and leaves no gap. One hash is
/// enough: it covers everything before it.
bool continues(Connection& connection, const HeldDevice& device, const PreparedBatch& batch) {
  if (batch.base.epoch != device.head.epoch || batch.base.seq > device.head.seq) return false;
  const std::uint64_t common = std::min(batch.head.seq, device.head.seq);
  const Sha256& claimed = common == batch.base.seq
                              ? batch.base.hash
                              : batch.entries[static_cast<std::size_t>(common - batch.base.seq - 1)].hash;
  return held_hash(connection, device, common) == claimed;
}

void keep_fork(Connection& connection, const HeldDevice& device, const PreparedBatch& batch) {
  for (const PreparedEntry& prepared : batch.entries) {
    const JournalEntry& entry = prepared.entry;
    connection
        .query(
            "INSERT INTO fork_entry (device_key, epoch, seq, hash, kind, version, wall_ms, mono_ms, boot_id, "
            "received_at_ms, payload) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 WHERE NOT EXISTS "
            "(SELECT 1 FROM journal_entry WHERE device_key = ?1 AND epoch = ?2 AND seq = ?3 AND hash = ?4) "
            "ON CONFLICT DO NOTHING")
        .bind(device.device_key, entry.epoch, entry.seq, prepared.hash, static_cast<int>(entry.kind),
              static_cast<int>(entry.version), entry.wall_ms, entry.mono_ms, entry.boot_id,
              batch.received_at_ms, Borrowed{entry.payload})
        .run();
  }
}

/// What an earlier delivery of the same entries put aside: its answer may have been lost.
void recall_quarantined(BatchContext& context, std::uint64_t up_to_seq) {
  Query query = context.connection.query(
      "SELECT seq, code FROM journal_entry JOIN quarantine USING (entry_key) "
      "WHERE device_key = ?1 AND epoch = ?2 AND seq > ?3 AND seq <= ?4 ORDER BY seq");
  query.bind(context.device_key, context.batch.base.epoch, context.batch.base.seq, up_to_seq);
  while (query.step()) {
    context.effects.quarantined.push_back(
        {static_cast<std::uint64_t>(query.integer(0)), static_cast<ErrorCode>(query.integer(1))});
  }
}

void move_head(BatchContext& context) {
  const PreparedBatch& batch = context.batch;
  context.connection.query("UPDATE device SET seq = ?2, hash = ?3 WHERE device_key = ?1")
      .bind(context.device_key, batch.head.seq, batch.head.hash)
      .run();
  context.connection
      .query(
          "INSERT INTO signed_head (device_key, epoch, seq, signature) VALUES (?1, ?2, ?3, ?4) "
          "ON CONFLICT DO UPDATE SET seq = ?3, signature = ?4")
      .bind(context.device_key, batch.head.epoch, batch.head.seq, batch.head_signature)
      .run();
}

}  // namespace

Result<BatchEffects> apply_batch(Connection& connection, const PreparedBatch& batch) {
  const auto device = held_device(connection, batch);
  if (!device) return Error(ErrorCode::Unauthenticated, "there is no such phone");
  if (device->revoked) return Error(ErrorCode::Unauthenticated, "the phone was taken out of service");
  if (!continues(connection, *device, batch)) {
    keep_fork(connection, *device, batch);
    return Error(ErrorCode::ChainFork, "the phone's journal does not continue the one held");
  }
  BatchContext context{connection, batch, device->tenant_key, device->user_key, device->device_key, {}};
  context.effects.head = device->head;
  if (device->head.seq > batch.base.seq && !batch.entries.empty()) {
    recall_quarantined(context, device->head.seq);
  }
  for (const PreparedEntry& prepared : batch.entries) {
    EntryOutcome outcome = EntryOutcome::Duplicate;
    if (prepared.entry.seq > device->head.seq) {
      const std::size_t before = context.effects.quarantined.size();
      write_entry(context, prepared);
      const bool aside = context.effects.quarantined.size() > before;
      outcome = aside ? EntryOutcome::Quarantined : EntryOutcome::Applied;
    }
    context.effects.entries.add(prepared.entry.kind, outcome);
  }
  if (batch.head.seq > device->head.seq) {
    move_head(context);
    context.effects.head = batch.head;
  }
  write_gestor_state(context);
  return std::move(context.effects);
}

std::uint32_t open_epoch(Connection& connection, const Uuid& tenant_id, const Uuid& device_id,
                         std::uint32_t phone_epoch) {
  if (phone_epoch > kHighestEpoch) throw Error(ErrorCode::InvalidArgument, "no phone reaches such an epoch");
  Query query = connection.query(
      "UPDATE device SET epoch = CASE WHEN seq = 0 AND epoch > ?3 THEN epoch ELSE max(epoch, ?3) + 1 END, "
      "seq = 0, hash = zeroblob(32) "
      "WHERE id = ?2 AND tenant_key = (SELECT tenant_key FROM tenant WHERE id = ?1) RETURNING epoch");
  if (!query.bind(tenant_id, device_id, phone_epoch).step()) {
    throw Error(ErrorCode::NotFound, "there is no such phone");
  }
  return static_cast<std::uint32_t>(query.integer(0));
}

}  // namespace terreno::server::sqlite
