#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/forms/xlsform.hpp"
#include "core/forms/xlsform_types.hpp"

namespace terreno::forms {

/// One text as its author wrote it: in a column without language, in columns of languages, or in both.
struct FormText {
  std::string plain;
  std::vector<std::pair<std::string, std::string>> languages;

  bool empty() const { return plain.empty() && languages.empty(); }
  bool translated() const { return !languages.empty(); }
};

/// What stands in a cell that becomes an attribute or an expression.
struct FormCell {
  std::string name;    ///< of the attribute: "relevant", "jr:count", "appearance"
  std::string text;    ///< as written, with ${name}
  std::string column;  ///< its heading
};

/// Something that happens by itself, told beside the question: <setvalue>, <odk:setgeopoint>...
struct FormAction {
  std::string element;
  std::string event;
  std::string value;  ///< an expression; empty when there is none
  std::vector<std::pair<std::string, std::string>> attributes;
};

enum class ItemKind : std::uint8_t { Question, Group, Repeat, Entity, EntityLabel, Attribute };

/// A node of the form: a row of the survey sheet, or what such a row brings with it.
struct FormItem {
  ItemKind kind = ItemKind::Question;
  QuestionType type;
  int row = 0;
  std::string sheet = "survey";
  std::string name;
  bool hidden = false;  ///< of a group: it has no place in the body (meta)
  FormText label, hint, guidance;
  FormText constraint_message, required_message, no_app_error;
  std::vector<std::pair<std::string, FormText>> media;  ///< "image", "big-image", "audio", "video"
  std::vector<FormCell> bind, control, instance;
  FormCell default_value, choice_filter;
  bool dynamic_default = false;       ///< the default is computed when the form or a repeat begins
  std::vector<std::string> triggers;  ///< names of the questions whose answer recomputes this one
  std::vector<FormAction> actions;
  std::string list;  ///< of a select: its list, its file ("towns.csv") or "${question}"
  std::map<std::string, std::string> parameters;
  std::string value;  ///< of an attribute
  std::size_t parent = 0;
  std::vector<std::size_t> children;
  std::string path;  ///< "/data/promise/amount"

  const FormCell* bound(std::string_view attribute) const;
  const FormCell* controlled(std::string_view attribute) const;
  std::string appearance() const;
  /// Where this stands for XPath: "amount", "@id".
  std::string step() const { return kind == ItemKind::Attribute ? "@" + name : name; }
  bool is_section() const {
    return kind == ItemKind::Group || kind == ItemKind::Repeat || kind == ItemKind::Entity;
  }
};

struct ChoiceRow {
  int row = 0;
  std::string name;
  FormText label;
  std::vector<std::pair<std::string, FormText>> media;
  std::vector<std::pair<std::string, std::string>> extra;  ///< further columns, for choice filters
};

struct ChoiceList {
  std::string name;
  std::vector<ChoiceRow> rows;
  bool used_by_search = false;  ///< its choices stand in the body, where the app adds those it finds
};

/// A row of the entities sheet.
struct EntityRow {
  int row = 0;
  std::string list, label, entity_id, create_if, update_if;
};

/// A row of the survey sheet that saves an answer to an entity, or a question that an entity's row names.
struct EntityUse {
  std::size_t container = 0;  ///< the group, repeat or form that the question stands in
  int row = 0;
  std::string property;  ///< empty when the entity's row names the question
  std::string question;
};

struct Place {
  std::string sheet;
  int row = 0;
  std::string column;
};
using Words = std::initializer_list<std::pair<std::string_view, std::string>>;

/// The sheets, understood. items[0] is the form itself.
struct XlsForm {
  Language language = Language::Spanish;
  std::string form_id, version, title, default_language = "default", style;
  std::map<std::string, std::string> settings;  ///< all of them by their documented name
  std::vector<std::pair<std::string, std::string>> root_attributes;
  std::vector<FormItem> items;
  std::vector<ChoiceList> lists;
  std::vector<ChoiceList> external_lists;  ///< of the sheet external_choices
  std::vector<ChoiceList> osm_tags;
  std::vector<EntityRow> entities;
  std::map<std::string, std::vector<EntityUse>> entity_uses;  ///< by entity list
  std::string entities_version;
  std::map<std::string, std::vector<std::size_t>> by_name;          ///< items that ${name} may mean
  std::vector<std::pair<std::string, std::string>> external_files;  ///< id and source of csv-external rows
  std::vector<FormIssue> issues;
  std::map<std::pair<std::string, std::string>, int> column_numbers;  ///< by sheet and heading

  ChoiceList* list_named(std::string_view name);
  void fault(const Place& place, std::string_view code, Words words = {}) { add(true, place, code, words); }
  void warn(const Place& place, std::string_view code, Words words = {}) { add(false, place, code, words); }
  /// Appends under `parent` and gives its number.
  std::size_t add_item(FormItem item, std::size_t parent);
  /// Sets paths and names once all items stand where they belong.
  void finish_items();

 private:
  void add(bool error, const Place& place, std::string_view code, Words words);
};

/// A column's heading, taken apart: "Media::Image::Español" is {"media", "image", "Español"}.
struct HeadedColumn {
  std::string heading;
  std::vector<std::string> tokens;
};
struct HeadedRow {
  int row = 0;
  std::vector<std::pair<const HeadedColumn*, std::string>> cells;

  /// The text under the column that these tokens name; empty when there is none.
  std::string at(std::initializer_list<std::string_view> tokens) const;
  /// Its heading as the author wrote it, or the last token when there is no such column.
  std::string heading(std::initializer_list<std::string_view> tokens) const;
  /// Texts under the tokens and what follows them, by language.
  FormText texts(std::initializer_list<std::string_view> tokens) const;
};
struct HeadedSheet {
  std::string name;
  std::vector<HeadedColumn> columns;
  std::vector<HeadedRow> rows;

  bool has(std::string_view first_token) const;
};

enum class SheetKind : std::uint8_t { Settings, Survey, Choices, Entities };

/// Headings that a sheet knows beside its aliases.
const std::set<std::string, std::less<>>& known_headings(SheetKind kind);

/// Takes headings apart and cleans cells: typographic quotes become plain ones, and with `collapse` runs of
/// spaces become one.
HeadedSheet with_headings(const Sheet& sheet, SheetKind kind, bool collapse, XlsForm& form);

XlsForm read_xlsform(const std::vector<Sheet>& sheets, const XlsFormOptions& options);
void read_settings(const HeadedSheet& sheet, const XlsFormOptions& options, XlsForm& form);
std::vector<ChoiceList> read_lists(const HeadedSheet& sheet, XlsForm& form);
void check_lists(const HeadedSheet& sheet, XlsForm& form);
void read_entities(const HeadedSheet& sheet, XlsForm& form);
void read_survey(const HeadedSheet& sheet, const std::vector<std::string>& sheet_names, XlsForm& form);
/// Notes what the row `save_to` saves and whether an entity's row names the question. Gives the property.
std::string note_entity_use(const HeadedRow& row, std::size_t container, const std::string& question,
                            bool is_section, XlsForm& form);
/// Gives each entity its place among the groups and repeats.
void place_entities(XlsForm& form);
/// Reads the cell of parameters; false after a fault.
bool parse_parameters(const HeadedRow& row, FormItem& item, XlsForm& form);
/// Checks the parameters of the item's type and turns them into attributes.
void apply_parameters(const HeadedRow& row, FormItem& item, XlsForm& form);
/// Warns about languages that no code names.
void check_languages(const HeadedSheet& survey, const HeadedSheet& choices, XlsForm& form);
/// Warns about languages that a sheet's columns leave out.
void check_translations(const HeadedSheet& survey, const HeadedSheet& choices, XlsForm& form);
/// Checks each ${name} of the sheets.
void check_references(const HeadedSheet& survey, const HeadedSheet& choices, const HeadedSheet& entities,
                      const HeadedSheet& settings, XlsForm& form);
/// Sheet names so near to `wanted` that they may be meant, as "'entitis', 'entity'"; empty when there is
/// none.
std::string similar_sheets(const std::string& wanted, const std::vector<std::string>& names);

/// Writes the XForm; expressions that do not hold go to the form's issues.
std::string write_xform(XlsForm& form);

}  // namespace terreno::forms
