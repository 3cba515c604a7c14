#include "core/forms/xlsform_selects.hpp"

#include <algorithm>

#include "core/forms/xlsform_names.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

Place type_cell(const SelectRow& select) { return {"survey", select.row.row, select.row.heading({"type"})}; }

bool find_external_list(SelectRow& select, XlsForm& form) {
  if (select.item.choice_filter.text.empty()) form.warn(type_cell(select), "xlsform.external_without_filter");
  if (form.external_lists.empty()) {
    form.fault(
        type_cell(select), "xlsform.sheet_missing",
        {{"sheet", "external_choices"}, {"similar", similar_sheets("external_choices", select.sheet_names)}});
    return false;
  }
  const std::string& list = select.words.list;
  const bool found = std::any_of(form.external_lists.begin(), form.external_lists.end(),
                                 [&list](const ChoiceList& known) { return known.name == list; });
  if (!found) form.fault(type_cell(select), "xlsform.external_list_unknown", {{"list", list}});
  return found;
}

void list_unknown(SelectRow& select, XlsForm& form) {
  if (form.lists.empty()) {
    form.fault(type_cell(select), "xlsform.sheet_missing",
               {{"sheet", "choices"}, {"similar", similar_sheets("choices", select.sheet_names)}});
    return;
  }
  std::vector<std::string> known;
  for (const ChoiceList& list : form.lists) known.push_back(list.name);
  const std::string near = nearest_word(select.words.list, known);
  if (near.empty())
    form.fault(type_cell(select), "xlsform.list_unknown", {{"list", select.words.list}});
  else
    form.fault(type_cell(select), "xlsform.list_unknown_near", {{"list", select.words.list}, {"near", near}});
}

/// Several answers are kept with spaces between them.
bool names_have_spaces(SelectRow& select, const ChoiceList& list, XlsForm& form) {
  for (const ChoiceRow& choice : list.rows) {
    if (choice.name.find(' ') == std::string::npos) continue;
    form.fault({"choices", choice.row, "name"}, "xlsform.choice_with_space",
               {{"choice", choice.name}, {"list", list.name}, {"row", std::to_string(select.row.row)}});
    return true;
  }
  return false;
}

void add_other(SelectRow& select, ChoiceList& list, XlsForm& form) {
  if (!select.item.choice_filter.text.empty())
    form.fault({"survey", select.row.row, select.row.heading({"choice_filter"})},
               "xlsform.other_with_filter");
  const bool has_other = std::any_of(list.rows.begin(), list.rows.end(),
                                     [](const ChoiceRow& choice) { return choice.name == "other"; });
  if (has_other) return;
  ChoiceRow other{0, "other", {}, {}, {}};
  std::set<std::string> languages;
  for (const ChoiceRow& choice : list.rows) {
    for (const auto& [language, text] : choice.label.languages) languages.insert(language);
  }
  for (const std::string& language : languages) other.label.languages.emplace_back(language, "Other");
  if (languages.empty())
    other.label.plain = "Other";
  else
    form.warn(type_cell(select), "xlsform.other_untranslated");
  list.rows.push_back(std::move(other));
}

}  // namespace

bool read_select(SelectRow& select, XlsForm& form) {
  select.item.list = select.words.list;
  apply_parameters(select.row, select.item, form);
  if (select.words.command == "select_one_external") return find_external_list(select, form);
  const std::string_view extension = file_extension(select.words.list);
  const bool one_dot = std::count(select.words.list.begin(), select.words.list.end(), '.') == 1;
  if (select.words.from_file && !(is_list_extension(extension) && one_dot)) {
    form.fault(type_cell(select), "xlsform.file_extension",
               {{"file", select.words.list}, {"type", select.words.written}});
    return false;
  }
  if (is_list_extension(extension)) return true;
  if (has_reference(select.words.list)) {
    // Answers of a repeat are the choices.
    return true;
  }
  ChoiceList* const list = form.list_named(select.words.list);
  if (!list) return list_unknown(select, form), false;
  if (select.words.command == "select_multiple" && names_have_spaces(select, *list, form)) return false;
  if (select.words.or_other) add_other(select, *list, form);
  return true;
}

}  // namespace terreno::forms
