#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/model/work.hpp"

namespace terreno {

/// A file of evidence at most, in bytes; a photo of a phone is a quarter of it.
inline constexpr std::size_t kMaxEvidenceBytes = 12 * 1024 * 1024;

/// Bytes from the start of a file that its format can be told by.
inline constexpr std::size_t kMagicBytes = 16;

/// A format that evidence may have: pictures, sound and PDF that a browser shows without running anything in
/// them. Phone and server ask the same table, so that what one takes the other does not refuse.
struct MediaFormat {
  std::string_view media_type;
  std::string_view extension;
  std::size_t magic_at;  ///< offset of the magic in the file
  std::string_view magic;
  std::string_view brands;  ///< four characters each, one of which follows the magic; empty: anything may
  bool photo, signature, audio, document;
};

/// Null when evidence may not be of this type.
const MediaFormat* find_media_format(std::string_view media_type);

/// Whether a file whose first bytes these are (kMagicBytes, or all of a shorter one) is of the format.
bool begins_like(const MediaFormat& format, ByteView beginning);

/// What the answer to the file's question becomes: the first 16 hex digits of its SHA-256 and the extension
/// of its media type, "9f86d081884c7d65.jpg".
std::string evidence_file_name(const EvidenceRef& file);

}  // namespace terreno
