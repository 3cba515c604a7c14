#pragma once

#include "core/base/texts.hpp"
#include "core/forms/xlsform.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

inline constexpr std::size_t kMaxFormFileBytes = 16 * 1024 * 1024;

/// What came of a questionnaire that somebody brought.
struct FormIntake {
  forms::XlsFormResult form;  ///< its issues hold all that is wrong, with sheet, row and column
  bool stored = false;
};

/// Reads an author's file, an XLSForm in any of its forms or XForm XML, and tells everything that is wrong
/// with it, also when it is more than a phone takes. An XLSForm that names no form_id is called as its file.
forms::XlsFormResult read_form_file(ByteView file, std::string_view file_name, Language language);

/// Reads it and keeps it, with the file itself, when no issue is an error; what is kept needs a version.
/// AlreadyExists when the version is there with other content. `addition.source` is the file.
Result<FormIntake> take_form(Storage& storage, const Uuid& tenant_id, FormAddition addition,
                             Language language);

}  // namespace terreno::server
