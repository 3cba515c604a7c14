#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/texts.hpp"
#include "server/domain/form_use.hpp"
#include "server/domain/records.hpp"

namespace terreno::server {

inline constexpr std::size_t kMaxImportBytes = 20 * 1024 * 1024;
inline constexpr std::uint32_t kMaxImportLines = 50'000;
inline constexpr std::size_t kMaxImportProblems = 1'000;  ///< told one by one; the rest are counted

/// What a line of the file must agree with.
struct ImportWorld {
  std::function<bool(std::string_view login)> is_gestor;
  std::function<bool(std::string_view form_id)> is_form;
  FormUses form_uses = default_form_uses();  ///< for lines that name no form
  std::int32_t utc_offset_minutes = 0;
};

/// One thing that is wrong, for the person who made the file.
struct ImportProblem {
  std::uint32_t line = 0;  ///< as a spreadsheet counts, from 1; 0: the file as a whole
  std::string column;      ///< as the file's heading has it; empty: the line as a whole
  std::string reason;      ///< what is wrong and what to write instead
};

struct CaseTable {
  std::vector<CaseImport> cases;        ///< the good lines
  std::vector<ImportProblem> problems;  ///< the first kMaxImportProblems of the file, by line
  std::uint32_t problem_count = 0;      ///< of the whole file
  std::uint32_t bad_lines = 0;
  /// The file cannot be read at all (encoding, headings): even skipping bad lines makes no sense.
  bool unreadable = false;
};

/// Reads cases from CSV. Columns (Spanish headings in brackets): key [clave], purpose [propósito], name
/// [nombre], address [dirección], lat [latitud], lon [longitud] are needed; phone [teléfono], kind [tipo],
/// reference [referencia], radius_m [radio], precision [precisión], due [vence] yyyy-mm-dd, gestor, form
/// [formulario], note [nota] may be there; data.<name> [dato.<name>] carries what forms read. Every problem
/// of the file is found in one go.
CaseTable read_cases_csv(std::string_view csv, const ImportWorld& world, Language language);

}  // namespace terreno::server
