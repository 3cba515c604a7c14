#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/clock.hpp"

namespace terreno {

/// RFC 9562 identifier. All zero means 'none'.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  bool is_nil() const noexcept { return *this == Uuid{}; }
  /// 36 lower-case characters with hyphens.
  std::string to_string() const;
  static Result<Uuid> parse(std::string_view text);
  /// Exactly 16 bytes, else MalformedBytes.
  static Result<Uuid> from_bytes(ByteView bytes);
  ByteView view() const noexcept { return bytes; }

  auto operator<=>(const Uuid&) const = default;
};

/// Version 7: ordered by creation time, so that it is cheap as a key.
Uuid make_uuid_v7(const Clock& clock);

}  // namespace terreno

template <>
struct std::hash<terreno::Uuid> {
  std::size_t operator()(const terreno::Uuid& id) const noexcept {
    std::size_t folded = 0;
    // The last eight bytes are random.
    for (std::size_t i = 8; i < 16; ++i) folded = (folded << 8) | id.bytes[i];
    return folded;
  }
};
