#include "core/visit/evidence_intake.hpp"

#include <algorithm>

namespace terreno {
namespace {

bool allowed(const MediaFormat& format, EvidenceKind kind) {
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

}  // namespace

Result<void> check_evidence(const EvidenceInput& input, Language language) {
  if (input.bytes.size() > kMaxEvidenceBytes) {
    return Error(ErrorCode::TooLarge,
                 text(language, "evidence.too_large", {{"limit", std::to_string(kMaxEvidenceBytes >> 20U)}}));
  }
  if (input.bytes.empty()) return Error(ErrorCode::EvidenceInvalid, text(language, "evidence.empty"));
  const MediaFormat* format = find_media_format(input.media_type);
  if (format == nullptr || !allowed(*format, input.kind)) {
    return Error(ErrorCode::EvidenceInvalid,
                 text(language, "evidence.wrong_type", {{"type", input.media_type}}));
  }
  if (!begins_like(*format, input.bytes)) {
    return Error(ErrorCode::EvidenceInvalid,
                 text(language, "evidence.not_what_it_claims", {{"type", input.media_type}}));
  }
  return {};
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
