#include "core/base/uuid.hpp"

#include <algorithm>

#include "core/base/crypto.hpp"

namespace terreno {

std::string Uuid::to_string() const {
  std::string hex = to_hex(bytes);
  for (const std::size_t position : {20U, 16U, 12U, 8U}) hex.insert(position, 1, '-');
  return hex;
}

Result<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
    return Error(ErrorCode::MalformedBytes, "an identifier has 36 characters, 8-4-4-4-12");
  }
  std::string hex(text);
  std::erase(hex, '-');
  auto decoded = from_hex(hex);
  if (!decoded) return decoded.error();
  return from_bytes(*decoded);
}

Result<Uuid> Uuid::from_bytes(ByteView raw) {
  if (raw.size() != 16) return Error(ErrorCode::MalformedBytes, "an identifier has 16 bytes");
  Uuid id;
  std::copy(raw.begin(), raw.end(), id.bytes.begin());
  return id;
}

Uuid make_uuid_v7(const Clock& clock) {
  Uuid id;
  fill_random(id.bytes);
  auto time = static_cast<std::uint64_t>(clock.wall_ms());
  for (std::size_t i = 6; i-- > 0; time >>= 8) id.bytes[i] = static_cast<std::uint8_t>(time);
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | (id.bytes[6] & 0x0f));
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));
  return id;
}

}  // namespace terreno
