#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/texts.hpp"
#include "core/model/media_format.hpp"
#include "core/model/work.hpp"

namespace terreno {

inline constexpr std::size_t kMaxEvidencePerVisit = 40;

struct EvidenceInput {
  EvidenceKind kind = EvidenceKind::Photo;
  std::string question_path;  ///< the answer there becomes the file's name; empty: belongs to the visit
  std::string media_type;     ///< image/jpeg, image/png...; must agree with the bytes
  ByteView bytes;             ///< at most kMaxEvidenceBytes
};

/// Checks that the file is what it claims: a media type that this kind of evidence may have, first bytes that
/// agree with it, and a size within the limit. EvidenceInvalid, TooLarge, in the gestor's language.
Result<void> check_evidence(const EvidenceInput& input, Language language);

/// The evidence that the answers still name, each under the path where its name stands now (removing a repeat
/// moves what follows it up), and the files of the visit as a whole. In the order of `evidence`.
std::vector<EvidenceRef> evidence_in_answers(std::span<const EvidenceRef> evidence,
                                             std::span<const FormAnswer> answers);

}  // namespace terreno
