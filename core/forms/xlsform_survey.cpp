// Reads the survey sheet: rows become items in their groups. What is wrong is said with row and column, and
// reading goes on.
#include <algorithm>

#include "core/forms/limits.hpp"
#include "core/forms/xlsform_model.hpp"
#include "core/forms/xlsform_names.hpp"
#include "core/forms/xlsform_selects.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

const std::vector<std::string>& known_columns() {
  static const std::vector<std::string> kColumns{"type",
                                                 "name",
                                                 "label",
                                                 "hint",
                                                 "guidance_hint",
                                                 "required",
                                                 "required_message",
                                                 "relevant",
                                                 "constraint",
                                                 "calculation",
                                                 "default",
                                                 "constraint_message",
                                                 "appearance",
                                                 "choice_filter",
                                                 "read_only",
                                                 "repeat_count",
                                                 "parameters",
                                                 "trigger",
                                                 "note",
                                                 "image",
                                                 "audio",
                                                 "video",
                                                 "big-image",
                                                 "save_to",
                                                 "disabled",
                                                 "autoplay",
                                                 "intent",
                                                 "rows"};
  return kColumns;
}

FormItem generated(std::string name, const QuestionType& type, int row) {
  FormItem item;
  item.name = std::move(name);
  item.type = type;
  item.row = row;
  return item;
}

/// Turns the rows of the survey sheet into a tree of items.
class SurveyReader {
 public:
  SurveyReader(const HeadedSheet& sheet, const std::vector<std::string>& sheet_names, XlsForm& form)
      : sheet_(sheet), sheet_names_(sheet_names), form_(form) {}

  void run() {
    check_headings();
    open_.emplace_back();
    for (const HeadedRow& row : sheet_.rows) {
      if (form_.items.size() > kMaxQuestions)
        return form_.fault({"survey", row.row, ""}, "xlsform.too_many_questions",
                           {{"most", std::to_string(kMaxQuestions)}});
      if (stopped_) return;
      read(row);
    }
    for (std::size_t i = open_.size(); i-- > 1;)
      form_.fault({"survey", open_[i].row, "type"}, "xlsform.block_not_closed",
                  {{"kind", open_[i].kind}, {"name", form_.items[open_[i].item].name}});
    add_meta();
    check_triggers();
  }

 private:
  /// A group, repeat or loop that rows stand in; the first is the form.
  struct Block {
    std::size_t item = 0;
    std::string kind;
    int row = 0;
    std::map<std::string, int> names;  ///< to the row that took it
    std::set<std::string> lower_names;
    std::string table_list;  ///< "?" until the first select of a table-list names its list
    const ChoiceList* loop_list = nullptr;
  };

  void check_headings() {
    if (!sheet_.has("type"))
      form_.fault({"survey", 1, ""}, "xlsform.column_missing", {{"sheet", "survey"}, {"column", "type"}});
    for (const HeadedColumn& column : sheet_.columns) {
      const std::string& first = column.tokens.front();
      static const std::set<std::string> kTaken{"bind",    "control",   "instance",   "media",
                                                "query",   "sms_field", "sms_option", "itemset",
                                                "actions", "choices",   "list_name"};
      const auto& known = known_columns();
      if (kTaken.contains(first) || std::find(known.begin(), known.end(), first) != known.end()) continue;
      const std::string near = nearest_word(snake_case(first), known);
      const Place place{"survey", 1, column.heading};
      if (near.empty())
        form_.warn(place, "xlsform.column_unknown", {{"column", column.heading}});
      else
        form_.warn(place, "xlsform.column_unknown_near", {{"column", column.heading}, {"near", near}});
    }
  }

  Place at(const HeadedRow& row, std::initializer_list<std::string_view> tokens) const {
    return {"survey", row.row, row.heading(tokens)};
  }

  void read(const HeadedRow& row) {
    if (const std::string disabled = row.at({"disabled"}); !disabled.empty()) {
      form_.warn(at(row, {"disabled"}), "xlsform.disabled_column");
      if (is_yes(disabled)) return;
    }
    const std::string type = row.at({"type"});
    if (type.empty()) return no_type(row);
    if (type == "audit") return audit(row);
    if (is_setting(row, type)) return;
    const TypeWords words = type_words(type);
    if (words.form == TypeForm::End) return end(row, words);
    FormItem item;
    if (!read_name(row, type, item)) return skip(words);
    read_cells(row, item);
    if (words.form == TypeForm::Begin) return begin(row, words, std::move(item));
    question(row, type, words, std::move(item));
  }

  /// A block whose name is broken still opens, so that its end finds it.
  void skip(const TypeWords& words) {
    if (words.form != TypeForm::Begin || words.command == "loop") return;
    FormItem item;
    item.kind = words.command == "repeat" ? ItemKind::Repeat : ItemKind::Group;
    item.name = "unnamed";
    open_block(words.command, std::move(item), 0);
  }

  void no_type(const HeadedRow& row) {
    const bool remark = row.at({"name"}).empty() && row.texts({"label"}).empty();
    if (remark)
      form_.warn({"survey", row.row, ""}, "xlsform.row_skipped");
    else
      form_.fault({"survey", row.row, "type"}, "xlsform.type_missing");
  }

  /// Some settings may stand as rows of the survey.
  bool is_setting(const HeadedRow& row, const std::string& type) {
    if (type == "form_title" || type == "set_form_title") return form_.title = row.at({"name"}), true;
    if (type == "form_id" || type == "set_form_id") return form_.form_id = row.at({"name"}), true;
    return false;
  }

  // ---- names ----

  bool read_name(const HeadedRow& row, const std::string& type, FormItem& item) {
    item.row = row.row;
    item.name = row.at({"name"});
    if (item.name.empty() && type == "note") item.name = "generated_note_name_" + std::to_string(row.row);
    if (item.name.empty()) return form_.fault(at(row, {"name"}), "xlsform.name_missing"), false;
    if (!is_xlsform_name(item.name))
      return form_.fault(at(row, {"name"}), "xlsform.name_broken", {{"name", item.name}}), false;
    return take_name(row, item.name);
  }

  bool take_name(const HeadedRow& row, const std::string& name) {
    Block& block = open_.back();
    if (name == "meta") return form_.fault(at(row, {"name"}), "xlsform.name_meta"), false;
    const auto [known, fresh] = block.names.emplace(name, row.row);
    if (!fresh) {
      form_.fault(at(row, {"name"}), "xlsform.name_taken",
                  {{"name", name}, {"row", std::to_string(known->second)}});
      return false;
    }
    if (!block.lower_names.insert(lower_case(name)).second)
      form_.warn(at(row, {"name"}), "xlsform.name_differs_in_case", {{"name", name}});
    return true;
  }

  // ---- cells ----

  void read_cells(const HeadedRow& row, FormItem& item) {
    item.label = row.texts({"label"});
    item.hint = row.texts({"hint"});
    item.guidance = row.texts({"guidance_hint"});
    item.constraint_message = row.texts({"bind", "jr:constraintMsg"});
    item.required_message = row.texts({"bind", "jr:requiredMsg"});
    item.no_app_error = row.texts({"bind", "jr:noAppErrorString"});
    for (const char* const kind : {"image", "big-image", "audio", "video"}) {
      FormText media = row.texts({"media", kind});
      if (!media.empty()) item.media.emplace_back(kind, std::move(media));
    }
    for (const auto& [column, text] : row.cells) read_cell(*column, text, item);
    if (const std::string intent = row.at({"intent"}); !intent.empty())
      item.control.push_back({"intent", intent, row.heading({"intent"})});
    parse_parameters(row, item, form_);
  }

  static void read_cell(const HeadedColumn& column, const std::string& text, FormItem& item) {
    const std::string& first = column.tokens.front();
    const FormCell cell{column.tokens.back(), text, column.heading};
    if (first == "default") item.default_value = cell;
    if (first == "choice_filter") item.choice_filter = cell;
    if (column.tokens.size() != 2) return;
    const bool message = cell.name == "jr:constraintMsg" || cell.name == "jr:requiredMsg" ||
                         cell.name == "jr:noAppErrorString";
    if (first == "bind" && !message) item.bind.push_back(cell);
    if (first == "control") item.control.push_back(cell);
    if (first == "instance") item.instance.push_back(cell);
  }

  bool in_repeat() const {
    return std::any_of(open_.begin(), open_.end(), [](const Block& block) { return block.kind == "repeat"; });
  }

  void read_default(FormItem& item) const {
    if (!is_dynamic_default(item.default_value.text, item.type.name)) return;
    item.dynamic_default = true;
    item.actions.push_back({"setvalue", "odk-instance-first-load", {}, {}});
    if (in_repeat()) item.actions.push_back({"setvalue", "odk-new-repeat", {}, {}});
  }

  void read_trigger(const HeadedRow& row, FormItem& item) {
    const std::string cell = row.at({"trigger"});
    if (cell.empty()) return;
    const Place place = at(row, {"trigger"});
    if (cell.find("${") == std::string::npos)
      return form_.fault(place, "xlsform.reference_broken", {{"text", cell}, {"example", "${name}"}});
    for (std::size_t begin = 0; begin <= cell.size();) {
      const std::size_t comma = std::min(cell.find(',', begin), cell.size());
      const auto found = references_in(std::string_view(cell).substr(begin, comma - begin));
      if (found.size() > 1) return form_.fault(place, "xlsform.trigger_without_comma", {{"text", cell}});
      for (const Reference& reference : found) {
        if (reference.name.empty())
          return form_.fault(place, "xlsform.reference_broken", {{"text", cell}, {"example", "${name}"}});
        item.triggers.push_back(reference.name);
        triggers_.emplace_back(reference.name, place);
      }
      begin = comma + 1;
    }
  }

  void check_triggers() {
    for (const auto& [name, place] : triggers_) {
      if (!question_names_.contains(name))
        form_.fault(place, "xlsform.reference_unknown", {{"name", "${" + name + "}"}});
    }
  }

  // ---- groups and repeats ----

  void begin(const HeadedRow& row, const TypeWords& words, FormItem item) {
    note_entity_use(row, open_.back().item, item.name, true, form_);
    if (open_.size() > kMaxGroupDepth) {
      stopped_ = true;
      return form_.fault(at(row, {"type"}), "xlsform.groups_too_deep",
                         {{"most", std::to_string(kMaxGroupDepth)}});
    }
    item.kind = words.command == "repeat" ? ItemKind::Repeat : ItemKind::Group;
    if (item.kind == ItemKind::Repeat) check_repeat(row, item);
    std::string table_list;
    FormItem note;
    if (has_word(item.appearance(), "table-list")) {
      table_list = "?";
      note = as_table_list(item);
    }
    add_counter(item);
    const ChoiceList* loop_list = nullptr;
    if (words.command == "loop") {
      loop_list = words.list.empty() ? nullptr : form_.list_named(words.list);
      if (!loop_list) form_.fault(at(row, {"type"}), "xlsform.list_unknown", {{"list", words.list}});
    }
    open_block(words.command, std::move(item), row.row);
    open_.back().table_list = table_list;
    open_.back().loop_list = loop_list;
    if (!note.name.empty()) form_.add_item(std::move(note), open_.back().item);
  }

  void open_block(const std::string& kind, FormItem item, int row) {
    const std::size_t number = form_.add_item(std::move(item), open_.back().item);
    open_.emplace_back();
    open_.back().item = number;
    open_.back().kind = kind;
    open_.back().row = row;
  }

  void check_repeat(const HeadedRow& row, const FormItem& item) {
    if (item.name == form_.items[0].name)
      form_.fault(at(row, {"name"}), "xlsform.repeat_named_as_form", {{"name", item.name}});
    else if (!repeat_names_.insert(item.name).second)
      form_.fault(at(row, {"name"}), "xlsform.repeat_name_taken", {{"name", item.name}});
    if (item.label.empty() && item.media.empty())
      form_.warn({"survey", row.row, "label"}, "xlsform.repeat_without_label", {{"name", item.name}});
  }

  static bool has_word(const std::string& text, std::string_view word) {
    return (" " + text + " ").find(" " + std::string(word) + " ") != std::string::npos;
  }

  /// A table-list is a field-list whose selects share one heading; its label becomes a note inside.
  static FormItem as_table_list(FormItem& item) {
    for (FormCell& cell : item.control) {
      if (cell.name != "appearance") continue;
      std::string rest = " " + cell.text + " ";
      rest.replace(rest.find(" table-list "), 12, " ");
      const std::string others(trimmed(rest));
      cell.text = "field-list" + (others.empty() ? "" : " " + others);
    }
    if (item.label.empty() && item.hint.empty()) return {};
    FormItem note =
        generated("generated_table_list_label_" + std::to_string(item.row), *question_type("note"), item.row);
    note.bind.push_back({"readonly", "true()", {}});
    std::swap(note.label, item.label);
    std::swap(note.hint, item.hint);
    return note;
  }

  /// jr:count takes a path only: a count that is more gets a calculation of its own beside the repeat.
  void add_counter(FormItem& item) {
    for (FormCell& cell : item.control) {
      if (cell.name != "jr:count" || is_reference(cell.text)) continue;
      FormItem counter = generated(item.name + "_count", *question_type("calculate"), item.row);
      counter.bind.push_back({"readonly", "true()", cell.column});
      counter.bind.push_back({"calculate", cell.text, cell.column});
      form_.add_item(std::move(counter), open_.back().item);
      cell.text = "${" + item.name + "_count}";
    }
  }

  void end(const HeadedRow& row, const TypeWords& words) {
    note_entity_use(row, open_.back().item, "", true, form_);
    const Block block = open_.back();
    if (open_.size() == 1 || block.kind != words.command) {
      const std::string name = row.at({"name"});
      form_.fault(at(row, {"type"}), open_.size() == 1 ? "xlsform.end_closes_nothing" : "xlsform.end_differs",
                  {{"kind", words.command},
                   {"name", name},
                   {"open", block.kind},
                   {"open_name", form_.items[block.item].name},
                   {"row", std::to_string(block.row)}});
      // The other kind was meant, so that one slip does not become many.
      if (open_.size() == 1) return;
    }
    open_.pop_back();
    if (block.loop_list != nullptr) unroll(block);
  }

  // ---- loops ----

  /// A loop over a list becomes one group for each choice, with %(name)s and %(label)s filled in.
  void unroll(const Block& block) {
    const std::vector<std::size_t> pattern = std::move(form_.items[block.item].children);
    form_.items[block.item].children.clear();
    for (const ChoiceRow& choice : block.loop_list->rows) {
      if (choice.name == "none") continue;
      FormItem group;
      group.kind = ItemKind::Group;
      group.name = choice.name;
      group.row = block.row;
      group.label = choice.label;
      const std::size_t number = form_.add_item(std::move(group), block.item);
      for (const std::size_t question : pattern) {
        FormItem copy = form_.items[question];
        copy.children.clear();
        fill_in(copy, choice);
        form_.add_item(std::move(copy), number);
      }
    }
  }

  static void fill_in(std::string& text, const ChoiceRow& choice, const std::string& label) {
    for (const auto& [mark, value] :
         {std::pair<std::string, const std::string&>{"%(name)s", choice.name}, {"%(label)s", label}}) {
      for (std::size_t i = text.find(mark); i != std::string::npos; i = text.find(mark, i + value.size()))
        text.replace(i, mark.size(), value);
    }
  }

  static std::string label_in(const ChoiceRow& choice, const std::string& language) {
    for (const auto& [name, text] : choice.label.languages) {
      if (name == language) return text;
    }
    return choice.label.plain;
  }

  static void fill_in(FormItem& item, const ChoiceRow& choice) {
    fill_in(item.name, choice, choice.label.plain);
    for (FormText* const words : {&item.label, &item.hint}) {
      fill_in(words->plain, choice, choice.label.plain);
      for (auto& [language, text] : words->languages) fill_in(text, choice, label_in(choice, language));
    }
    for (FormCell& cell : item.bind) fill_in(cell.text, choice, choice.label.plain);
  }

  // ---- questions ----

  void question(const HeadedRow& row, const std::string& type, const TypeWords& words, FormItem item) {
    question_names_.insert(item.name);
    const std::string property = note_entity_use(row, open_.back().item, item.name, false, form_);
    if (!property.empty()) item.bind.push_back({"entities:saveto", property, row.heading({"save_to"})});
    read_trigger(row, item);
    if (words.form == TypeForm::Select) {
      item.type = select_type(words.command);
      read_default(item);
      return add_select(row, words, std::move(item));
    }
    if (words.form == TypeForm::Osm) {
      item.type = osm_type();
      item.list = words.list;
      form_.add_item(std::move(item), open_.back().item);
      return;
    }
    const QuestionType* const known = question_type(words.command);
    if (!known || type.find("${") != std::string::npos) return unknown_type(row, type);
    item.type = *known;
    read_default(item);
    if (item.type.name.ends_with("-external")) return external_file(row, item);
    check_plain(row, item);
    apply_parameters(row, item, form_);
    form_.add_item(std::move(item), open_.back().item);
  }

  void unknown_type(const HeadedRow& row, const std::string& type) {
    const std::string near = nearest_word(lower_case(type.substr(0, type.find(' '))), known_types());
    if (near.empty()) return form_.fault(at(row, {"type"}), "xlsform.type_unknown", {{"type", type}});
    form_.fault(at(row, {"type"}), "xlsform.type_unknown_near", {{"type", type}, {"near", near}});
  }

  void external_file(const HeadedRow& row, const FormItem& item) {
    const bool csv = item.type.name == "csv-external";
    const std::string source = (csv ? "jr://file-csv/" : "jr://file/") + item.name + (csv ? ".csv" : ".xml");
    for (const auto& [id, known_source] : form_.external_files) {
      if (id == item.name)
        return form_.fault(at(row, {"name"}), "xlsform.file_named_twice", {{"name", item.name}});
    }
    form_.external_files.emplace_back(item.name, source);
  }

  void check_plain(const HeadedRow& row, FormItem& item) {
    const FormCell* const calculation = item.bound("calculate");
    if (item.type.name == "calculate" && !calculation && !item.dynamic_default)
      form_.fault(at(row, {"bind", "calculate"}), "xlsform.calculation_missing", {{"name", item.name}});
    if (item.type.name == "simserial" || item.type.name == "subscriberid")
      form_.warn(at(row, {"type"}), "xlsform.type_outdated", {{"type", std::string(item.type.name)}});
    if (item.type.name == "background-geopoint") {
      if (item.triggers.empty() && row.at({"trigger"}).empty())
        form_.fault(at(row, {"trigger"}), "xlsform.geopoint_needs_trigger", {{"example", "${name}"}});
      if (calculation) form_.fault(at(row, {"bind", "calculate"}), "xlsform.geopoint_calculates");
    }
    if (!item.choice_filter.text.empty())
      form_.warn(at(row, {"choice_filter"}), "xlsform.filter_without_choices", {{"name", item.name}});
    if (item.type.name == "note" && !item.bound("readonly")) item.bind.push_back({"readonly", "true()", {}});
  }

  void add_select(const HeadedRow& row, const TypeWords& words, FormItem item) {
    Block& block = open_.back();
    SelectRow select{row, words, item, sheet_names_};
    const bool usable = read_select(select, form_);
    if (!usable) return;
    if (!block.table_list.empty()) {
      if (block.table_list == "?") {
        block.table_list = item.list;
        if (!item.choice_filter.text.empty())
          form_.fault(at(row, {"choice_filter"}), "xlsform.table_list_filter", {{"name", item.name}});
        FormItem head =
            generated("reserved_name_for_field_list_labels_" + std::to_string(row.row), item.type, row.row);
        head.list = item.list;
        head.control.push_back({"appearance", "label", {}});
        form_.add_item(std::move(head), block.item);
      }
      if (block.table_list != item.list)
        form_.fault(at(row, {"type"}), "xlsform.table_list_differs",
                    {{"list", item.list}, {"first", block.table_list}});
      std::erase_if(item.control, [](const FormCell& cell) { return cell.name == "appearance"; });
      item.control.push_back({"appearance", "list-nolabel", {}});
    }
    const std::string name = item.name;
    const int number = item.row;
    form_.add_item(std::move(item), block.item);
    if (!words.or_other) return;
    FormItem other = generated(name + "_other", *question_type("text"), number);
    other.label.plain = "Specify other.";
    other.bind.push_back({"relevant", "selected(../" + name + ", 'other')", {}});
    form_.add_item(std::move(other), block.item);
  }

  // ---- what every form has ----

  void audit(const HeadedRow& row) {
    FormItem item;
    item.row = row.row;
    item.type = *question_type("audit");
    const std::string name = row.at({"name"});
    if (!name.empty() && name != "audit")
      form_.fault(at(row, {"name"}), "xlsform.audit_name", {{"name", name}});
    read_cells(row, item);
    item.name = "audit";
    apply_parameters(row, item, form_);
    meta_.push_back(std::move(item));
  }

  std::string setting(const char* name) const {
    const auto found = form_.settings.find(name);
    return found == form_.settings.end() ? std::string() : found->second;
  }

  void add_meta() {
    if (!is_yes(setting("omit_instanceID"))) {
      FormItem id = generated("instanceID", *question_type("calculate"), 0);
      const std::string preload = setting("instance_id");
      id.bind.push_back({"readonly", "true()", {}});
      id.bind.push_back({"jr:preload", preload.empty() ? "uid" : preload, {}});
      meta_.push_back(std::move(id));
    }
    if (const std::string expression = setting("instance_name"); !expression.empty()) {
      FormItem name = generated("instanceName", *question_type("calculate"), 2);
      name.sheet = "settings";
      name.bind.push_back({"calculate", expression, "instance_name"});
      meta_.push_back(std::move(name));
    }
    if (meta_.empty()) return;
    FormItem group;
    group.kind = ItemKind::Group;
    group.hidden = true;
    group.name = "meta";
    const std::size_t number = form_.add_item(std::move(group), 0);
    for (FormItem& item : meta_) form_.add_item(std::move(item), number);
  }

  const HeadedSheet& sheet_;
  const std::vector<std::string>& sheet_names_;
  XlsForm& form_;
  std::vector<Block> open_;
  std::vector<FormItem> meta_;
  std::set<std::string> question_names_, repeat_names_;
  std::vector<std::pair<std::string, Place>> triggers_;
  bool stopped_ = false;
};

}  // namespace

void read_survey(const HeadedSheet& sheet, const std::vector<std::string>& sheet_names, XlsForm& form) {
  SurveyReader(sheet, sheet_names, form).run();
}

}  // namespace terreno::forms
