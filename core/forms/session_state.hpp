#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/forms/form_model.hpp"
#include "core/forms/form_session.hpp"
#include "core/forms/xpath_eval.hpp"

namespace terreno::forms {

using BlockId = std::uint32_t;
inline constexpr BlockId kNoBlock = 0xFFFFFFFFU;

/// The nodes of the root or of one repeat instance: ids base .. base + block_size, in the order of the
/// definitions.
struct Block {
  DefId def = 0;
  NodeId base = 0;
  BlockId parent = kNoBlock;
  bool alive = true;
  std::vector<std::vector<BlockId>> slots;  ///< instances of each repeat right inside
};

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
  State(std::shared_ptr<const CompiledForm> form, FormContext context);

  const CompiledForm& form() const { return *form_; }
  const FormContext& context() const { return context_; }
  const FormModel& model() const { return model_; }

  // Nodes and paths.
  NodeId node_at(std::string_view path) const;
  std::string path_of(NodeId node) const;
  DefId def_of(NodeId node) const { return defs_of_[node]; }
  const std::string& value_of(NodeId node) const { return tree_.value(node); }
  bool is_relevant(NodeId node) const { return tree_[node].relevant; }
  /// Calls `visit` with every node of `def` inside a block, in document order.
  void each_node(DefId def, BlockId block, const std::function<void(NodeId)>& visit) const;
  /// Every element of the filling in document order.
  void each_element(const std::function<void(NodeId)>& visit) const;
  /// Finds the repeat and the block around it for a path such as "homes[2]/people".
  struct RepeatPlace {
    DefId repeat = kNoDef;
    BlockId around = kNoBlock;
  };
  RepeatPlace repeat_at(std::string_view path) const;
  std::vector<BlockId>& instances_of(RepeatPlace place) {
    return blocks_[place.around].slots[model_.defs[place.repeat].slot];
  }
  NodeId base_of(BlockId block) const { return blocks_[block].base; }
  BlockId block_of(NodeId node) const { return blocks_of_[node]; }
  std::size_t instance_count() const { return instance_count_; }

  // Changes. Each leaves everything that depends on it recomputed.
  void set_and_settle(NodeId node, std::string value);
  void set_value(NodeId node, std::string value);
  void settle();
  BlockId add_instance(RepeatPlace place);
  void remove_instance(RepeatPlace place, std::size_t index);
  void set_instance_count(RepeatPlace place, std::size_t count);
  void touch(NodeId node) { touched_[node] = true; }
  bool is_touched(NodeId node) const { return touched_[node]; }
  void run_value_changed(NodeId node);
  void run_new_repeat(NodeId instance);
  void write_end(std::int64_t now_ms);

  // Questions.
  bool is_required(NodeId node);
  bool is_read_only(NodeId node);
  /// What is wrong with the value now in the node; nothing for an empty one.
  std::optional<Verdict> check(NodeId node, std::string_view language);
  /// As check, for a value that is not stored; gives the value as it would be stored.
  std::optional<Verdict> check_candidate(NodeId node, std::string& value, std::string_view language);
  std::string required_message(NodeId node, std::string_view language);
  std::vector<ChoiceView> choices(NodeId node, std::size_t language);
  std::string render(TextId text, std::size_t language, NodeId current);
  std::vector<QuestionView> questions(std::string_view language);
  std::vector<AnswerProblem> problems(std::string_view language);
  std::string why_hidden(NodeId node) const;

  // XPathHost
  const NodeTree& tree(std::uint32_t index) const override;
  const NameTable& names() const override { return model_.names; }
  NodeRef absolute_root() const override { return {0, 0}; }
  NodeRef instance(std::string_view id) override;
  std::int64_t now_ms() const override { return context_.now_ms; }
  std::int32_t utc_offset_minutes() const override { return context_.utc_offset_minutes; }
  std::string_view language_tag() const override { return default_tag_; }
  std::uint64_t random_bits() override;
  std::string itext(std::string_view id) override;
  std::string choice_label(std::string_view path, std::string_view value, NodeRef current) override;
  std::string form_property(std::string_view name) override;
  NodeRef bound_node(DefId def, NodeRef current) const override;

 private:
  friend class ViewBuilder;

  // session_instance.cpp
  BlockId make_block(DefId def, BlockId parent);
  NodeId node_before_slot(DefId repeat, BlockId around) const;
  void reset_block(BlockId block);
  void release_block(BlockId block);
  void fill_from_primary(NodeId source, DefId def, BlockId block);
  DefId child_def(DefId parent, NodeId primary_node) const;
  NodeId node_in(BlockId block, DefId def) const { return blocks_[block].base + model_.defs[def].offset; }
  BlockId enclosing(BlockId block, DefId block_def) const;
  void each_block(DefId block_def, BlockId inside, const std::function<void(BlockId)>& visit) const;
  void build_case(const FormContext& context);
  void preload(NodeId node);

  // session_compute.cpp
  void mark(std::uint32_t cell, BlockId scope);
  void mark_block(BlockId block);
  void fire(NodeId node);
  void fire_structure(DefId repeat, BlockId around);
  void run_cell(std::uint32_t cell);
  void run_calculation(const Cell& cell, NodeId node);
  void run_count(const Cell& cell, BlockId around);
  void run_relevance(const Cell& cell, NodeId node);
  void spread_relevance(NodeId node);
  void run_actions(bool Action::*event, DefId trigger, NodeId at);
  std::string as_stored(const Value& value, DataType type) const;
  Evaluator evaluator(ExpressionId id, NodeId node);

  std::shared_ptr<const CompiledForm> form_;
  const FormModel& model_;
  FormContext context_;
  std::string default_tag_;

  NodeTree tree_;
  NodeTree case_;
  std::vector<DefId> defs_of_;      ///< by node
  std::vector<BlockId> blocks_of_;  ///< by node
  std::vector<bool> own_relevant_;  ///< by node: its own condition, without those around it
  std::vector<bool> touched_;       ///< by node: a person answered it
  std::vector<Block> blocks_;
  std::vector<std::vector<BlockId>> free_blocks_;  ///< by definition of a repeat
  std::size_t instance_count_ = 0;

  std::vector<std::vector<BlockId>> pending_;  ///< by cell: the blocks inside which it must run
  std::vector<std::uint64_t> dirty_;           ///< one bit per cell
  std::size_t lowest_dirty_ = 0;               ///< no word before it has a bit

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
