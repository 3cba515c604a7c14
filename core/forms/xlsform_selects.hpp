#pragma once

#include "core/forms/xlsform_model.hpp"

namespace terreno::forms {

/// A row whose type is a select, a rank or a select from a file.
struct SelectRow {
  const HeadedRow& row;
  const TypeWords& words;
  FormItem& item;
  const std::vector<std::string>& sheet_names;
};

/// Finds the row's list and checks what it says; false when the select has no list to work with.
bool read_select(SelectRow& select, XlsForm& form);

}  // namespace terreno::forms
