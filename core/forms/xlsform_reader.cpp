// Puts the sheets of an XLSForm together.
#include <algorithm>

#include "core/forms/xlsform_model.hpp"
#include "core/forms/xlsform_names.hpp"

namespace terreno::forms {
namespace {

const Sheet* sheet_named(const std::vector<Sheet>& sheets, std::string_view name) {
  for (const Sheet& sheet : sheets) {
    if (lower_case(sheet.name) == name) return &sheet;
  }
  // A table that stands alone is the survey, whatever it is called.
  return name == "survey" && sheets.size() == 1 ? &sheets.front() : nullptr;
}

bool collapses_spaces(const HeadedSheet& settings) {
  return settings.rows.empty() || !is_no(settings.rows.front().at({"clean_text_values"}));
}

void warn_of_similar(const std::string& wanted, const std::vector<std::string>& names, XlsForm& form) {
  const std::string similar = similar_sheets(wanted, names);
  if (!similar.empty()) form.warn({}, "xlsform.sheet_similar", {{"sheet", wanted}, {"similar", similar}});
}

}  // namespace

XlsForm read_xlsform(const std::vector<Sheet>& sheets, const XlsFormOptions& options) {
  XlsForm form;
  form.language = options.language;
  std::vector<std::string> names;
  for (const Sheet& sheet : sheets) names.push_back(sheet.name);
  auto headed = [&](const char* name, SheetKind kind, bool collapse) {
    const Sheet* const found = sheet_named(sheets, name);
    if (!found) return HeadedSheet{name, {}, {}};
    HeadedSheet made = with_headings(*found, kind, collapse, form);
    made.name = name;
    return made;
  };
  const HeadedSheet settings = headed("settings", SheetKind::Settings, false);
  const HeadedSheet survey = headed("survey", SheetKind::Survey, collapses_spaces(settings));
  const HeadedSheet choices = headed("choices", SheetKind::Choices, false);
  const HeadedSheet entities = headed("entities", SheetKind::Entities, false);
  if (settings.rows.empty()) warn_of_similar("settings", names, form);
  read_settings(settings, options, form);
  if (survey.columns.empty()) {
    const std::string similar = similar_sheets("survey", names);
    form.fault({}, similar.empty() ? "xlsform.survey_missing" : "xlsform.survey_missing_similar",
               {{"similar", similar}});
    return form;
  }
  form.lists = read_lists(choices, form);
  check_lists(choices, form);
  form.external_lists = read_lists(headed("external_choices", SheetKind::Choices, false), form);
  form.osm_tags = read_lists(headed("osm", SheetKind::Choices, false), form);
  if (entities.rows.empty())
    warn_of_similar("entities", names, form);
  else
    read_entities(entities, form);
  check_languages(survey, choices, form);
  check_translations(survey, choices, form);
  read_survey(survey, names, form);
  place_entities(form);
  form.finish_items();
  check_references(survey, choices, entities, settings, form);
  return form;
}

}  // namespace terreno::forms
