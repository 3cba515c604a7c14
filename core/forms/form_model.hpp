#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/forms/child_index.hpp"
#include "core/forms/compiled_form.hpp"
#include "core/forms/node_tree.hpp"
#include "core/forms/xml_tree.hpp"
#include "core/forms/xpath_ast.hpp"

namespace terreno::forms {

using ExpressionId = std::uint32_t;
inline constexpr ExpressionId kNoExpression = 0xFFFFFFFFU;
using TextId = std::uint32_t;
inline constexpr TextId kNoText = 0xFFFFFFFFU;
using ControlId = std::uint32_t;
inline constexpr ControlId kNoControl = 0xFFFFFFFFU;

/// A literal, or the place of an expression in a text ("Owes <output value='/data/balance'/>").
struct TextPiece {
  std::string literal;
  ExpressionId expression = kNoExpression;
};
using TextTemplate = std::vector<TextPiece>;

/// One text in every language; a form without itext has one entry. An empty entry falls back to the first
/// language.
struct LocalizedText {
  std::vector<TextTemplate> by_language;
};

enum class DefKind : std::uint8_t { Root, Group, Repeat, Question, Attribute };

enum class DataType : std::uint8_t {
  Text,
  Integer,
  Decimal,
  Boolean,
  Date,
  Time,
  DateTime,
  Geopoint,
  Geotrace,
  Geoshape,
  Binary,
  Barcode
};

/// A node of the form's definition: one per distinct path of the primary instance, in document order, so that
/// what is beneath one stands right behind it, up to `end`.
///
/// Nodes of a filling are laid out in blocks: the root with all that is in no repeat is one, each instance of
/// a repeat (without the repeats inside it) another. Within its block a definition has a fixed offset.
struct Def {
  DefKind kind = DefKind::Question;
  DataType data_type = DataType::Text;
  bool always_read_only = false;  ///< no person can answer it: readonly="true()"
  NameId local = kNoName;
  NameId uri = kNoName;
  NameId qualified = kNoName;
  DefId parent = kNoDef;
  DefId end = 0;
  DefId block = 0;           ///< the repeat (perhaps itself) or the root it is laid out in
  std::uint32_t offset = 0;  ///< within that block
  std::uint32_t slot = 0;    ///< of a repeat: its number among the repeats right inside the block around it
  std::uint32_t slot_count = 0;  ///< of a root or repeat: repeats right inside its block
  std::uint32_t block_size = 0;  ///< of a root or repeat: nodes of one block
  std::string path;              ///< "promise/amount"; empty for the root
  std::string default_value;

  ExpressionId relevant = kNoExpression;
  ExpressionId calculate = kNoExpression;
  ExpressionId required = kNoExpression;
  ExpressionId read_only = kNoExpression;
  ExpressionId constraint = kNoExpression;
  ExpressionId repeat_count = kNoExpression;
  TextId constraint_message = kNoText;
  TextId required_message = kNoText;
  std::string preload;
  std::string preload_parameters;
  ControlId control = kNoControl;            ///< the first control that asks for it
  bool set_by_actions = false;               ///< an answer or a new repeat instance may set it
  std::uint32_t collection = kNoCollection;  ///< the node of it in every instance of its repeat

  /// A person or the moment decides the value, not an expression.
  bool is_input() const {
    return set_by_actions || (control != kNoControl && !always_read_only) ||
           (preload == "timestamp" && preload_parameters == "end");
  }
};

enum class ControlKind : std::uint8_t { Input, Select1, Select, Rank, Upload, Trigger, Range, Group, Repeat };

struct StaticChoice {
  std::string value;
  TextId label = kNoText;
};

/// <itemset>: choices from a secondary instance or from a repeat.
struct Itemset {
  ExpressionId nodeset = kNoExpression;
  std::vector<NameId> value_path;  ///< child names under one item
  std::vector<NameId> label_path;
  bool label_is_text_id = false;  ///< the label's node holds an itext id
};

/// What the body shows, in its order; children follow their parent up to `end`.
struct Control {
  ControlKind kind = ControlKind::Input;
  DefId def = kNoDef;  ///< none for a group that is only a heading
  ControlId parent = kNoControl;
  ControlId end = 0;
  TextId label = kNoText;
  TextId hint = kNoText;
  std::string appearance;
  std::string media_type;  ///< of an upload: "image/*"
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<StaticChoice> choices;
  std::optional<Itemset> itemset;
};

/// <setvalue> and <odk:setgeopoint>: what else happens when a filling begins, a repeat is added or an answer
/// changes.
struct Action {
  bool on_first_load = false;
  bool on_new_repeat = false;
  bool on_value_changed = false;
  DefId trigger = kNoDef;  ///< whose change
  DefId repeat = 0;        ///< whose new instance
  DefId target = kNoDef;
  ExpressionId target_path = kNoExpression;  ///< of a target with predicates: which of its nodes are meant
  bool sets_location = false;                ///< the value is where the filling is
  ExpressionId value = kNoExpression;
  std::string literal;
};

struct SecondaryInstance {
  std::string id;
  std::string source;  ///< of one that is not written in the form: "jr://file-csv/neighbourhoods.csv"
  NodeTree tree;
};

enum class CellKind : std::uint8_t {
  Relevant,
  Calculate,
  Count,
  Choices  ///< takes out of an answer what is no longer offered
};

/// Something recomputed when what it reads changes. FormModel::cells is in an order in which each only reads
/// what earlier ones make.
struct Cell {
  CellKind kind = CellKind::Calculate;
  DefId def = kNoDef;
  ExpressionId expression = kNoExpression;
  DefId home = 0;              ///< the block that it runs in: a repeat is counted by the one around it
  std::uint32_t repeated = 0;  ///< its number among the cells that stand in a repeat, from 1; 0 for others
};

/// "When this definition's value changes, recompute that cell in the instances inside the block of `scope`."
struct Dependent {
  std::uint32_t cell = 0;
  DefId scope = 0;
};

/// A definition an expression reads.
struct Dependency {
  DefId def = kNoDef;
  DefId scope = 0;  ///< the innermost block that reader and read are sure to share
};

/// An expression and the definition that "." is in it. Its code, text and reads stand in the model's vectors.
struct BoundExpression {
  ExprId root = kNoExpr;
  ExprId first_node = 0;
  ExprId node_end = 0;
  DefId context = 0;
  std::uint32_t text_begin = 0;
  std::uint32_t text_end = 0;
  std::uint32_t first_read = 0;
  std::uint32_t read_end = 0;
};

struct FormModel {
  std::string form_id;
  std::string version;
  std::string title;
  std::string root_name;
  std::vector<std::string> languages;
  std::string default_tag;  ///< of the first language: "es"
  NameTable names;
  NamespaceMap namespaces;
  NodeTree primary;  ///< as written, with the instances of repeats that a new filling has

  std::vector<Def> defs;  ///< [0] is the root
  std::vector<Control> controls;
  std::vector<LocalizedText> texts;
  std::map<std::string, TextId, std::less<>> text_ids;  ///< of itext
  std::vector<BoundExpression> expressions;
  ExpressionCode code;            ///< of all expressions
  std::string sources;            ///< their texts, one behind the other
  std::vector<Dependency> reads;  ///< of all expressions
  std::vector<Action> actions;
  std::vector<SecondaryInstance> instances;
  std::vector<std::string> missing_files;

  ChildIndex children;
  /// Definitions of which an expression takes the sum or the number over all instances of their repeat, which
  /// stands in no other.
  std::vector<DefId> collections;
  std::vector<DefId> repeats;
  std::vector<DefId> preloaded;
  std::vector<std::uint32_t> worded_cells;  ///< whose expression depends on the language
  bool has_new_repeat_actions = false;
  std::vector<Cell> cells;
  std::uint32_t repeated_cells = 0;           ///< how many stand in a repeat
  std::vector<Dependent> dependents;          ///< in the order of the definitions read
  std::vector<std::uint32_t> dependents_of;   ///< by definition, and one more: where its own begin
  std::vector<std::uint32_t> block_cells;     ///< in the order of the blocks: what a new block runs
  std::vector<std::uint32_t> block_cells_of;  ///< by definition, and one more: where those of a block begin

  std::string_view text_of(ExpressionId id) const {
    const BoundExpression& bound = expressions[id];
    return std::string_view(sources).substr(bound.text_begin, bound.text_end - bound.text_begin);
  }
  std::span<const Dependency> reads_of(ExpressionId id) const {
    return std::span(reads).subspan(expressions[id].first_read,
                                    expressions[id].read_end - expressions[id].first_read);
  }
  std::span<const Dependent> dependents_on(DefId def) const {
    return std::span(dependents).subspan(dependents_of[def], dependents_of[def + 1] - dependents_of[def]);
  }
  std::span<const std::uint32_t> cells_of_block(DefId block) const {
    return std::span(block_cells)
        .subspan(block_cells_of[block], block_cells_of[block + 1] - block_cells_of[block]);
  }
};

/// The definition at an absolute path such as "/data/promise/amount"; kNoDef when there is none.
DefId def_at_path(const FormModel& model, std::string_view path);

/// Reads the XML into a model without dependencies; what is wrong goes to `faults`.
void read_xform(std::string_view xml, std::span<const FormFile> files, FormModel& model,
                std::vector<std::string>& faults);

/// Resolves each expression's paths against the definitions.
void bind_expressions(FormModel& model, std::vector<std::string>& faults);

/// Makes cells and dependents; a cycle is a fault.
void order_cells(FormModel& model, std::vector<std::string>& faults);

/// True for the instance of a repeat that only gives the shape of new ones (jr:template).
bool is_template(const NodeTree& tree, const NameTable& names, NodeId node);

/// True when `inner` is `outer` or stands beneath it.
bool is_within(const FormModel& model, DefId inner, DefId outer);

/// The type that a screen is told, for example "select_one" or "image".
std::string view_type(const FormModel& model, DefId def);

/// Number of the language meant by its name ("Español (es)") or a tag ("es", "es-MX"); the first when none
/// fits.
std::size_t language_index(const FormModel& model, std::string_view language);
/// "es" of "Español (es)"; the whole name when it holds no tag.
std::string language_tag(std::string_view language);

}  // namespace terreno::forms
