#include "core/forms/digests.hpp"

#include <array>
#include <bit>
#include <cmath>

#include "core/base/crypto.hpp"

namespace terreno::forms {
namespace {

/// Appends the padding that MD5 and the SHA family share: a one bit, zeros, the length in bits.
Bytes padded(ByteView input, std::size_t block, bool big_endian) {
  Bytes out(input.begin(), input.end());
  const std::size_t length_bytes = block / 8;
  out.push_back(0x80);
  while (out.size() % block != block - length_bytes) out.push_back(0);
  const std::uint64_t bits = static_cast<std::uint64_t>(input.size()) * 8;
  for (std::size_t i = 0; i < length_bytes; ++i) {
    const std::size_t from_low = big_endian ? length_bytes - 1 - i : i;
    out.push_back(from_low < 8 ? static_cast<std::uint8_t>(bits >> (8 * from_low)) : std::uint8_t{0});
  }
  return out;
}

template <typename Word>
Word read_word(const std::uint8_t* at, bool big_endian) {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    const std::size_t shift = 8 * (big_endian ? sizeof(Word) - 1 - i : i);
    word |= static_cast<Word>(static_cast<Word>(at[i]) << shift);
  }
  return word;
}

template <typename Words>
Bytes write_words(const Words& words, bool big_endian) {
  Bytes out;
  for (const auto word : words) {
    for (std::size_t i = 0; i < sizeof(word); ++i) {
      out.push_back(static_cast<std::uint8_t>(word >> (8 * (big_endian ? sizeof(word) - 1 - i : i))));
    }
  }
  return out;
}

Bytes md5(ByteView input) {
  constexpr std::array<int, 16> kShifts{7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};
  std::array<std::uint32_t, 4> state{0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U};
  const Bytes data = padded(input, 64, false);
  for (std::size_t block = 0; block < data.size(); block += 64) {
    auto [a, b, c, d] = state;
    for (unsigned i = 0; i < 64; ++i) {
      const unsigned round = i / 16;
      const std::uint32_t mix = round == 0   ? (b & c) | (~b & d)
                                : round == 1 ? (d & b) | (~d & c)
                                : round == 2 ? b ^ c ^ d
                                             : c ^ (b | ~d);
      const unsigned word = round == 0   ? i
                            : round == 1 ? (5 * i + 1) % 16
                            : round == 2 ? (3 * i + 5) % 16
                                         : (7 * i) % 16;
      const auto constant =
          static_cast<std::uint32_t>(std::floor(std::fabs(std::sin(i + 1.0)) * 4294967296.0));
      const std::uint32_t sum = a + mix + constant + read_word<std::uint32_t>(&data[block + 4 * word], false);
      a = d;
      d = c;
      c = b;
      b += std::rotl(sum, kShifts[round * 4 + i % 4]);
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
  }
  return write_words(state, false);
}

Bytes sha1(ByteView input) {
  std::array<std::uint32_t, 5> state{0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U, 0xc3d2e1f0U};
  const Bytes data = padded(input, 64, true);
  for (std::size_t block = 0; block < data.size(); block += 64) {
    std::array<std::uint32_t, 80> w{};
    for (std::size_t i = 0; i < 16; ++i) w[i] = read_word<std::uint32_t>(&data[block + 4 * i], true);
    for (std::size_t i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    auto [a, b, c, d, e] = state;
    for (std::size_t i = 0; i < 80; ++i) {
      const std::uint32_t mix = i < 20              ? (b & c) | (~b & d)
                                : i < 40 || i >= 60 ? b ^ c ^ d
                                                    : (b & c) | (b & d) | (c & d);
      const std::uint32_t constant = i < 20   ? 0x5a827999U
                                     : i < 40 ? 0x6ed9eba1U
                                     : i < 60 ? 0x8f1bbcdcU
                                              : 0xca62c1d6U;
      const std::uint32_t sum = std::rotl(a, 5) + mix + e + constant + w[i];
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = sum;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
  }
  return write_words(state, true);
}

// FIPS 180-4, 4.2.3: the first 64 bits of the fractional parts of the cube roots of the first eighty primes.
constexpr std::array<std::uint64_t, 80> kSha512{
    0x428a2f98d728ae22U, 0x7137449123ef65cdU, 0xb5c0fbcfec4d3b2fU, 0xe9b5dba58189dbbcU, 0x3956c25bf348b538U,
    0x59f111f1b605d019U, 0x923f82a4af194f9bU, 0xab1c5ed5da6d8118U, 0xd807aa98a3030242U, 0x12835b0145706fbeU,
    0x243185be4ee4b28cU, 0x550c7dc3d5ffb4e2U, 0x72be5d74f27b896fU, 0x80deb1fe3b1696b1U, 0x9bdc06a725c71235U,
    0xc19bf174cf692694U, 0xe49b69c19ef14ad2U, 0xefbe4786384f25e3U, 0x0fc19dc68b8cd5b5U, 0x240ca1cc77ac9c65U,
    0x2de92c6f592b0275U, 0x4a7484aa6ea6e483U, 0x5cb0a9dcbd41fbd4U, 0x76f988da831153b5U, 0x983e5152ee66dfabU,
    0xa831c66d2db43210U, 0xb00327c898fb213fU, 0xbf597fc7beef0ee4U, 0xc6e00bf33da88fc2U, 0xd5a79147930aa725U,
    0x06ca6351e003826fU, 0x142929670a0e6e70U, 0x27b70a8546d22ffcU, 0x2e1b21385c26c926U, 0x4d2c6dfc5ac42aedU,
    0x53380d139d95b3dfU, 0x650a73548baf63deU, 0x766a0abb3c77b2a8U, 0x81c2c92e47edaee6U, 0x92722c851482353bU,
    0xa2bfe8a14cf10364U, 0xa81a664bbc423001U, 0xc24b8b70d0f89791U, 0xc76c51a30654be30U, 0xd192e819d6ef5218U,
    0xd69906245565a910U, 0xf40e35855771202aU, 0x106aa07032bbd1b8U, 0x19a4c116b8d2d0c8U, 0x1e376c085141ab53U,
    0x2748774cdf8eeb99U, 0x34b0bcb5e19b48a8U, 0x391c0cb3c5c95a63U, 0x4ed8aa4ae3418acbU, 0x5b9cca4f7763e373U,
    0x682e6ff3d6b2b8a3U, 0x748f82ee5defb2fcU, 0x78a5636f43172f60U, 0x84c87814a1f0ab72U, 0x8cc702081a6439ecU,
    0x90befffa23631e28U, 0xa4506cebde82bde9U, 0xbef9a3f7b2c67915U, 0xc67178f2e372532bU, 0xca273eceea26619cU,
    0xd186b8c721c0c207U, 0xeada7dd6cde0eb1eU, 0xf57d4f7fee6ed178U, 0x06f067aa72176fbaU, 0x0a637dc5a2c898a6U,
    0x113f9804bef90daeU, 0x1b710b35131c471bU, 0x28db77f523047d84U, 0x32caab7b40c72493U, 0x3c9ebe0a15c9bebcU,
    0x431d67c49c100d4cU, 0x4cc5d4becb3e42b6U, 0x597f299cfc657e2aU, 0x5fcb6fab3ad6faecU, 0x6c44198c4a475817U};

Bytes sha512_family(ByteView input, std::array<std::uint64_t, 8> state, std::size_t size) {
  const Bytes data = padded(input, 128, true);
  for (std::size_t block = 0; block < data.size(); block += 128) {
    std::array<std::uint64_t, 80> w{};
    for (std::size_t i = 0; i < 16; ++i) w[i] = read_word<std::uint64_t>(&data[block + 8 * i], true);
    for (std::size_t i = 16; i < 80; ++i) {
      const std::uint64_t low = std::rotr(w[i - 15], 1) ^ std::rotr(w[i - 15], 8) ^ (w[i - 15] >> 7U);
      const std::uint64_t high = std::rotr(w[i - 2], 19) ^ std::rotr(w[i - 2], 61) ^ (w[i - 2] >> 6U);
      w[i] = w[i - 16] + low + w[i - 7] + high;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t i = 0; i < 80; ++i) {
      const std::uint64_t first = h + (std::rotr(e, 14) ^ std::rotr(e, 18) ^ std::rotr(e, 41)) +
                                  ((e & f) ^ (~e & g)) + kSha512[i] + w[i];
      const std::uint64_t second =
          (std::rotr(a, 28) ^ std::rotr(a, 34) ^ std::rotr(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + first;
      d = c;
      c = b;
      b = a;
      a = first + second;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d,
             state[4] + e, state[5] + f, state[6] + g, state[7] + h};
  }
  Bytes out = write_words(state, true);
  out.resize(size);
  return out;
}

/// "sha-1", "SHA1" and "SHA-1" are one.
std::string plain_name(std::string_view algorithm) {
  std::string name;
  for (const char c : algorithm) {
    if (c != '-') name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return name;
}

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

Result<Bytes> digest_of(std::string_view algorithm, ByteView input) {
  const std::string name = plain_name(algorithm);
  if (name == "MD5") return md5(input);
  if (name == "SHA1") return sha1(input);
  if (name == "SHA256") return to_bytes(sha256(input));
  if (name == "SHA384") {
    return sha512_family(input,
                         {0xcbbb9d5dc1059ed8U, 0x629a292a367cd507U, 0x9159015a3070dd17U, 0x152fecd8f70e5939U,
                          0x67332667ffc00b31U, 0x8eb44a8768581511U, 0xdb0c2e0d64f98fa7U, 0x47b5481dbefa4fa4U},
                         48);
  }
  if (name == "SHA512") {
    return sha512_family(input,
                         {0x6a09e667f3bcc908U, 0xbb67ae8584caa73bU, 0x3c6ef372fe94f82bU, 0xa54ff53a5f1d36f1U,
                          0x510e527fade682d1U, 0x9b05688c2b3e6c1fU, 0x1f83d9abfb41bd6bU, 0x5be0cd19137e2179U},
                         64);
  }
  return Error(ErrorCode::FormInvalid, "digest() knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512, not '" +
                                           std::string(algorithm) + "'.");
}

std::string to_base64(ByteView bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[i] << 16U) |
                                (left > 1 ? static_cast<std::uint32_t>(bytes[i + 1] << 8U) : 0U) |
                                (left > 2 ? bytes[i + 2] : 0U);
    out += kBase64[group >> 18U];
    out += kBase64[(group >> 12U) & 63U];
    out += left > 1 ? kBase64[(group >> 6U) & 63U] : '=';
    out += left > 2 ? kBase64[group & 63U] : '=';
  }
  return out;
}

Bytes from_base64_leniently(std::string_view text) {
  Bytes out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    if (c == '=') break;
    const std::size_t digit = kBase64.find(c);
    if (digit == std::string_view::npos) continue;
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<std::uint8_t>(bits >> held));
  }
  return out;
}

}  // namespace terreno::forms
