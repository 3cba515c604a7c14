#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/forms/sheet.hpp"

namespace terreno::forms {

/// Reads the cells of an old Excel workbook (.xls, BIFF) as text, as read_xlsx does. Within limits.hpp;
/// MalformedBytes or TooLarge say what is wrong.
Result<std::vector<Sheet>> read_xls(ByteView xls);

}  // namespace terreno::forms
