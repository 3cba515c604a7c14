// Takes the headings of an XLSForm's sheets apart: aliases, languages, prefixes.
#include <algorithm>

#include "core/forms/xlsform_model.hpp"
#include "core/forms/xlsform_names.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {

const std::set<std::string, std::less<>>& known_headings(SheetKind kind) {
  static const std::set<std::string, std::less<>> kSurvey{
      "type",          "name",       "label",   "hint",    "guidance_hint", "default",
      "choice_filter", "parameters", "trigger", "media",   "bind",          "control",
      "instance",      "disabled",   "intent",  "note",    "query",         "sms_field",
      "sms_option",    "itemset",    "actions", "choices", "list_name",     "save_to"};
  static const std::set<std::string, std::less<>> kChoices{"name", "label", "media", "list_name",
                                                           "sms_option"};
  static const std::set<std::string, std::less<>> kSettings{"form_title",
                                                            "form_id",
                                                            "version",
                                                            "default_language",
                                                            "style",
                                                            "name",
                                                            "public_key",
                                                            "submission_url",
                                                            "auto_send",
                                                            "auto_delete",
                                                            "client_editable",
                                                            "instance_name",
                                                            "instance_id",
                                                            "instance_xmlns",
                                                            "namespaces",
                                                            "omit_instanceID",
                                                            "clean_text_values",
                                                            "add_none_option",
                                                            "prefix",
                                                            "delimiter",
                                                            "attribute",
                                                            "sms_keyword",
                                                            "sms_separator",
                                                            "sms_allow_media",
                                                            "sms_date_format",
                                                            "sms_datetime_format",
                                                            "sms_response",
                                                            "allow_choice_duplicates",
                                                            "flat"};
  static const std::set<std::string, std::less<>> kEntities{"list_name", "entity_id", "create_if",
                                                            "update_if", "label",     "repeat"};
  switch (kind) {
    case SheetKind::Survey:
      return kSurvey;
    case SheetKind::Choices:
      return kChoices;
    case SheetKind::Settings:
      return kSettings;
    default:
      return kEntities;
  }
}

namespace {

using Tokens = std::vector<std::string>;
using Aliases = std::map<std::string, Tokens, std::less<>>;

const Aliases& survey_aliases() {
  static const Aliases kAliases{{"compact_tag", {"instance", "odk:tag"}},
                                {"read_only", {"bind", "readonly"}},
                                {"readonly", {"bind", "readonly"}},
                                {"relevant", {"bind", "relevant"}},
                                {"relevance", {"bind", "relevant"}},
                                {"caption", {"label"}},
                                {"appearance", {"control", "appearance"}},
                                {"required", {"bind", "required"}},
                                {"constraint", {"bind", "constraint"}},
                                {"constraining_message", {"bind", "jr:constraintMsg"}},
                                {"constraint_message", {"bind", "jr:constraintMsg"}},
                                {"calculation", {"bind", "calculate"}},
                                {"calculate", {"bind", "calculate"}},
                                {"command", {"type"}},
                                {"tag", {"name"}},
                                {"value", {"name"}},
                                {"image", {"media", "image"}},
                                {"big-image", {"media", "big-image"}},
                                {"audio", {"media", "audio"}},
                                {"video", {"media", "video"}},
                                {"count", {"control", "jr:count"}},
                                {"repeat_count", {"control", "jr:count"}},
                                {"jr:count", {"control", "jr:count"}},
                                {"autoplay", {"control", "autoplay"}},
                                {"rows", {"control", "rows"}},
                                {"noapperrorstring", {"bind", "jr:noAppErrorString"}},
                                {"no_app_error_string", {"bind", "jr:noAppErrorString"}},
                                {"requiredmsg", {"bind", "jr:requiredMsg"}},
                                {"required_message", {"bind", "jr:requiredMsg"}},
                                {"body", {"control"}},
                                {"save_to", {"save_to"}}};
  return kAliases;
}

const Aliases& choice_aliases() {
  static const Aliases kAliases{
      {"caption", {"label"}},        {"list_name", {"list_name"}},          {"value", {"name"}},
      {"image", {"media", "image"}}, {"big-image", {"media", "big-image"}}, {"audio", {"media", "audio"}},
      {"video", {"media", "video"}}};
  return kAliases;
}

const Aliases& settings_aliases() {
  static const Aliases kAliases{{"title", {"form_title"}},
                                {"set_form_title", {"form_title"}},
                                {"id_string", {"form_id"}},
                                {"set_form_id", {"form_id"}}};
  return kAliases;
}

const Aliases& entity_aliases() {
  static const Aliases kAliases{{"dataset", {"list_name"}}};
  return kAliases;
}

const Aliases& aliases_of(SheetKind kind) {
  switch (kind) {
    case SheetKind::Survey:
      return survey_aliases();
    case SheetKind::Choices:
      return choice_aliases();
    case SheetKind::Settings:
      return settings_aliases();
    default:
      return entity_aliases();
  }
}

Tokens split_heading(std::string_view heading, std::string_view mark) {
  Tokens tokens;
  for (std::size_t at = 0; at <= heading.size();) {
    const std::size_t next = std::min(heading.find(mark, at), heading.size());
    tokens.emplace_back(trimmed(heading.substr(at, next - at)));
    at = next + mark.size();
  }
  // "bind:jr:constraintMsg" names one attribute with its prefix.
  const auto prefix = mark == ":" ? std::find(tokens.begin(), tokens.end(), "jr") : tokens.end();
  if (prefix != tokens.end() && prefix + 1 != tokens.end()) {
    *prefix += ":" + *(prefix + 1);
    tokens.erase(prefix + 1);
  }
  return tokens;
}

Tokens tokens_of(const std::string& heading, SheetKind kind, bool double_colons) {
  const auto& known = known_headings(kind);
  const Aliases& aliases = aliases_of(kind);
  if (known.contains(heading) && !aliases.contains(heading)) return {heading};
  const std::string spelled = snake_case(heading);
  if (known.contains(spelled) && !aliases.contains(spelled)) return {spelled};
  const bool doubled = double_colons || heading.find("::") != std::string::npos;
  Tokens tokens = split_heading(heading, doubled ? "::" : ":");
  const std::string first = snake_case(tokens.front());
  if (const auto alias = aliases.find(first); alias != aliases.end()) {
    Tokens made = alias->second;
    made.insert(made.end(), tokens.begin() + 1, tokens.end());
    return made;
  }
  if (known.contains(first))
    tokens.front() = first;
  else if (tokens.size() == 1)
    tokens.front() = heading;
  return tokens;
}

/// Typographic quotes come from word processors and mean the plain ones.
std::string with_plain_quotes(std::string text) {
  for (const auto& [fancy, plain] :
       {std::pair{"\u2018", "'"}, {"\u2019", "'"}, {"\u201C", "\""}, {"\u201D", "\""}}) {
    for (std::size_t at = text.find(fancy); at != std::string::npos; at = text.find(fancy, at))
      text.replace(at, std::string(fancy).size(), plain);
  }
  return text;
}

/// One space for each run of spaces, those that do not break included.
std::string collapsed(std::string text) {
  constexpr std::string_view kNoBreak = "\u00A0";
  for (std::size_t at = text.find(kNoBreak); at != std::string::npos; at = text.find(kNoBreak, at))
    text.replace(at, kNoBreak.size(), " ");
  std::string made;
  bool gap = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      gap = true;
      continue;
    }
    if (gap && !made.empty()) made += ' ';
    gap = false;
    made += c;
  }
  return made;
}

}  // namespace

HeadedSheet with_headings(const Sheet& sheet, SheetKind kind, bool collapse, XlsForm& form) {
  HeadedSheet made{lower_case(sheet.name), {}, {}};
  if (sheet.rows.empty()) return made;
  const SheetRow& head = sheet.rows.front();
  const bool double_colons = std::any_of(head.cells.begin(), head.cells.end(), [](const SheetCell& cell) {
    return cell.text.find("::") != std::string::npos;
  });
  std::map<int, std::size_t> column_at;
  for (const SheetCell& cell : head.cells) {
    const std::string heading = collapsed(cell.text);
    form.column_numbers.emplace(std::pair(made.name, heading), cell.column);
    HeadedColumn column{heading, tokens_of(heading, kind, double_colons)};
    const auto same = std::find_if(made.columns.begin(), made.columns.end(),
                                   [&](const HeadedColumn& other) { return other.tokens == column.tokens; });
    if (same != made.columns.end()) {
      form.fault({made.name, head.number, heading}, "xlsform.heading_twice",
                 {{"first", same->heading}, {"second", heading}});
      continue;
    }
    column_at[cell.column] = made.columns.size();
    made.columns.push_back(std::move(column));
  }
  // Rows point to columns, which stand still from here on.
  for (std::size_t i = 1; i < sheet.rows.size(); ++i) {
    // What stands far below the table is no part of it: a remark, or a cell that was touched by mistake.
    constexpr int kMostEmptyRows = 60;
    if (sheet.rows[i].number - sheet.rows[i - 1].number > kMostEmptyRows) {
      form.warn({made.name, sheet.rows[i].number, ""}, "xlsform.rows_far_away");
      break;
    }
    HeadedRow row{sheet.rows[i].number, {}};
    for (const SheetCell& cell : sheet.rows[i].cells) {
      const auto found = column_at.find(cell.column);
      if (found == column_at.end()) continue;
      std::string text = with_plain_quotes(collapse ? collapsed(cell.text) : std::string(trimmed(cell.text)));
      if (!text.empty()) row.cells.emplace_back(&made.columns[found->second], std::move(text));
    }
    if (!row.cells.empty()) made.rows.push_back(std::move(row));
  }
  return made;
}

std::string similar_sheets(const std::string& wanted, const std::vector<std::string>& names) {
  static const std::set<std::string, std::less<>> kSheets{"survey",           "choices", "settings",
                                                          "external_choices", "osm",     "entities"};
  constexpr std::size_t kFarthest = 2;
  std::string made;
  for (const std::string& name : names) {
    const std::string lower = lower_case(name);
    if (kSheets.contains(lower) || name.starts_with("_") || lower.size() > 64) continue;
    if (letters_between(lower, wanted) <= kFarthest) made += (made.empty() ? "'" : ", '") + name + "'";
  }
  return made;
}

}  // namespace terreno::forms
