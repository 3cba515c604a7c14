#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace terreno {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

ByteView as_bytes(std::string_view text) noexcept;
std::string_view as_text(ByteView bytes) noexcept;
Bytes to_bytes(ByteView bytes);

/// Lower-case hexadecimal.
std::string to_hex(ByteView bytes);
/// Fails with MalformedBytes on an odd length or a character that is no hex digit.
Result<Bytes> from_hex(std::string_view text);

/// RFC 4648 base64url without padding.
std::string to_base64url(ByteView bytes);
Result<Bytes> from_base64url(std::string_view text);

}  // namespace terreno
