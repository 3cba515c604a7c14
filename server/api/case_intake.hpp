#pragma once

#include <string_view>

#include "server/domain/case_import.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

struct Intake {
  CaseTable table;        ///< what the file held, with every problem
  bool imported = false;  ///< false: nothing has changed
  ImportCounts counts;
};

/// Reads a CSV of cases against the tenant's gestores and forms and imports it: all of it when every line is
/// good, the good lines when `skip_bad`, else nothing. The one way in for files, from the console and from
/// the command line.
Intake take_cases(Storage& storage, const Tenant& tenant, std::string_view csv, bool skip_bad,
                  Language language, WallMs now_ms);

}  // namespace terreno::server
