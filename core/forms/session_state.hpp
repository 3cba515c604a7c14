#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/forms/filling.hpp"
#include "core/forms/form_model.hpp"
#include "core/forms/form_session.hpp"
#include "core/forms/xpath_eval.hpp"

namespace terreno::forms {

/// What a value was found to be when it was checked.
struct Verdict {
  AnswerProblem::Kind kind;
  std::string message;
};

/// All of a filling. The parts stand in session_instance.cpp (nodes and paths), session_compute.cpp
/// (recomputation), session_host.cpp (what expressions ask), session_views.cpp (what a screen shows) and
/// session_answers.cpp.
class FormSession::State final : public XPathHost {
 public:
  /// A filling that begins as a copy of the form's start.
  State(std::shared_ptr<const CompiledForm> form, FormContext context);
  /// The filling that becomes the start: it computes all that asks for no context.
  explicit State(const FormModel& model);
  FillingStart take_start() &&;

  const CompiledForm& form() const { return *form_; }
  const FormContext& context() const { return context_; }
  const FormModel& model() const { return model_; }

  // Nodes and paths.
  NodeId node_at(std::string_view path) const;
  std::string path_of(NodeId node) const;
  DefId def_of(NodeId node) const { return filling_.defs_of[node]; }
  const std::string& value_of(NodeId node) { return tree_.value(node); }
  bool is_relevant(NodeId node) const { return tree_.is_relevant(node); }
  NodeId node_count() const { return tree_.size(); }
  /// False for a node of an instance that was taken away.
  bool is_alive(NodeId node) const { return node != 0 && filling_.blocks[filling_.blocks_of[node]].alive; }
  /// Calls `visit` with every node of `def` inside a block, in document order.
  template <typename Visit>
  void each_node(DefId def, BlockId block, Visit visit) const {
    each_block(model_.defs[def].block, block, [&](BlockId found) { visit(node_in(found, def)); });
  }
  /// Every element of the filling in document order.
  template <typename Visit>
  void each_element(Visit visit) const {
    for (NodeId node = tree_.next_in_document(0, 0); node != kNoNode; node = tree_.next_in_document(node, 0))
      visit(node);
  }
  /// Finds the repeat and the block around it for a path such as "homes[2]/people".
  struct RepeatPlace {
    DefId repeat = kNoDef;
    BlockId around = kNoBlock;
  };
  RepeatPlace repeat_at(std::string_view path) const;
  std::vector<BlockId>& instances_of(RepeatPlace place) {
    return filling_.blocks[place.around].slots[model_.defs[place.repeat].slot];
  }
  NodeId base_of(BlockId block) const { return filling_.blocks[block].base; }
  BlockId block_of(NodeId node) const { return filling_.blocks_of[node]; }
  std::size_t instance_count() const { return filling_.instance_count; }

  // Changes. Each leaves everything that depends on it recomputed.
  void set_and_settle(NodeId node, std::string value);
  void set_value(NodeId node, std::string value);
  void settle();
  BlockId add_instance(RepeatPlace place);
  void remove_instance(RepeatPlace place, std::size_t index);
  void set_instance_count(RepeatPlace place, std::size_t count);
  void touch(NodeId node) { filling_.touched[node] = true; }
  bool is_touched(NodeId node) const { return filling_.touched[node]; }
  void run_value_changed(NodeId node);
  void run_new_repeat(NodeId instance);
  void write_end(std::int64_t now_ms);
  void set_language(std::string_view language);
  void set_location(std::string location) { context_.location = std::move(location); }

  // Questions.
  bool is_required(NodeId node);
  bool is_read_only(NodeId node);
  /// What is wrong with the value now in the node; nothing for an empty one.
  std::optional<Verdict> check(NodeId node, std::string_view language);
  /// As check, for a value that is not stored; gives the value as it would be stored.
  std::optional<Verdict> check_candidate(NodeId node, std::string& value, std::string_view language);
  std::string required_message(NodeId node, std::string_view language);
  std::vector<ChoiceView> choices(NodeId node, std::size_t language);
  /// The values alone of what choices() gives.
  std::vector<std::string> choice_values(NodeId node);
  std::string render(TextId text, std::size_t language, NodeId current);
  std::vector<QuestionView> questions(std::string_view language);
  std::vector<AnswerProblem> problems(std::string_view language);
  std::string why_hidden(NodeId node) const;

  // XPathHost
  const NodeTree& tree(std::uint32_t index) const override;
  const NameTable& names() const override { return model_.names; }
  NodeRef absolute_root() const override { return {0, 0}; }
  NodeRef instance(std::string_view id) override;
  std::int64_t now_ms() const override { return asked().now_ms; }
  std::int32_t utc_offset_minutes() const override { return asked().utc_offset_minutes; }
  std::string_view language_tag() const override { return default_tag_; }
  std::uint64_t random_bits() override;
  std::string itext(std::string_view id) override;
  std::string choice_label(std::string_view path, std::string_view value, NodeRef current) override;
  std::string form_property(std::string_view name) override;
  NodeRef bound_node(DefId def, NodeRef current) const override;
  std::uint32_t position_of(NodeRef node) const override;
  std::optional<double> sum_of(std::uint32_t collection) override;
  std::optional<double> count_of(std::uint32_t collection) override;

 private:
  friend class ViewBuilder;

  /// The first results over a collection's instances in order. A change drops those behind it, so that one
  /// more instance costs one more step.
  struct Running {
    std::vector<double> sums;  ///< of the first 1, 2, 3... instances
    std::vector<double> counts;
  };

  /// The context, noting that it was asked for.
  const FormContext& asked() const {
    asked_context_ = true;
    return context_;
  }

  // session_instance.cpp
  void prepare_cells();
  BlockId make_block(DefId def, BlockId parent);
  BlockId reusable_block(DefId repeat);
  NodeId node_before_slot(DefId repeat, BlockId around) const;
  void reset_block(BlockId block);
  void release_block(BlockId block);
  void fill_from_primary(NodeId source, DefId def, BlockId block);
  NodeId written_instance(DefId repeat, std::size_t index) const;
  DefId child_def(DefId parent, NodeId primary_node) const;
  NodeId node_in(BlockId block, DefId def) const {
    return filling_.blocks[block].base + model_.defs[def].offset;
  }
  BlockId enclosing(BlockId block, DefId block_def) const;
  /// The repeat or root right inside `outer` that holds the blocks of `block_def`; kNoDef when none does.
  DefId step_towards(DefId block_def, DefId outer) const;
  template <typename Visit>
  void each_block(DefId block_def, BlockId inside, const Visit& visit) const {
    const DefId here = filling_.blocks[inside].def;
    if (here == block_def) return visit(inside);
    const DefId step = step_towards(block_def, here);
    if (step == kNoDef) return;
    // By number: the visit may add blocks, and vectors then move.
    const std::uint32_t slot = model_.defs[step].slot;
    for (std::size_t i = 0; i < filling_.blocks[inside].slots[slot].size(); ++i)
      each_block(block_def, filling_.blocks[inside].slots[slot][i], visit);
  }
  void build_case();
  void preload(NodeId node);

  // session_compute.cpp
  void mark(std::uint32_t cell, BlockId scope);
  void mark_block(BlockId block);
  void fire(NodeId node);
  void fire_structure(DefId repeat, BlockId around);
  void forget_running(DefId def, std::size_t from);
  void run_cell(std::uint32_t cell);
  void run_in(const Cell& cell, BlockId scope);
  void run_calculation(const Cell& cell, NodeId node);
  void run_count(const Cell& cell, BlockId around);
  void run_relevance(const Cell& cell, NodeId node);
  /// While the start is made: true when the cell must wait for a context.
  bool waits_for_context(const Cell& cell);
  void spread_relevance(NodeId node);
  void run_actions(bool Action::*event, DefId trigger, NodeId at);
  void perform(const Action& action, NodeId node);
  void keep_offered(NodeId node);
  std::string as_stored(const Value& value, DataType type) const;
  Evaluator evaluator(ExpressionId id, NodeId node);

  std::shared_ptr<const CompiledForm> form_;  ///< none while the start is made
  const FormModel& model_;
  FormContext context_;
  std::string default_tag_;

  Filling filling_;
  NodeTree& tree_ = filling_.tree;
  std::optional<NodeTree> case_;  ///< made when an expression asks for it

  std::vector<std::vector<BlockId>> pending_;  ///< by Cell::repeated: the blocks inside which it must run
  std::vector<std::uint64_t> dirty_;           ///< one bit per cell
  std::vector<std::uint64_t> everywhere_;      ///< of the dirty ones: not only inside the blocks of pending_
  std::size_t lowest_dirty_ = 0;               ///< no word before it has a bit
  std::vector<BlockId> counted_out_;           ///< instances made by a count whose actions have yet to run
  std::vector<Running> running_;               ///< by collection

  mutable bool asked_context_ = false;
  std::vector<std::uint32_t> context_cells_;  ///< found while the start is made

  std::size_t language_ = 0;  ///< of itext and choice names now
  NodeId random_node_ = 0;    ///< whose expression draws random bits now
  ExpressionId random_expression_ = kNoExpression;
  std::uint64_t random_draws_ = 0;
};

/// Brings the text of an answer into the form in which its type is stored: trimmed, numbers without sign plus
/// or leading zeros. Gives the key of the message that says what is expected when the text does not fit.
std::optional<std::string_view> fault_of_type(DataType type, std::string& value,
                                              std::int32_t utc_offset_minutes);

}  // namespace terreno::forms
