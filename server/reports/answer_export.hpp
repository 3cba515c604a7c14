#pragma once

#include <filesystem>

#include "server/domain/form_cache.hpp"
#include "server/reports/answer_table.hpp"

namespace terreno::server {

inline constexpr std::uint64_t kMaxExportVisits = 250'000;

struct AnswerExport {
  enum class Format : std::uint8_t { Csv, Xlsx };
  Format format = Format::Xlsx;
  std::string form_id;
  std::optional<std::string> version;  ///< nothing: every version, merged
  Period period;                       ///< of finished_at_ms
  Language language = Language::Spanish;
  std::string form_language;  ///< of the questions' labels, as FormSession takes it
  TableHead head = TableHead::PathAndLabel;
  bool split_choices = false;  ///< a column of 0 and 1 for each choice that was chosen in the period
  std::string repeat;          ///< Csv: the repeat whose instances are meant; empty: the visits
};

/// Writes the answers into a file and returns how many visits there were. Memory does not grow with them.
/// NotFound: no such form, version or repeat; TooLarge: more visits than kMaxExportVisits or more than the
/// format holds, and the message says what to ask for instead.
Result<std::uint64_t> export_answers(Storage& storage, FormCache& forms, const Uuid& tenant_id,
                                     const AnswerExport& wanted, const std::filesystem::path& to);

}  // namespace terreno::server
