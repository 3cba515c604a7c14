// The sheets of lists: choices, external_choices and osm.
#include <algorithm>

#include "core/forms/xlsform_model.hpp"
#include "core/forms/xlsform_names.hpp"

namespace terreno::forms {
namespace {

ChoiceRow read_choice(const HeadedRow& row) {
  ChoiceRow choice{row.row, row.at({"name"}), row.texts({"label"}), {}, {}};
  for (const char* const kind : {"image", "big-image", "audio", "video"}) {
    FormText media = row.texts({"media", kind});
    if (!media.empty()) choice.media.emplace_back(kind, std::move(media));
  }
  for (const auto& [column, text] : row.cells) {
    const std::string& first = column->tokens.front();
    const bool ours = first == "name" || first == "label" || first == "list_name" || first == "media";
    // Further columns become elements, so that only names can be told.
    if (!ours && column->tokens.size() == 1 && is_xlsform_name(first)) choice.extra.emplace_back(first, text);
  }
  return choice;
}

void check_list(const ChoiceList& list, bool duplicates_allowed, const std::string& name_heading,
                XlsForm& form) {
  std::set<std::string> seen;
  for (const ChoiceRow& choice : list.rows) {
    if (choice.name.empty()) {
      form.fault({"choices", choice.row, name_heading}, "xlsform.choice_without_name", {{"list", list.name}});
      continue;
    }
    if (choice.label.empty())
      form.warn({"choices", choice.row, "label"}, "xlsform.choice_without_label", {{"choice", choice.name}});
    if (!seen.insert(choice.name).second && !duplicates_allowed) {
      form.fault({"choices", choice.row, name_heading}, "xlsform.choice_twice",
                 {{"choice", choice.name}, {"list", list.name}});
    }
  }
}

}  // namespace

std::vector<ChoiceList> read_lists(const HeadedSheet& sheet, XlsForm& form) {
  std::vector<ChoiceList> lists;
  for (const HeadedRow& row : sheet.rows) {
    const std::string list = row.at({"list_name"});
    if (list.empty()) {
      if (!row.at({"name"}).empty() && !sheet.has("list_name")) continue;
      if (!row.at({"name"}).empty())
        form.warn({sheet.name, row.row, "list_name"}, "xlsform.choice_without_list",
                  {{"choice", row.at({"name"})}});
      continue;
    }
    auto found = std::find_if(lists.begin(), lists.end(),
                              [&list](const ChoiceList& known) { return known.name == list; });
    if (found == lists.end()) found = lists.insert(lists.end(), ChoiceList{list, {}, false});
    found->rows.push_back(read_choice(row));
  }
  return lists;
}

void check_lists(const HeadedSheet& sheet, XlsForm& form) {
  if (!sheet.rows.empty() && !sheet.has("name")) {
    form.fault({"choices", 1, ""}, "xlsform.column_missing", {{"sheet", "choices"}, {"column", "name"}});
    return;
  }
  if (!sheet.rows.empty() && !sheet.has("list_name"))
    form.fault({"choices", 1, ""}, "xlsform.column_missing", {{"sheet", "choices"}, {"column", "list_name"}});
  std::string name_heading = "name";
  for (const HeadedColumn& column : sheet.columns) {
    const std::string& first = column.tokens.front();
    if (first == "name") name_heading = column.heading;
    if (first.find(' ') != std::string::npos)
      form.warn({"choices", 1, column.heading}, "xlsform.choice_column_broken", {{"column", column.heading}});
  }
  const auto allowed = form.settings.find("allow_choice_duplicates");
  const bool duplicates = allowed != form.settings.end() && is_yes(allowed->second);
  for (const ChoiceList& list : form.lists) check_list(list, duplicates, name_heading, form);
}

}  // namespace terreno::forms
