// What a screen shows: questions with their words, choices and state.
#include <algorithm>

#include "core/forms/session_state.hpp"

namespace terreno::forms {
namespace {

/// Follows child names from an item of a choice list; the item itself for an empty path.
std::string text_at(const NodeTree& tree, NodeId item, const std::vector<NameId>& path) {
  NodeId at = item;
  for (const NameId name : path) {
    NodeId child = tree[at].first_child;
    while (child != kNoNode && tree[child].local != name) child = tree[child].next;
    if (child == kNoNode) return {};
    at = child;
  }
  return tree.is_relevant(at) ? tree.string_value(at) : std::string();
}

}  // namespace

std::string FormSession::State::render(TextId id, std::size_t language, NodeId current) {
  if (id == kNoText) return {};
  const LocalizedText& text = model_.texts[id];
  const bool has = language < text.by_language.size() && !text.by_language[language].empty();
  const TextTemplate& pieces = text.by_language[has ? language : 0];
  std::string made;
  for (const TextPiece& piece : pieces) {
    made += piece.literal;
    if (piece.expression == kNoExpression) continue;
    const std::size_t before = language_;
    language_ = language;
    const Result<Value> value = evaluator(piece.expression, current).run();
    language_ = before;
    if (value) made += as_stored(*value, DataType::Text);
  }
  return made;
}

std::vector<ChoiceView> FormSession::State::choices(NodeId node, std::size_t language) {
  std::vector<ChoiceView> found;
  const Def& def = model_.defs[filling_.defs_of[node]];
  if (def.control == kNoControl) return found;
  const Control& control = model_.controls[def.control];
  for (const StaticChoice& choice : control.choices)
    found.push_back({choice.value, render(choice.label, language, node)});
  if (!control.itemset) return found;
  const Result<Value> items = evaluator(control.itemset->nodeset, node).run();
  if (!items || items->kind != ValueKind::Nodes) return found;
  for (const NodeRef item : items->nodes) {
    const NodeTree& source = tree(item.tree);
    ChoiceView choice{text_at(source, item.node, control.itemset->value_path), {}};
    std::string label = text_at(source, item.node, control.itemset->label_path);
    if (control.itemset->label_is_text_id) {
      const auto known = model_.text_ids.find(label);
      label = known == model_.text_ids.end() ? std::string() : render(known->second, language, node);
    }
    choice.label = std::move(label);
    found.push_back(std::move(choice));
  }
  return found;
}

std::vector<std::string> FormSession::State::choice_values(NodeId node) {
  std::vector<std::string> found;
  const Control& control = model_.controls[model_.defs[filling_.defs_of[node]].control];
  for (const StaticChoice& choice : control.choices) found.push_back(choice.value);
  if (!control.itemset) return found;
  const Result<Value> items = evaluator(control.itemset->nodeset, node).run();
  if (!items || items->kind != ValueKind::Nodes) return found;
  for (const NodeRef item : items->nodes)
    found.push_back(text_at(tree(item.tree), item.node, control.itemset->value_path));
  return found;
}

std::string FormSession::State::why_hidden(NodeId node) const {
  for (NodeId up = node; up != kNoNode && up != 0; up = tree_[up].parent) {
    if (filling_.own_relevant[up]) continue;
    return std::string(model_.text_of(model_.defs[filling_.defs_of[up]].relevant));
  }
  return {};
}

/// Walks the body and makes one view after the other.
class ViewBuilder {
 public:
  ViewBuilder(FormSession::State& state, std::string_view language)
      : state_(state),
        model_(state.model()),
        language_name_(language),
        language_(language_index(model_, language)) {}

  std::vector<QuestionView> run() {
    controls(0, static_cast<ControlId>(model_.controls.size()), 0, "");
    return std::move(views_);
  }

 private:
  void controls(ControlId first, ControlId end, BlockId block, const std::string& group) {
    for (ControlId id = first; id < end; id = model_.controls[id].end) control(id, block, group);
  }

  void control(ControlId id, BlockId block, const std::string& group) {
    const Control& control = model_.controls[id];
    if (control.kind == ControlKind::Repeat) return repeat(id, block, group);
    if (control.kind == ControlKind::Group) return this->group(id, block, group);
    const NodeId node = node_of(control.def, block);
    if (node == kNoNode || !state_.is_relevant(node)) return;
    question(id, node, group);
  }

  NodeId node_of(DefId def, BlockId block) const {
    const BlockId own = state_.enclosing(block, model_.defs[def].block);
    return own == kNoBlock ? kNoNode : state_.node_in(own, def);
  }

  QuestionView view_of(const Control& control, NodeId node, const std::string& group) {
    QuestionView view;
    view.label = state_.render(control.label, language_, node);
    view.hint = state_.render(control.hint, language_, node);
    view.appearance = control.appearance;
    view.parameters = control.parameters;
    view.group_path = group;
    return view;
  }

  void group(ControlId id, BlockId block, const std::string& around) {
    const Control& control = model_.controls[id];
    const bool is_repeat = control.def != kNoDef && model_.defs[control.def].kind == DefKind::Repeat;
    // Around a repeat a group only carries its heading, which the instances show.
    if (is_repeat) return controls(id + 1, control.end, block, around);
    const NodeId node = control.def == kNoDef ? state_.base_of(block) : node_of(control.def, block);
    if (node == kNoNode || !state_.is_relevant(node)) return;
    QuestionView view = view_of(control, node, around);
    view.type = "group";
    view.is_group = true;
    view.path = control.def == kNoDef ? around : state_.path_of(node);
    const std::string path = view.path;
    views_.push_back(std::move(view));
    controls(id + 1, control.end, block, path);
  }

  void repeat(ControlId id, BlockId block, const std::string& group) {
    const Control& control = model_.controls[id];
    const Control& heading = heading_of(id);
    const Def& def = model_.defs[control.def];
    const BlockId around = state_.enclosing(block, model_.defs[def.parent].block);
    if (around == kNoBlock || !state_.is_relevant(state_.node_in(around, def.parent))) return;
    const std::vector<BlockId> instances = state_.instances_of({control.def, around});
    const bool open = def.repeat_count == kNoExpression;
    for (std::size_t i = 0; i < instances.size(); ++i) {
      const NodeId node = state_.base_of(instances[i]);
      if (!state_.is_relevant(node)) continue;
      QuestionView view = view_of(heading, node, group);
      view.type = "repeat";
      view.is_repeat = true;
      view.path = state_.path_of(node);
      view.can_add = open && i + 1 == instances.size();
      view.can_remove = open;
      const std::string path = view.path;
      views_.push_back(std::move(view));
      controls(id + 1, control.end, instances[i], path);
    }
    if (instances.empty() && open) offer_first(control, heading, around, group);
  }

  const Control& heading_of(ControlId repeat) const {
    const Control& control = model_.controls[repeat];
    if (control.label != kNoText || control.parent == kNoControl) return control;
    const Control& parent = model_.controls[control.parent];
    return parent.kind == ControlKind::Group && parent.def == control.def ? parent : control;
  }

  /// The heading of a repeat that has no instance yet.
  void offer_first(const Control& control, const Control& heading, BlockId around, const std::string& group) {
    const Def& def = model_.defs[control.def];
    const NodeId parent = state_.node_in(around, def.parent);
    if (def.relevant != kNoExpression && !state_.evaluator(def.relevant, parent).run_boolean()) return;
    QuestionView view = view_of(heading, parent, group);
    view.type = "repeat";
    view.is_group = true;
    view.can_add = true;
    const std::string above = state_.path_of(parent);
    view.path = (above.empty() ? "" : above + "/") + model_.names.text(def.qualified);
    views_.push_back(std::move(view));
  }

  void question(ControlId id, NodeId node, const std::string& group) {
    const Control& control = model_.controls[id];
    QuestionView view = view_of(control, node, group);
    view.path = state_.path_of(node);
    view.type = view_type(model_, control.def);
    view.value = state_.value_of(node);
    view.read_only = state_.is_read_only(node);
    view.required = state_.is_required(node);
    if (control.kind == ControlKind::Select1 || control.kind == ControlKind::Select ||
        control.kind == ControlKind::Rank) {
      view.choices = state_.choices(node, language_);
    }
    if (auto verdict = state_.check(node, language_name_)) {
      view.valid = false;
      view.error = std::move(verdict->message);
    }
    views_.push_back(std::move(view));
  }

  FormSession::State& state_;
  const FormModel& model_;
  std::string_view language_name_;
  std::size_t language_;
  std::vector<QuestionView> views_;
};

std::vector<QuestionView> FormSession::State::questions(std::string_view language) {
  return ViewBuilder(*this, language).run();
}

}  // namespace terreno::forms
