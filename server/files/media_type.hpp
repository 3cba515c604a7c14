#pragma once

#include <string_view>

#include "core/base/bytes.hpp"

namespace terreno::server {

/// Bytes from the start of a file that its type can be told by.
inline constexpr std::size_t kMagicBytes = 16;

/// Whether evidence may be of this type at all: pictures, sound and PDF that a browser shows without running
/// anything in them.
bool is_accepted_media_type(std::string_view media_type);

/// Whether a file that begins so is of the type that it claims.
bool begins_like(std::string_view media_type, ByteView beginning);

}  // namespace terreno::server
