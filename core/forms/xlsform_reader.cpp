// Understands the sheets of an XLSForm: headings, settings, choices, languages. What is wrong is said with
// sheet, row and column. The survey sheet is read by xlsform_survey.cpp.
#include <algorithm>

#include "core/forms/limits.hpp"
#include "core/forms/xlsform_model.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

const std::map<std::string, std::string, std::less<>> kHeadingAliases{
    {"relevance", "relevant"},
    {"calculate", "calculation"},
    {"readonly", "read_only"},
    {"read only", "read_only"},
    {"required message", "required_message"},
    {"constraint message", "constraint_message"},
    {"choice filter", "choice_filter"},
    {"repeat count", "repeat_count"},
    {"list name", "list_name"},
    {"listname", "list_name"},
    {"value", "name"},
    {"id_string", "form_id"},
    {"title", "form_title"},
    {"set form title", "form_title"},
    {"set form id", "form_id"},
    {"constraining message", "constraint_message"},
    {"jr:constraintmsg", "constraint_message"},
    {"jr:requiredmsg", "required_message"},
    {"default language", "default_language"},
    {"caption", "label"}};

/// "Label :: Español (es)" is the heading "label::Español (es)": only the part before the marks is ours to
/// spell.
std::string normal_heading(std::string_view raw) {
  const std::string_view text = trimmed(raw);
  std::size_t mark = text.find("::");
  std::size_t width = 2;
  if (mark == std::string_view::npos && !lower_case(text).starts_with("jr:")) {
    mark = text.find(':');
    width = 1;
  }
  std::string base = lower_case(trimmed(text.substr(0, std::min(mark, text.size()))));
  if (const auto alias = kHeadingAliases.find(base); alias != kHeadingAliases.end()) base = alias->second;
  if (mark == std::string_view::npos) return base;
  return base + "::" + std::string(trimmed(text.substr(mark + width)));
}

void read_choices(const HeadedSheet& sheet, XlsForm& form) {
  std::map<std::string, std::set<std::string>> names;
  for (const HeadedRow& row : sheet.rows) {
    const std::string list(trimmed(cell_at(row, "list_name")));
    const std::string name(trimmed(cell_at(row, "name")));
    if (list.empty() && name.empty()) continue;
    if (list.empty()) {
      form.fault("choices", row.row, "list_name",
                 "The choice '" + name + "' belongs to no list; write the list's name.");
      continue;
    }
    if (name.empty()) {
      form.fault("choices", row.row, "name", "The choice has no name; write a short code without spaces.");
      continue;
    }
    if (name.find(' ') != std::string::npos) {
      form.fault("choices", row.row, "name",
                 "'" + name +
                     "' has a space; choice names are separated by spaces in answers, so write '_' instead.");
    }
    if (!names[list].insert(name).second) {
      form.fault("choices", row.row, "name",
                 "The list '" + list + "' has the choice '" + name + "' already; choose another name.");
    }
    ChoiceRow choice{row.row, name, {}, {}};
    for (const auto& [heading, text] : row.cells) {
      const std::string base = heading_base(heading);
      if (base == "label")
        choice.label[heading_language(heading)] = text;
      else if (base != "list_name" && base != "name" && base != "media" && base != "image" &&
               base != "audio" && base != "video" && is_xlsform_name(heading))
        choice.extra.emplace_back(heading, text);
    }
    if (choice.label.empty())
      form.warn("choices", row.row, "label", "The choice '" + name + "' has no label.");
    form.lists[list].push_back(std::move(choice));
  }
}

void read_settings(const HeadedSheet& sheet, XlsForm& form) {
  static const std::vector<std::string> kKnown{"form_title",
                                               "form_id",
                                               "version",
                                               "default_language",
                                               "instance_name",
                                               "style",
                                               "allow_choice_duplicates",
                                               "public_key",
                                               "submission_url"};
  for (const std::string& heading : sheet.headings) {
    if (std::find(kKnown.begin(), kKnown.end(), heading) != kKnown.end()) continue;
    const std::string near = nearest_word(heading, kKnown);
    form.warn("settings", 1, heading,
              "The setting '" + heading + "' is not known and is left out" +
                  (near.empty() ? "." : "; did you mean '" + near + "'?"));
  }
  if (sheet.rows.empty()) return;
  const HeadedRow& row = sheet.rows.front();
  form.title = trimmed(cell_at(row, "form_title"));
  form.form_id = trimmed(cell_at(row, "form_id"));
  form.version = trimmed(cell_at(row, "version"));
  form.default_language = trimmed(cell_at(row, "default_language"));
  form.instance_name = trimmed(cell_at(row, "instance_name"));
  form.style = trimmed(cell_at(row, "style"));
}

/// Languages in the order in which columns name them, the default first.
void collect_languages(const std::vector<const HeadedSheet*>& sheets, XlsForm& form) {
  static const std::set<std::string> kTranslated{"label", "hint", "guidance_hint", "constraint_message",
                                                 "required_message"};
  bool plain = false;
  for (const HeadedSheet* const sheet : sheets) {
    for (const std::string& heading : sheet->headings) {
      const bool used = std::any_of(sheet->rows.begin(), sheet->rows.end(),
                                    [&heading](const HeadedRow& row) { return row.cells.contains(heading); });
      if (!used || !kTranslated.contains(heading_base(heading))) continue;
      const std::string language = heading_language(heading);
      if (language.empty())
        plain = true;
      else if (std::find(form.languages.begin(), form.languages.end(), language) == form.languages.end())
        form.languages.push_back(language);
    }
  }
  if (form.languages.empty()) return;
  if (form.languages.size() > kMaxLanguages)
    form.fault("", 0, "", "The form has more than " + std::to_string(kMaxLanguages) + " languages.");
  if (form.default_language.empty()) form.default_language = plain ? "default" : form.languages.front();
  const auto found = std::find(form.languages.begin(), form.languages.end(), form.default_language);
  if (found == form.languages.end()) {
    if (!plain) {
      form.warn("settings", 2, "default_language",
                "No column is in the language '" + form.default_language + "'; the first one, '" +
                    form.languages.front() + "', is the default.");
      form.default_language = form.languages.front();
      return;
    }
    form.languages.insert(form.languages.begin(), form.default_language);
  } else {
    std::rotate(form.languages.begin(), found, found + 1);
  }
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string heading_base(const std::string& heading) { return heading.substr(0, heading.find("::")); }
std::string heading_language(const std::string& heading) {
  const std::size_t mark = heading.find("::");
  return mark == std::string::npos ? std::string() : heading.substr(mark + 2);
}

bool is_xlsform_name(std::string_view text) {
  auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  if (text.empty() || !letter(text.front())) return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

std::string cell_at(const HeadedRow& row, const std::string& heading) {
  const auto found = row.cells.find(heading);
  return found == row.cells.end() ? std::string() : found->second;
}

HeadedSheet with_headings(const Sheet& sheet, XlsForm& form) {
  HeadedSheet made;
  if (sheet.rows.empty()) return made;
  std::map<int, std::string> heading_of;
  std::set<std::string> seen;
  for (const SheetCell& cell : sheet.rows.front().cells) {
    std::string heading = normal_heading(cell.text);
    if (!seen.insert(heading).second) {
      form.fault(sheet.name, sheet.rows.front().number, heading,
                 "Two columns are headed '" + heading + "' (the second is " + column_letters(cell.column) +
                     "); keep one.");
      continue;
    }
    made.headings.push_back(heading);
    heading_of[cell.column] = std::move(heading);
  }
  for (std::size_t i = 1; i < sheet.rows.size(); ++i) {
    HeadedRow row{sheet.rows[i].number, {}};
    for (const SheetCell& cell : sheet.rows[i].cells) {
      if (const auto heading = heading_of.find(cell.column); heading != heading_of.end())
        row.cells[heading->second] = cell.text;
    }
    if (!row.cells.empty()) made.rows.push_back(std::move(row));
  }
  return made;
}

XlsForm read_xlsform(const std::vector<Sheet>& sheets) {
  XlsForm form;
  auto headed = [&](std::string_view name) {
    for (const Sheet& sheet : sheets) {
      if (sheet.name == name) return with_headings(sheet, form);
    }
    return HeadedSheet{};
  };
  const HeadedSheet settings = headed("settings");
  const HeadedSheet choices = headed("choices");
  const HeadedSheet survey = headed("survey");
  read_settings(settings, form);
  if (form.form_id.empty()) {
    form.fault(
        "settings", 2, "form_id",
        "The form needs an id; add a sheet settings with the columns form_title, form_id and version.");
  } else if (form.form_id.find_first_of(" \t/") != std::string::npos) {
    form.fault("settings", 2, "form_id",
               "The id '" + form.form_id + "' has a space or a slash; write '_' instead.");
  }
  if (form.title.empty()) form.title = form.form_id;
  if (form.version.empty())
    form.warn("settings", 2, "version",
              "The form has no version; write one, such as 1, and raise it with every change.");
  FormItem root;
  root.kind = ItemKind::Group;
  root.name = "data";
  root.path = "/data";
  form.items.push_back(std::move(root));
  if (survey.headings.empty())
    form.fault("survey", 0, "", "The workbook has no sheet survey with a row of headings.");
  collect_languages({&survey, &choices}, form);
  read_choices(choices, form);
  if (!survey.headings.empty()) read_survey(survey, form);
  return form;
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    // Levenshtein distance, row by row.
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 0; i < word.size() && i < 64; ++i) {
      std::size_t diagonal = row[0]++;
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const std::size_t change = diagonal + (word[i] == candidate[j] ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({change, row[j + 1] + 1, row[j] + 1});
      }
    }
    if (row.back() < least) {
      least = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace terreno::forms
