#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/forms/sheet.hpp"

namespace terreno::forms {

/// Reads the cells of a workbook as text: a number as Excel's general format would show it, TRUE and FALSE
/// for booleans, formulas by their stored value. Of sheets that no XLSForm has only the name is read, unless
/// the workbook has no other. Within the limits of limits.hpp; MalformedBytes or TooLarge say what is wrong.
Result<std::vector<Sheet>> read_xlsx(ByteView xlsx);

}  // namespace terreno::forms
