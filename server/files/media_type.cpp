#include "server/files/media_type.hpp"

#include <algorithm>

namespace terreno::server {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view media_type;
  std::size_t offset;
  std::string_view magic;
};

// A type with several rows may begin like any of them.
constexpr Signature kSignatures[] = {
    {"image/jpeg", 0, "\xFF\xD8\xFF"sv}, {"image/png", 0, "\x89PNG\r\n\x1A\n"sv},
    {"image/webp", 8, "WEBP"sv},         {"image/heic", 4, "ftyphe"sv},
    {"image/heic", 4, "ftypmif1"sv},     {"audio/mp4", 4, "ftyp"sv},
    {"audio/ogg", 0, "OggS"sv},          {"audio/mpeg", 0, "ID3"sv},
    {"audio/mpeg", 0, "\xFF\xFB"sv},     {"audio/mpeg", 0, "\xFF\xF3"sv},
    {"audio/wav", 8, "WAVE"sv},          {"application/pdf", 0, "%PDF-"sv},
};

}  // namespace

bool is_accepted_media_type(std::string_view media_type) {
  return std::any_of(std::begin(kSignatures), std::end(kSignatures),
                     [media_type](const Signature& signature) { return signature.media_type == media_type; });
}

bool begins_like(std::string_view media_type, ByteView beginning) {
  const std::string_view text = as_text(beginning);
  return std::any_of(std::begin(kSignatures), std::end(kSignatures), [&](const Signature& signature) {
    return signature.media_type == media_type && text.size() >= signature.offset &&
           text.substr(signature.offset).starts_with(signature.magic);
  });
}

}  // namespace terreno::server
