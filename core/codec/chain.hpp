#pragma once

#include <span>

#include "core/base/crypto.hpp"
#include "core/base/uuid.hpp"
#include "core/model/entries.hpp"
#include "core/model/wire.hpp"

namespace terreno {

// Pure arithmetic of the chain, the same on the phone and on the server.
//
// hash(entry) = SHA-256("terreno.entry.1" ‖ previous hash ‖ epoch u32 ‖ seq u64 ‖ kind u8 ‖ version u16 ‖
// wall_ms i64 ‖
//               mono_ms i64 ‖ boot_id u64 ‖ payload size u32 ‖ payload), integers little-endian.

/// Hash of `entry` when it follows a link whose hash is `previous`.
Sha256 chain_hash(const Sha256& previous, const JournalEntry& entry);

/// Head after `entries` follow `base`. ChainFork when an epoch or a seq does not continue.
Result<ChainHead> extend_chain(const ChainHead& base, std::span<const JournalEntry> entries);

/// A phone's word: Ed25519 over "terreno.head.1" ‖ device ‖ epoch ‖ seq ‖ hash.
Signature sign_head(const ChainHead& head, const Uuid& device_id, const SecretKey& key);
bool verify_head(const ChainHead& head, const Uuid& device_id, const Signature& signature,
                 const PublicKey& key);

/// The server's word: Ed25519 over "terreno.receipt.1" ‖ device ‖ epoch ‖ seq ‖ hash ‖ server time.
Signature sign_receipt(const Receipt& receipt, const Uuid& device_id, const SecretKey& key);
bool verify_receipt(const Receipt& receipt, const Uuid& device_id, const PublicKey& server_key);

}  // namespace terreno
