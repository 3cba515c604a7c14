#include "core/base/crypto.hpp"

#include <sodium.h>

#include <cstring>

namespace terreno {
namespace {

constexpr std::size_t kPasswordMemoryBytes = 19ULL * 1024 * 1024;
constexpr unsigned long long kPasswordPasses = 2;

// sodium_init is idempotent and thread-safe; it must come before any other call.
void ensure_sodium() {
  static const bool ready = [] {
    if (sodium_init() < 0) throw Error(ErrorCode::Internal, "the cryptography library did not start");
    return true;
  }();
  (void)ready;
}

crypto_hash_sha256_state* as_state(std::uint8_t* bytes) {
  return reinterpret_cast<crypto_hash_sha256_state*>(bytes);
}

}  // namespace

Sha256 sha256(ByteView bytes) {
  Sha256 digest;
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  return digest;
}

Sha256Stream::Sha256Stream() : state_{} {
  static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(state_));
  crypto_hash_sha256_init(as_state(state_.data()));
}

Sha256Stream& Sha256Stream::update(ByteView bytes) {
  crypto_hash_sha256_update(as_state(state_.data()), bytes.data(), bytes.size());
  return *this;
}

Sha256 Sha256Stream::finish() {
  Sha256 digest;
  crypto_hash_sha256_final(as_state(state_.data()), digest.data());
  return digest;
}

KeyPair make_key_pair() {
  ensure_sodium();
  KeyPair pair;
  crypto_sign_keypair(pair.public_key.data(), pair.secret_key.data());
  return pair;
}

Signature sign(ByteView message, const SecretKey& key) {
  ensure_sodium();
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), key.data());
  return signature;
}

bool verify(ByteView message, const Signature& signature, const PublicKey& key) {
  ensure_sodium();
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

void fill_random(std::span<std::uint8_t> out) {
  ensure_sodium();
  // The library may not be given a null pointer, which an empty span has.
  if (!out.empty()) randombytes_buf(out.data(), out.size());
}

std::string random_token(std::size_t size) {
  Bytes bytes(size);
  fill_random(bytes);
  return to_base64url(bytes);
}

bool equal_in_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hash_password(std::string_view password) {
  ensure_sodium();
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), kPasswordPasses,
                            kPasswordMemoryBytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw Error(ErrorCode::Unavailable, "not enough memory to hash a password");
  }
  hash.resize(std::strlen(hash.c_str()));
  return hash;
}

bool verify_password(std::string_view password, const std::string& hash) {
  ensure_sodium();
  // libsodium reads a fixed-size buffer, whatever the length of the text in it.
  if (hash.size() >= crypto_pwhash_STRBYTES) return false;
  std::array<char, crypto_pwhash_STRBYTES> buffer{};
  std::memcpy(buffer.data(), hash.data(), hash.size());
  return crypto_pwhash_str_verify(buffer.data(), password.data(), password.size()) == 0;
}

}  // namespace terreno
