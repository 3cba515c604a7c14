#include "core/model/media_format.hpp"

#include <algorithm>
#include <iterator>

namespace terreno {
namespace {

using namespace std::string_view_literals;

// ISO media files (M4A, HEIC) say at byte 8 which family they belong to.
constexpr std::string_view kAudioBrands = "M4A M4B mp42mp41isomiso23gp43gp5";
constexpr std::string_view kHeicBrands = "heicheixmif1msf1hevc";

constexpr MediaFormat kFormats[] = {
    {"image/jpeg", "jpg", 0, "\xFF\xD8\xFF"sv, {}, true, true, false, true},
    {"image/png", "png", 0, "\x89PNG\r\n\x1A\n"sv, {}, true, true, false, true},
    {"image/webp", "webp", 8, "WEBP"sv, {}, true, true, false, true},
    {"image/heic", "heic", 4, "ftyp"sv, kHeicBrands, true, false, false, true},
    {"application/pdf", "pdf", 0, "%PDF-"sv, {}, false, false, false, true},
    {"audio/mp4", "m4a", 4, "ftyp"sv, kAudioBrands, false, false, true, false},
    {"audio/x-m4a", "m4a", 4, "ftyp"sv, kAudioBrands, false, false, true, false},
    {"audio/ogg", "ogg", 0, "OggS"sv, {}, false, false, true, false},
};

bool brand_agrees(const MediaFormat& format, std::string_view rest) {
  if (format.brands.empty()) return true;
  const std::string_view brand = rest.substr(0, 4);
  if (brand.size() < 4) return false;
  for (std::size_t i = 0; i + 4 <= format.brands.size(); i += 4) {
    if (format.brands.substr(i, 4) == brand) return true;
  }
  return false;
}

}  // namespace

const MediaFormat* find_media_format(std::string_view media_type) {
  const auto* found = std::find_if(std::begin(kFormats), std::end(kFormats), [&](const MediaFormat& format) {
    return format.media_type == media_type;
  });
  return found == std::end(kFormats) ? nullptr : found;
}

bool begins_like(const MediaFormat& format, ByteView beginning) {
  const std::string_view bytes = as_text(beginning);
  const std::size_t magic_end = format.magic_at + format.magic.size();
  if (bytes.size() <= magic_end) return false;
  if (bytes.substr(format.magic_at, format.magic.size()) != format.magic) return false;
  if (format.extension == "webp" && !bytes.starts_with("RIFF")) return false;
  return brand_agrees(format, bytes.substr(magic_end));
}

std::string evidence_file_name(const EvidenceRef& file) {
  const MediaFormat* format = find_media_format(file.media_type);
  const std::string_view extension = format == nullptr ? "bin" : format->extension;
  return to_hex(ByteView(file.sha256).first(8)) + '.' + std::string(extension);
}

}  // namespace terreno
