#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/forms/compiled_form.hpp"
#include "core/forms/xlsform.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

/// A questionnaire from a file: an XLSForm in any of its forms, or XForm XML.
struct LoadedForm {
  FormVersion version;
  std::shared_ptr<const forms::CompiledForm> compiled;
};

/// Errors and warnings, with their cells, to the standard error.
void print_issues(const forms::XlsFormResult& result);

/// Converts and compiles; prints errors and warnings with their cells to the standard error. Nothing when the
/// form cannot be used.
std::optional<LoadedForm> load_form(const std::string& file);

}  // namespace terreno::server
