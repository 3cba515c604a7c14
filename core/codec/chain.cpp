#include "core/codec/chain.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace terreno {
namespace {

constexpr std::string_view kEntryDomain = "terreno.entry.1";
constexpr std::string_view kHeadDomain = "terreno.head.1";
constexpr std::string_view kReceiptDomain = "terreno.receipt.1";

// Fixed-width little-endian, so that the same fields give the same hash on every machine.
template <std::integral T>
void put(Bytes& out, T value) {
  auto bits = static_cast<std::make_unsigned_t<T>>(value);
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out.push_back(static_cast<std::uint8_t>(bits));
    if constexpr (sizeof(T) > 1) bits = static_cast<decltype(bits)>(bits >> 8);
  }
}

void put(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

Bytes head_message(std::string_view domain, const ChainHead& head, const Uuid& device_id) {
  Bytes message;
  message.reserve(96);
  put(message, as_bytes(domain));
  put(message, device_id.view());
  put(message, head.epoch);
  put(message, head.seq);
  put(message, ByteView(head.hash));
  return message;
}

Bytes receipt_message(const Receipt& receipt, const Uuid& device_id) {
  Bytes message = head_message(kReceiptDomain, receipt.head, device_id);
  put(message, receipt.server_time_ms);
  return message;
}

}  // namespace

Sha256 chain_hash(const Sha256& previous, const JournalEntry& entry) {
  Bytes fields;
  fields.reserve(96);
  put(fields, as_bytes(kEntryDomain));
  put(fields, ByteView(previous));
  put(fields, entry.epoch);
  put(fields, entry.seq);
  put(fields, static_cast<std::uint8_t>(entry.kind));
  put(fields, entry.version);
  put(fields, entry.wall_ms);
  put(fields, entry.mono_ms);
  put(fields, entry.boot_id);
  put(fields, static_cast<std::uint32_t>(entry.payload.size()));
  return Sha256Stream().update(fields).update(entry.payload).finish();
}

Result<ChainHead> extend_chain(const ChainHead& base, std::span<const JournalEntry> entries) {
  ChainHead head = base;
  for (const JournalEntry& entry : entries) {
    if (entry.epoch != head.epoch || entry.seq != head.seq + 1) {
      return Error(ErrorCode::ChainFork, "entry " + std::to_string(entry.epoch) + "/" +
                                             std::to_string(entry.seq) + " does not follow " +
                                             std::to_string(head.epoch) + "/" + std::to_string(head.seq));
    }
    head.hash = chain_hash(head.hash, entry);
    head.seq = entry.seq;
  }
  return head;
}

Signature sign_head(const ChainHead& head, const Uuid& device_id, const SecretKey& key) {
  return sign(head_message(kHeadDomain, head, device_id), key);
}

bool verify_head(const ChainHead& head, const Uuid& device_id, const Signature& signature,
                 const PublicKey& key) {
  return verify(head_message(kHeadDomain, head, device_id), signature, key);
}

Signature sign_receipt(const Receipt& receipt, const Uuid& device_id, const SecretKey& key) {
  return sign(receipt_message(receipt, device_id), key);
}

bool verify_receipt(const Receipt& receipt, const Uuid& device_id, const PublicKey& server_key) {
  return verify(receipt_message(receipt, device_id), receipt.signature, server_key);
}

}  // namespace terreno
