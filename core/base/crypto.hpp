#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace terreno {

// Hashing, signing and secrets, over libsodium. Every function here may be called from any thread.

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(ByteView bytes);

/// Feeds a hash piece by piece: for files that do not fit in memory and for chains.
class Sha256Stream {
 public:
  Sha256Stream();
  Sha256Stream& update(ByteView bytes);
  /// Ends the hash; the object may not be fed afterwards.
  Sha256 finish();

 private:
  alignas(16) std::array<std::uint8_t, 128> state_;
};

using PublicKey = std::array<std::uint8_t, 32>;
using SecretKey = std::array<std::uint8_t, 64>;
using Signature = std::array<std::uint8_t, 64>;

struct KeyPair {
  PublicKey public_key;
  SecretKey secret_key;
};

/// Ed25519 (RFC 8032).
KeyPair make_key_pair();
Signature sign(ByteView message, const SecretKey& key);
bool verify(ByteView message, const Signature& signature, const PublicKey& key);

/// From the system's generator.
void fill_random(std::span<std::uint8_t> out);
/// `size` random bytes as base64url: 16 are 128 bits, 22 characters.
std::string random_token(std::size_t size = 16);
/// True when both are equal; the time taken does not tell where they differ.
bool equal_in_constant_time(ByteView a, ByteView b);

/// Argon2id, t 2, 19 MiB, p 1 (OWASP ASVS 5, 11.4.2), as libsodium's self-describing text. About 13 ms.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view password, const std::string& hash);

}  // namespace terreno
