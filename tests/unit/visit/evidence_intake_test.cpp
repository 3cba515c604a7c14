#include "core/visit/evidence_intake.hpp"

#include <doctest/doctest.h>

using namespace terreno;
using namespace std::string_literals;

namespace {

ErrorCode verdict(EvidenceKind kind, const std::string& media_type, const std::string& bytes) {
  const auto checked = check_evidence({kind, "", media_type, as_bytes(bytes)}, Language::Spanish);
  return checked ? ErrorCode{} : checked.error().code;
}
constexpr ErrorCode kFine{};

EvidenceRef file(std::uint8_t first, std::string path) {
  EvidenceRef ref;
  ref.sha256[0] = first;
  ref.media_type = "image/jpeg";
  ref.question_path = std::move(path);
  return ref;
}

const std::string kJpeg = "\xFF\xD8\xFF\xE0 a picture";
const std::string kPng = "\x89PNG\r\n\x1A\n and more";

}  // namespace

TEST_CASE("a file must be what its media type says") {
  CHECK(verdict(EvidenceKind::Photo, "image/jpeg", kJpeg) == kFine);
  CHECK(verdict(EvidenceKind::Photo, "image/png", kPng) == kFine);
  CHECK(verdict(EvidenceKind::Photo, "image/jpeg", kPng) == ErrorCode::EvidenceInvalid);
  CHECK(verdict(EvidenceKind::Photo, "image/webp", "RIFF\x10\0\0\0WEBPVP8 "s) == kFine);
  CHECK(verdict(EvidenceKind::Photo, "image/webp", "XXXX\x10\0\0\0WEBPVP8 "s) == ErrorCode::EvidenceInvalid);
  CHECK(verdict(EvidenceKind::Photo, "image/heic",
                "\0\0\0\x18"
                "ftypheic...."s) == kFine);
  CHECK(verdict(EvidenceKind::Photo, "image/heic",
                "\0\0\0\x18"
                "ftypM4A ...."s) == ErrorCode::EvidenceInvalid);
  CHECK(verdict(EvidenceKind::Audio, "audio/mp4",
                "\0\0\0\x18"
                "ftypM4A ...."s) == kFine);
  CHECK(verdict(EvidenceKind::Audio, "audio/ogg", "OggS...") == kFine);
  CHECK(verdict(EvidenceKind::Document, "application/pdf", "%PDF-1.7 ...") == kFine);
}

TEST_CASE("a kind of evidence takes only its own types") {
  CHECK(verdict(EvidenceKind::Signature, "image/png", kPng) == kFine);
  CHECK(verdict(EvidenceKind::Photo, "application/pdf", "%PDF-1.7 ...") == ErrorCode::EvidenceInvalid);
  CHECK(verdict(EvidenceKind::Audio, "image/jpeg", kJpeg) == ErrorCode::EvidenceInvalid);
  CHECK(verdict(EvidenceKind::Photo, "text/html", "<html>") == ErrorCode::EvidenceInvalid);
}

TEST_CASE("empty, cut and oversized files are refused") {
  CHECK(verdict(EvidenceKind::Photo, "image/jpeg", "") == ErrorCode::EvidenceInvalid);
  for (std::size_t size = 1; size <= 3; ++size) {
    CHECK(verdict(EvidenceKind::Photo, "image/jpeg", kJpeg.substr(0, size)) == ErrorCode::EvidenceInvalid);
  }
  std::string large = kJpeg;
  large.resize(kMaxEvidenceBytes);
  CHECK(verdict(EvidenceKind::Photo, "image/jpeg", large) == kFine);
  large += 'x';
  CHECK(verdict(EvidenceKind::Photo, "image/jpeg", large) == ErrorCode::TooLarge);
}

TEST_CASE("a file's name is the start of its hash and its extension") {
  EvidenceRef ref = file(0xAB, "photo");
  CHECK(evidence_file_name(ref) == "ab00000000000000.jpg");
  ref.media_type = "audio/ogg";
  CHECK(evidence_file_name(ref) == "ab00000000000000.ogg");
}

TEST_CASE("evidence follows its name through the answers") {
  const std::vector<EvidenceRef> evidence{file(1, "people[1]/photo"), file(2, "people[2]/photo"), file(3, ""),
                                          file(4, "other")};
  // The first person was removed, so the second is the first now; 'other' was cleared.
  const std::vector<FormAnswer> answers{{"people[1]/photo", evidence_file_name(evidence[1])}, {"name", "x"}};
  const auto named = evidence_in_answers(evidence, answers);
  REQUIRE(named.size() == 2);
  CHECK(named[0].sha256 == evidence[1].sha256);
  CHECK(named[0].question_path == "people[1]/photo");
  CHECK(named[1] == evidence[2]);
}

TEST_CASE("one photo may answer two questions") {
  const std::vector<EvidenceRef> evidence{file(1, "b"), file(1, "a")};
  const std::string name = evidence_file_name(evidence[0]);
  const std::vector<FormAnswer> answers{{"a", name}, {"b", name}};
  CHECK(evidence_in_answers(evidence, answers) == evidence);
}
