#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/forms/xlsform.hpp"
#include "core/forms/xlsx_reader.hpp"

namespace terreno::forms {

/// One text in the languages its author wrote; "" is the column without a language.
using Translations = std::map<std::string, std::string>;

enum class ItemKind : std::uint8_t { Question, Group, Repeat };

/// How a type of XLSForm becomes XForm: the bind's type and the control.
struct QuestionType {
  std::string_view name;  ///< as the author writes it, with its list or file left out
  std::string_view bind_type;
  std::string_view control;     ///< element of the body; empty when nothing is asked
  std::string_view media_type;  ///< of an upload
  std::string_view preload;
  std::string_view preload_parameters;
};

/// What stands in a column that holds an expression.
struct Formula {
  std::string text;
  std::string column;  ///< its heading
};

/// A row of the survey sheet.
struct FormItem {
  ItemKind kind = ItemKind::Question;
  const QuestionType* type = nullptr;
  int row = 0;
  std::string name;
  std::string list;  ///< of a select: the choice list, or the file
  bool list_is_file = false;
  Translations label, hint, guidance, constraint_message, required_message;
  Formula relevant, required, constraint, calculation, read_only, choice_filter, repeat_count, default_value,
      trigger;
  std::string appearance;
  std::map<std::string, std::string> parameters;
  std::vector<std::pair<std::string, std::string>> bind_attributes, body_attributes, instance_attributes;
  std::size_t parent = 0;  ///< number of the enclosing item; 0 is the form itself
  std::vector<std::size_t> children;
  std::string path;  ///< "/data/promise/amount"
};

struct ChoiceRow {
  int row = 0;
  std::string name;
  Translations label;
  std::vector<std::pair<std::string, std::string>> extra;  ///< further columns, for choice filters
};

/// The three sheets, understood. items[0] is the form itself.
struct XlsForm {
  std::string form_id, version, title, default_language, instance_name, style;
  std::vector<std::string> languages;  ///< the default first; empty when no column names one
  std::vector<FormItem> items;
  std::map<std::string, std::vector<ChoiceRow>> lists;
  std::vector<FormIssue> issues;
  std::map<std::string, std::vector<std::size_t>> by_name;  ///< items, for ${name}
  bool reads_case = false;                                  ///< an expression asks for instance('case')

  void fault(std::string sheet, int row, std::string column, std::string message) {
    issues.push_back({true, std::move(sheet), row, std::move(column), std::move(message)});
  }
  void warn(std::string sheet, int row, std::string column, std::string message) {
    issues.push_back({false, std::move(sheet), row, std::move(column), std::move(message)});
  }
};

/// Reads rows into items and lists; what is wrong goes to the form's issues.
XlsForm read_xlsform(const std::vector<Sheet>& sheets);
/// Writes the XForm; expressions that do not hold go to the form's issues.
std::string write_xform(XlsForm& form);

/// Replaces ${name} by paths, as seen from `item`, and checks the expression. Empty after a fault.
/// `in_choices`: the expression stands in a filter over choices, where "." is a choice.
std::string resolved_expression(XlsForm& form, std::size_t item, const Formula& cell, bool in_choices);
/// As resolved_expression, for a column that also takes yes and no.
std::string resolved_condition(XlsForm& form, std::size_t item, const Formula& cell);
/// The item that ${name} means from `item`; reports and gives nothing when there is none or more than one.
std::optional<std::size_t> referred_item(XlsForm& form, std::size_t item, const std::string& name,
                                         const std::string& column);
/// The path from `item` to `target`: relative inside a common repeat, else absolute.
std::string reference_path(const XlsForm& form, std::size_t item, std::size_t target, bool from_current);

/// Any row of a sheet as heading to text; headings in the one spelling that XLSForm documents.
struct HeadedRow {
  int row = 0;
  std::map<std::string, std::string> cells;
};
struct HeadedSheet {
  std::vector<std::string> headings;
  std::vector<HeadedRow> rows;
};
/// Reads the rows of the survey sheet into items, in their groups.
void read_survey(const HeadedSheet& sheet, XlsForm& form);
HeadedSheet with_headings(const Sheet& sheet, XlsForm& form);

/// The cell under a heading; empty when there is none.
std::string cell_at(const HeadedRow& row, const std::string& heading);
/// "label" of "label::Español (es)", and its language.
std::string heading_base(const std::string& heading);
std::string heading_language(const std::string& heading);
std::string lower_case(std::string_view text);
/// Whether a text may name a question.
bool is_xlsform_name(std::string_view text);

std::string xml_escaped(std::string_view text);
/// The word of `known` nearest to `word`, for "did you mean"; empty when none is near.
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

}  // namespace terreno::forms
