// The sheet settings, and what languages the sheets speak.
#include <algorithm>

#include "core/forms/limits.hpp"
#include "core/forms/xlsform_model.hpp"
#include "core/forms/xlsform_names.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

/// Known to XLSForm and without a meaning here: a form that needs them is told so.
constexpr std::string_view kWithoutEffect[] = {"sms_keyword",     "sms_separator",       "sms_allow_media",
                                               "sms_date_format", "sms_datetime_format", "sms_response"};

bool is_without_effect(std::string_view name) {
  return std::find(std::begin(kWithoutEffect), std::end(kWithoutEffect), name) != std::end(kWithoutEffect);
}

/// The settings that do something here.
std::vector<std::string> useful_settings() {
  std::vector<std::string> names;
  for (const std::string& name : known_headings(SheetKind::Settings)) {
    if (name != "flat" && !is_without_effect(name)) names.push_back(name);
  }
  return names;
}

void check_heading(const HeadedColumn& column, XlsForm& form) {
  static const std::vector<std::string> kKnown = useful_settings();
  const std::string& name = column.tokens.front();
  const Place place{"settings", 1, column.heading};
  if (name == "flat") return form.fault(place, "xlsform.setting_refused", {{"setting", column.heading}});
  if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) return;
  if (is_without_effect(name))
    return form.warn(place, "xlsform.setting_without_effect", {{"setting", column.heading}});
  const std::string near = nearest_word(snake_case(name), kKnown);
  if (near.empty()) return form.warn(place, "xlsform.setting_unknown", {{"setting", column.heading}});
  form.warn(place, "xlsform.setting_unknown_near", {{"setting", column.heading}, {"near", near}});
}

std::string setting(const XlsForm& form, const std::string& name) {
  const auto found = form.settings.find(name);
  return found == form.settings.end() ? std::string() : found->second;
}

void check_id(XlsForm& form) {
  if (form.form_id.empty()) return form.fault({"settings", 2, "form_id"}, "xlsform.id_missing");
  if (form.form_id.find_first_of("/\t\n") != std::string::npos)
    form.fault({"settings", 2, "form_id"}, "xlsform.id_broken", {{"id", form.form_id}});
}

/// Which languages a sheet's columns have, and which columns each of them lacks.
class LanguageColumns {
 public:
  LanguageColumns(const HeadedSheet& sheet, std::string_view wanted) {
    for (const HeadedColumn& column : sheet.columns) note(column, wanted);
  }

  bool only_plain() const { return seen_.empty() || (seen_.size() == 1 && seen_.contains("default")); }

  void warn_of_missing(const std::string& sheet, XlsForm& form) const {
    if (only_plain()) return;
    for (const auto& [language, columns] : seen_) {
      std::string missing;
      for (const std::string& name : all_) {
        if (!columns.contains(name)) missing += (missing.empty() ? "" : ", ") + name;
      }
      if (missing.empty()) continue;
      form.warn({sheet, 1, ""}, "xlsform.language_incomplete",
                {{"language", language}, {"columns", missing}});
    }
  }

 private:
  void note(const HeadedColumn& column, std::string_view wanted) {
    std::vector<std::string> tokens = column.tokens;
    if (tokens.size() > 1 && (tokens.front() == "media" || tokens.front() == "bind"))
      tokens.erase(tokens.begin());
    static const std::map<std::string, std::string> kTranslated{{"label", "label"},
                                                                {"hint", "hint"},
                                                                {"guidance_hint", "guidance_hint"},
                                                                {"image", "image"},
                                                                {"audio", "audio"},
                                                                {"big-image", "big-image"},
                                                                {"video", "video"},
                                                                {"jr:constraintMsg", "constraint_message"},
                                                                {"jr:requiredMsg", "required_message"}};
    const auto found = kTranslated.find(tokens.front());
    const bool choices = wanted == "choices";
    if (found == kTranslated.end() || tokens.size() > 2) return;
    if (choices &&
        (found->second == "hint" || found->second == "guidance_hint" || found->second.ends_with("message")))
      return;
    seen_[tokens.size() == 1 ? "default" : tokens[1]].insert(found->second);
    all_.insert(found->second);
  }

  std::map<std::string, std::set<std::string>> seen_;
  std::set<std::string> all_;
};

}  // namespace

void read_settings(const HeadedSheet& sheet, const XlsFormOptions& options, XlsForm& form) {
  for (const HeadedColumn& column : sheet.columns) check_heading(column, form);
  if (!sheet.rows.empty()) {
    for (const auto& [column, text] : sheet.rows.front().cells) {
      if (column->tokens.front() == "attribute" && column->tokens.size() > 1)
        form.root_attributes.emplace_back(column->tokens[1], text);
      else
        form.settings[column->tokens.front()] = text;
    }
  }
  form.form_id = setting(form, "form_id");
  if (form.form_id.empty()) form.form_id = options.form_id;
  check_id(form);
  form.title = setting(form, "form_title");
  if (form.title.empty()) form.title = form.form_id;
  form.version = setting(form, "version");
  form.style = setting(form, "style");
  if (const std::string language = setting(form, "default_language"); !language.empty())
    form.default_language = language;
  if (form.version.empty()) form.warn({"settings", 2, "version"}, "xlsform.version_missing");
  FormItem root;
  root.kind = ItemKind::Group;
  root.sheet = "settings";
  root.row = 2;
  root.name = setting(form, "name");
  if (root.name.empty()) root.name = options.root_name;
  if (!is_xlsform_name(root.name)) {
    // pyxform counts the row of the headings here.
    form.fault({"settings", 1, "name"}, "xlsform.name_broken", {{"name", root.name}});
    root.name = "data";
  }
  form.items.push_back(std::move(root));
  if (is_yes(setting(form, "omit_instanceID")) && !setting(form, "public_key").empty())
    form.fault({"settings", 2, "omit_instanceID"}, "xlsform.instance_id_needed");
}

void check_translations(const HeadedSheet& survey, const HeadedSheet& choices, XlsForm& form) {
  LanguageColumns(survey, "survey").warn_of_missing("survey", form);
  LanguageColumns(choices, "choices").warn_of_missing("choices", form);
}

}  // namespace terreno::forms
