#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
  ControlId control = kNoControl;  ///< the first control that asks for it
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

/// <setvalue>: what else happens when a filling begins, a repeat is added or an answer changes.
struct Action {
  bool on_first_load = false;
  bool on_new_repeat = false;
  bool on_value_changed = false;
  DefId trigger = kNoDef;  ///< whose change
  DefId repeat = 0;        ///< whose new instance
  DefId target = kNoDef;
  ExpressionId value = kNoExpression;
  std::string literal;
};

struct SecondaryInstance {
  std::string id;
  std::string source;  ///< of one that is not written in the form: "jr://file-csv/neighbourhoods.csv"
  NodeTree tree;
};

enum class CellKind : std::uint8_t { Relevant, Calculate, Count };

/// Something recomputed when what it reads changes. FormModel::cells is in an order in which each only reads
/// what earlier ones make.
struct Cell {
  CellKind kind = CellKind::Calculate;
  DefId def = kNoDef;
  ExpressionId expression = kNoExpression;
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

struct BoundExpression {
  Expression expression;
  DefId context = 0;
  std::vector<Dependency> reads;
};

struct FormModel {
  std::string form_id;
  std::string version;
  std::string title;
  std::string root_name;
  std::vector<std::string> languages;
  NameTable names;
  NamespaceMap namespaces;
  NodeTree primary;  ///< as written, with the instances of repeats that a new filling has

  std::vector<Def> defs;  ///< [0] is the root
  std::vector<Control> controls;
  std::vector<LocalizedText> texts;
  std::map<std::string, TextId, std::less<>> text_ids;  ///< of itext
  std::vector<BoundExpression> expressions;
  std::vector<Action> actions;
  std::vector<SecondaryInstance> instances;

  std::vector<Cell> cells;
  std::vector<std::vector<Dependent>> dependents;  ///< by definition
  std::vector<std::vector<std::uint32_t>>
      cells_of_block;  ///< by definition of a root or repeat: what a new one runs
  std::map<std::string, DefId, std::less<>> def_by_path;  ///< also with the root: "/data/promise/amount"
};

/// Reads the XML into a model without dependencies; what is wrong goes to `faults`.
void read_xform(std::string_view xml, FormModel& model, std::vector<std::string>& faults);

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
