#include "core/visit/evidence_intake.hpp"

#include <algorithm>
#include <iterator>

namespace terreno {
namespace {

using namespace std::string_view_literals;

/// How a kind of file begins, and who may be such a file.
struct FileFormat {
  std::string_view media_type;
  std::string_view extension;
  std::size_t magic_at;
  std::string_view magic;
  std::string_view brands;  ///< four characters each, one of which follows the magic; empty: anything may
  bool photo, signature, audio, document;
};

// ISO media files (M4A, HEIC) say at byte 8 which family they belong to.
constexpr std::string_view kAudioBrands = "M4A M4B mp42mp41isomiso23gp43gp5";
constexpr std::string_view kHeicBrands = "heicheixmif1msf1hevc";

constexpr FileFormat kFormats[] = {
    {"image/jpeg", "jpg", 0, "\xFF\xD8\xFF"sv, {}, true, true, false, true},
    {"image/png", "png", 0, "\x89PNG\r\n\x1A\n"sv, {}, true, true, false, true},
    {"image/webp", "webp", 8, "WEBP"sv, {}, true, true, false, true},
    {"image/heic", "heic", 4, "ftyp"sv, kHeicBrands, true, false, false, true},
    {"application/pdf", "pdf", 0, "%PDF-"sv, {}, false, false, false, true},
    {"audio/mp4", "m4a", 4, "ftyp"sv, kAudioBrands, false, false, true, false},
    {"audio/x-m4a", "m4a", 4, "ftyp"sv, kAudioBrands, false, false, true, false},
    {"audio/ogg", "ogg", 0, "OggS"sv, {}, false, false, true, false},
};

const FileFormat* format_of(std::string_view media_type) {
  const auto* found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const FileFormat& format) { return format.media_type == media_type; });
  return found == std::end(kFormats) ? nullptr : found;
}

bool allowed(const FileFormat& format, EvidenceKind kind) {
  switch (kind) {
    case EvidenceKind::Photo:
      return format.photo;
    case EvidenceKind::Signature:
      return format.signature;
    case EvidenceKind::Audio:
      return format.audio;
    case EvidenceKind::Document:
      return format.document;
  }
  return false;
}

bool brand_agrees(const FileFormat& format, std::string_view rest) {
  if (format.brands.empty()) return true;
  const std::string_view brand = rest.substr(0, 4);
  if (brand.size() < 4) return false;
  for (std::size_t i = 0; i + 4 <= format.brands.size(); i += 4) {
    if (format.brands.substr(i, 4) == brand) return true;
  }
  return false;
}

bool begins_like(const FileFormat& format, std::string_view bytes) {
  const std::size_t magic_end = format.magic_at + format.magic.size();
  if (bytes.size() <= magic_end) return false;
  if (bytes.substr(format.magic_at, format.magic.size()) != format.magic) return false;
  if (format.extension == "webp" && !bytes.starts_with("RIFF")) return false;
  return brand_agrees(format, bytes.substr(magic_end));
}

}  // namespace

Result<void> check_evidence(const EvidenceInput& input, Language language) {
  if (input.bytes.size() > kMaxEvidenceBytes) {
    return Error(ErrorCode::TooLarge,
                 text(language, "evidence.too_large", {{"limit", std::to_string(kMaxEvidenceBytes >> 20U)}}));
  }
  if (input.bytes.empty()) return Error(ErrorCode::EvidenceInvalid, text(language, "evidence.empty"));
  const FileFormat* format = format_of(input.media_type);
  if (format == nullptr || !allowed(*format, input.kind)) {
    return Error(ErrorCode::EvidenceInvalid,
                 text(language, "evidence.wrong_type", {{"type", input.media_type}}));
  }
  if (!begins_like(*format, as_text(input.bytes))) {
    return Error(ErrorCode::EvidenceInvalid,
                 text(language, "evidence.not_what_it_claims", {{"type", input.media_type}}));
  }
  return {};
}

std::string evidence_file_name(const EvidenceRef& file) {
  const FileFormat* format = format_of(file.media_type);
  const std::string_view extension = format == nullptr ? "bin"sv : format->extension;
  return to_hex(ByteView(file.sha256).first(8)) + '.' + std::string(extension);
}

std::vector<EvidenceRef> evidence_in_answers(std::span<const EvidenceRef> evidence,
                                             std::span<const FormAnswer> answers) {
  std::vector<EvidenceRef> named;
  std::vector<bool> taken(answers.size(), false);
  for (const EvidenceRef& file : evidence) {
    if (file.question_path.empty()) {
      named.push_back(file);
      continue;
    }
    const std::string name = evidence_file_name(file);
    // One photo may answer two questions: its own path comes first, then any that no other has taken.
    std::size_t at = answers.size();
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (taken[i] || answers[i].value != name) continue;
      if (at == answers.size() || answers[i].path == file.question_path) at = i;
    }
    if (at == answers.size()) continue;
    taken[at] = true;
    named.push_back(file);
    named.back().question_path = answers[at].path;
  }
  return named;
}

}  // namespace terreno
