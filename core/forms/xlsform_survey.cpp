// Understands the rows of the survey sheet: types, names, groups and repeats.
#include <algorithm>
#include <array>
#include <sstream>

#include "core/forms/limits.hpp"
#include "core/forms/xlsform_model.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

constexpr std::array kTypes{
    QuestionType{"text", "string", "input", "", "", ""},
    QuestionType{"integer", "int", "input", "", "", ""},
    QuestionType{"decimal", "decimal", "input", "", "", ""},
    QuestionType{"note", "string", "input", "", "", ""},
    QuestionType{"calculate", "string", "", "", "", ""},
    QuestionType{"hidden", "string", "", "", "", ""},
    QuestionType{"select_one", "string", "select1", "", "", ""},
    QuestionType{"select_multiple", "string", "select", "", "", ""},
    QuestionType{"rank", "odk:rank", "odk:rank", "", "", ""},
    QuestionType{"date", "date", "input", "", "", ""},
    QuestionType{"time", "time", "input", "", "", ""},
    QuestionType{"dateTime", "dateTime", "input", "", "", ""},
    QuestionType{"geopoint", "geopoint", "input", "", "", ""},
    QuestionType{"geotrace", "geotrace", "input", "", "", ""},
    QuestionType{"geoshape", "geoshape", "input", "", "", ""},
    QuestionType{"image", "binary", "upload", "image/*", "", ""},
    QuestionType{"audio", "binary", "upload", "audio/*", "", ""},
    QuestionType{"video", "binary", "upload", "video/*", "", ""},
    QuestionType{"file", "binary", "upload", "application/*", "", ""},
    QuestionType{"barcode", "barcode", "input", "", "", ""},
    QuestionType{"acknowledge", "string", "trigger", "", "", ""},
    QuestionType{"range", "int", "range", "", "", ""},
    QuestionType{"start", "dateTime", "", "", "timestamp", "start"},
    QuestionType{"end", "dateTime", "", "", "timestamp", "end"},
    QuestionType{"today", "date", "", "", "date", "today"},
    QuestionType{"deviceid", "string", "", "", "property", "deviceid"},
    QuestionType{"username", "string", "", "", "property", "username"},
    QuestionType{"phonenumber", "string", "", "", "property", "phonenumber"},
    QuestionType{"email", "string", "", "", "property", "email"},
};

/// Other spellings that authors use.
const std::map<std::string, std::string, std::less<>> kTypeAliases{{"int", "integer"},
                                                                   {"string", "text"},
                                                                   {"photo", "image"},
                                                                   {"picture", "image"},
                                                                   {"trigger", "acknowledge"},
                                                                   {"datetime", "dateTime"},
                                                                   {"date_time", "dateTime"},
                                                                   {"gps", "geopoint"},
                                                                   {"location", "geopoint"},
                                                                   {"select one", "select_one"},
                                                                   {"select1", "select_one"},
                                                                   {"select multiple", "select_multiple"},
                                                                   {"select_all", "select_multiple"},
                                                                   {"select", "select_multiple"},
                                                                   {"device_id", "deviceid"},
                                                                   {"user_name", "username"}};

const std::vector<std::string> kSurveyHeadings{"type",
                                               "name",
                                               "label",
                                               "hint",
                                               "guidance_hint",
                                               "required",
                                               "required_message",
                                               "relevant",
                                               "constraint",
                                               "constraint_message",
                                               "calculation",
                                               "default",
                                               "choice_filter",
                                               "appearance",
                                               "read_only",
                                               "repeat_count",
                                               "parameters",
                                               "trigger",
                                               "note",
                                               "image",
                                               "audio",
                                               "video",
                                               "save_to",
                                               "disabled"};

/// Turns the rows of the survey sheet into a tree of items.
class SurveyReader {
 public:
  SurveyReader(const HeadedSheet& sheet, XlsForm& form) : sheet_(sheet), form_(form) {}

  void run() {
    check_headings();
    open_.push_back(0);
    for (const HeadedRow& row : sheet_.rows) {
      if (form_.items.size() > kMaxQuestions) {
        return form_.fault(
            "survey", row.row, "",
            "The form has more than " + std::to_string(kMaxQuestions) + " questions; split it.");
      }
      read(row);
    }
    for (std::size_t i = open_.size(); i-- > 1;) {
      const FormItem& item = form_.items[open_[i]];
      const std::string what = item.kind == ItemKind::Group ? "group" : "repeat";
      form_.fault("survey", item.row, "type",
                  "begin_" + what + " '" + item.name + "' is never closed; add a row with end_" + what + ".");
    }
  }

 private:
  void check_headings() {
    for (const char* const needed : {"type", "name"}) {
      if (std::find(sheet_.headings.begin(), sheet_.headings.end(), needed) == sheet_.headings.end()) {
        form_.fault("survey", 1, "",
                    std::string("The survey sheet has no column '") + needed + "'; add one.");
      }
    }
    for (const std::string& heading : sheet_.headings) {
      const std::string base = heading_base(heading);
      const bool passes = base == "bind" || base == "body" || base == "instance" || base == "media";
      if (passes || std::find(kSurveyHeadings.begin(), kSurveyHeadings.end(), base) != kSurveyHeadings.end())
        continue;
      const std::string near = nearest_word(base, kSurveyHeadings);
      form_.warn("survey", 1, heading,
                 "The column '" + heading + "' is not known and is left out" +
                     (near.empty() ? "." : "; did you mean '" + near + "'?"));
    }
  }

  void fault(const HeadedRow& row, std::string column, std::string message) {
    form_.fault("survey", row.row, std::move(column), std::move(message));
  }

  static std::string spaced_type(const std::string& raw) {
    std::istringstream words(raw);
    std::string word;
    std::string out;
    while (words >> word) out += (out.empty() ? "" : " ") + word;
    return out;
  }

  void read(const HeadedRow& row) {
    const std::string type = spaced_type(cell_at(row, "type"));
    if (lower_case(cell_at(row, "disabled")) == "yes") return;
    if (type.empty()) {
      if (!row.cells.empty())
        fault(row, "type",
              "The row has no type; write one, such as text or select_one list, or clear the row.");
      return;
    }
    const std::string word = lower_case(type);
    if (begins(word, "begin"))
      return begin(row, word.find("repeat") != std::string::npos ? ItemKind::Repeat : ItemKind::Group);
    if (begins(word, "end") && word != "end")
      return end(row, word.find("repeat") != std::string::npos ? ItemKind::Repeat : ItemKind::Group);
    question(row, type);
  }

  static bool begins(const std::string& word, std::string_view start) {
    if (!word.starts_with(start)) return false;
    const std::string_view rest = std::string_view(word).substr(start.size());
    for (const std::string_view what : {"group", "repeat", "loop"}) {
      if (rest == what || rest == std::string(" ") + std::string(what) ||
          rest == std::string("_") + std::string(what))
        return what != "loop";
    }
    return false;
  }

  void begin(const HeadedRow& row, ItemKind kind) {
    FormItem item;
    item.kind = kind;
    if (open_.size() > kMaxGroupDepth) {
      return fault(
          row, "type",
          "Groups stand more than " + std::to_string(kMaxGroupDepth) + " deep; make the form flatter.");
    }
    if (!read_common(row, item)) return;
    open_.push_back(add(std::move(item)));
  }

  void end(const HeadedRow& row, ItemKind kind) {
    const std::string what = kind == ItemKind::Group ? "group" : "repeat";
    if (open_.size() == 1)
      return fault(row, "type",
                   "end_" + what + " closes nothing; remove it or add a begin_" + what + " above.");
    const FormItem& item = form_.items[open_.back()];
    if (item.kind != kind) {
      const std::string other = item.kind == ItemKind::Group ? "group" : "repeat";
      fault(row, "type",
            "end_" + what + " meets begin_" + other + " '" + item.name + "' of row " +
                std::to_string(item.row) + "; write end_" + other + ".");
    }
    open_.pop_back();
  }

  void question(const HeadedRow& row, const std::string& type) {
    FormItem item;
    std::string list;
    item.type = find_type(type, list, item.list_is_file);
    if (!item.type) return unknown_type(row, type);
    const bool is_select =
        item.type->control == "select1" || item.type->control == "select" || item.type->control == "odk:rank";
    item.list = list;
    if (is_select && list.empty())
      fault(row, "type",
            "Write which list of the choices sheet is meant, such as '" + std::string(item.type->name) +
                " yes_no'.");
    if (is_select && list.find(' ') != std::string::npos) {
      return fault(row, "type",
                   "'" + list +
                       "' is no list name. Of or_other: add a choice 'other' and a text question with "
                       "relevant instead.");
    }
    if (!read_common(row, item)) return;
    check_question(row, item);
    add(std::move(item));
  }

  /// Splits "select_one colours" into the type and its list; "select_one_from_file towns.csv" into type and
  /// file.
  static const QuestionType* find_type(const std::string& type, std::string& list, bool& is_file) {
    const std::string word = lower_case(type);
    for (const std::string_view prefix :
         {"select_one_from_file ", "select_multiple_from_file ", "select_one ", "select_multiple ",
          "select one ", "select multiple ", "rank "}) {
      if (!word.starts_with(prefix)) continue;
      list = std::string(trimmed(std::string_view(type).substr(prefix.size())));
      is_file = prefix.find("from_file") != std::string_view::npos;
      if (prefix.starts_with("rank")) return plain_type("rank");
      return plain_type(prefix.find("one") == 7 ? "select_one" : "select_multiple");
    }
    return plain_type(word);
  }

  static const QuestionType* plain_type(std::string_view word) {
    const auto alias = kTypeAliases.find(word);
    const std::string name = lower_case(alias == kTypeAliases.end() ? word : std::string_view(alias->second));
    for (const QuestionType& row : kTypes) {
      if (lower_case(row.name) == name) return &row;
    }
    return nullptr;
  }

  void unknown_type(const HeadedRow& row, const std::string& type) {
    std::vector<std::string> known{"begin_group", "end_group", "begin_repeat", "end_repeat"};
    for (const QuestionType& known_type : kTypes) known.emplace_back(known_type.name);
    const std::string first = type.substr(0, type.find(' '));
    const std::string near = nearest_word(lower_case(first), known);
    fault(row, "type",
          "The type '" + type + "' is not known" +
              (near.empty() ? "; use one such as text, integer, select_one list, date or image."
                            : "; did you mean '" + near + "'?"));
  }

  Translations texts(const HeadedRow& row, const std::string& base) {
    Translations found;
    for (const auto& [heading, text] : row.cells) {
      if (heading_base(heading) == base) found[heading_language(heading)] = text;
    }
    return found;
  }

  static Formula cell(const HeadedRow& row, const std::string& heading) {
    return {cell_at(row, heading), heading};
  }

  bool read_common(const HeadedRow& row, FormItem& item) {
    item.row = row.row;
    item.name = std::string(trimmed(cell_at(row, "name")));
    if (item.name.empty()) {
      // Metadata may go by its type's own name.
      if (item.type && !item.type->preload.empty())
        item.name = item.type->name;
      else
        return fault(row, "name", "The row has no name; write one, such as arrears_reason."), false;
    }
    if (!is_xlsform_name(item.name)) {
      return fault(row, "name",
                   "'" + item.name +
                       "' cannot be a name: begin with a letter or _, then letters, digits, _, - or '.', no "
                       "spaces."),
             false;
    }
    item.label = texts(row, "label");
    item.hint = texts(row, "hint");
    item.guidance = texts(row, "guidance_hint");
    item.constraint_message = texts(row, "constraint_message");
    item.required_message = texts(row, "required_message");
    item.relevant = cell(row, "relevant");
    item.required = cell(row, "required");
    item.constraint = cell(row, "constraint");
    item.calculation = cell(row, "calculation");
    item.read_only = cell(row, "read_only");
    item.choice_filter = cell(row, "choice_filter");
    item.repeat_count = cell(row, "repeat_count");
    item.default_value = cell(row, "default");
    item.trigger = cell(row, "trigger");
    item.appearance = std::string(trimmed(cell_at(row, "appearance")));
    for (const auto& [heading, text] : row.cells) {
      if (heading_base(heading) == "bind") item.bind_attributes.emplace_back(heading_language(heading), text);
      if (heading_base(heading) == "body") item.body_attributes.emplace_back(heading_language(heading), text);
      if (heading_base(heading) == "instance")
        item.instance_attributes.emplace_back(heading_language(heading), text);
    }
    read_parameters(row, item);
    return true;
  }

  void read_parameters(const HeadedRow& row, FormItem& item) {
    std::string text = cell_at(row, "parameters");
    std::replace(text.begin(), text.end(), ',', ' ');
    std::replace(text.begin(), text.end(), ';', ' ');
    std::istringstream words(text);
    for (std::string word; words >> word;) {
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) {
        fault(row, "parameters",
              "'" + word +
                  "' is no parameter; write name=value without spaces, such as start=1 end=10 step=1.");
        continue;
      }
      item.parameters[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }

  void check_question(const HeadedRow& row, const FormItem& item) {
    const bool calculates = item.type->name == "calculate";
    if (calculates && trimmed(item.calculation.text).empty() && trimmed(item.default_value.text).empty()) {
      fault(row, "calculation", "A calculate row needs an expression in the column calculation.");
    }
    if (!item.type->control.empty() && item.label.empty() && item.hint.empty()) {
      form_.warn("survey", row.row, "label",
                 "'" + item.name + "' has no label; a person would see an empty question.");
    }
    const bool is_select =
        item.type->control == "select1" || item.type->control == "select" || item.type->control == "odk:rank";
    if (is_select && !item.list_is_file && !item.list.empty() && !form_.lists.contains(item.list)) {
      std::vector<std::string> known;
      for (const auto& [name, rows] : form_.lists) known.push_back(name);
      const std::string near = nearest_word(item.list, known);
      fault(row, "type",
            "The choices sheet has no list '" + item.list + "'" +
                (near.empty() ? "; add it there." : "; did you mean '" + near + "'?"));
    }
    if (!is_select && !item.choice_filter.text.empty()) {
      form_.warn("survey", row.row, "choice_filter",
                 "Only select questions have choices to filter; the filter is left out.");
    }
    if (item.type->name == "range") check_range(row, item);
  }

  void check_range(const HeadedRow& row, const FormItem& item) {
    for (const char* const needed : {"start", "end"}) {
      const auto found = item.parameters.find(needed);
      if (found == item.parameters.end() ||
          text_to_number(found->second, 0) != text_to_number(found->second, 0)) {
        fault(row, "parameters",
              "A range needs start, end and step as numbers, such as start=0 end=10 step=1.");
        return;
      }
    }
  }

  std::size_t add(FormItem item) {
    FormItem& parent = form_.items[open_.back()];
    for (const std::size_t sibling : parent.children) {
      if (form_.items[sibling].name != item.name) continue;
      form_.fault("survey", item.row, "name",
                  "The name '" + item.name + "' stands in row " + std::to_string(form_.items[sibling].row) +
                      " already; choose another.");
      break;
    }
    item.parent = open_.back();
    item.path = parent.path + "/" + item.name;
    const std::size_t number = form_.items.size();
    parent.children.push_back(number);
    form_.items.push_back(std::move(item));
    return number;
  }

  const HeadedSheet& sheet_;
  XlsForm& form_;
  std::vector<std::size_t> open_;
};

}  // namespace

void read_survey(const HeadedSheet& sheet, XlsForm& form) { SurveyReader(sheet, form).run(); }

}  // namespace terreno::forms
