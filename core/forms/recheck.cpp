#include "core/forms/recheck.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/forms/limits.hpp"
#include "core/forms/session_state.hpp"

namespace terreno::forms {

/// Fills a form with a submission and compares. Where answers count the instances in which other answers
/// stand, paths are followed again after each round.
class Rechecker {
 public:
  Rechecker(const CompiledForm& form, std::span<const Answer> submitted, const FormContext& context)
      // The form outlives this object, which is all that the session asks of its pointer.
      : session_(std::shared_ptr<const CompiledForm>(std::shared_ptr<const CompiledForm>(), &form), context),
        state_(*session_.state_),
        model_(form.model()),
        submitted_(submitted),
        nodes_(submitted.size(), kNoNode) {}

  std::vector<FormDifference> run() {
    const auto is_counted = [this](DefId id) { return model_.defs[id].repeat_count != kNoExpression; };
    const bool counts_itself = std::any_of(model_.repeats.begin(), model_.repeats.end(), is_counted);
    if (!model_.repeats.empty()) open_repeats();
    find_nodes();
    clear_unsubmitted();
    fill(false);
    for (int round = 1; round < 3 && counts_itself; ++round) {
      find_nodes();
      fill(false);
    }
    find_nodes();
    fill(true);
    find_nodes();
    for (std::size_t i = 0; i < submitted_.size(); ++i) compare(submitted_[i], nodes_[i]);
    compare_missing();
    return std::move(differences_);
  }

 private:
  using Kind = FormDifference::Kind;

  const Def& def_of(NodeId node) const { return model_.defs[state_.def_of(node)]; }
  bool is_question(NodeId node) const { return node != kNoNode && def_of(node).kind == DefKind::Question; }

  /// Follows the paths of the submission; again only when nodes may have come or gone since.
  void find_nodes() {
    if (found_ && model_.repeats.empty()) return;
    found_ = true;
    present_.assign(state_.node_count(), false);
    for (std::size_t i = 0; i < submitted_.size(); ++i) {
      nodes_[i] = state_.node_at(submitted_[i].path);
      if (nodes_[i] != kNoNode) present_[nodes_[i]] = true;
    }
  }
  bool is_present(NodeId node) const { return node < present_.size() && present_[node]; }

  /// Makes as many instances of each open repeat as the submission names.
  void open_repeats() {
    std::map<std::string, std::size_t> counts;  // in order, so outer ones come first
    for (const Answer& answer : submitted_) {
      for (std::size_t open = answer.path.find('['); open != std::string::npos;
           open = answer.path.find('[', open + 1)) {
        std::size_t index = 0;
        std::from_chars(answer.path.data() + open + 1, answer.path.data() + answer.path.size(), index);
        std::size_t& count = counts[answer.path.substr(0, open)];
        count = std::max(count, std::min(index, kMaxRepeatInstances));
      }
    }
    empty_open_repeats();
    for (const auto& [path, count] : counts) {
      const auto place = state_.repeat_at(path);
      if (place.repeat == kNoDef || model_.defs[place.repeat].repeat_count != kNoExpression) continue;
      state_.set_instance_count(place, count);
    }
    state_.settle();
  }

  void empty_open_repeats() {
    for (const DefId id : model_.repeats) {
      const Def& def = model_.defs[id];
      if (def.repeat_count != kNoExpression) continue;
      std::vector<NodeId> parents;
      state_.each_node(def.parent, 0, [&](NodeId node) { parents.push_back(node); });
      for (const NodeId parent : parents) state_.set_instance_count({id, state_.block_of(parent)}, 0);
    }
  }

  /// A default that a person took away is not in the submission.
  void clear_unsubmitted() {
    for (NodeId node = 1; node < state_.node_count(); ++node) {
      if (is_present(node) || state_.value_of(node).empty() || !state_.is_alive(node)) continue;
      const Def& def = def_of(node);
      if (def.kind == DefKind::Question && def.is_input() && def.calculate == kNoExpression)
        state_.set_value(node, {});
    }
    state_.settle();
  }

  /// `start_values`: those calculations that a person may overwrite, once all they start from is in place.
  void fill(bool start_values) {
    for (std::size_t i = 0; i < submitted_.size(); ++i) {
      const NodeId node = nodes_[i];
      if (!is_question(node) || submitted_[i].value.size() > kMaxAnswerBytes) continue;
      const Def& def = def_of(node);
      const bool has_start_value = def.calculate != kNoExpression;
      if (def.is_input() && has_start_value == start_values) state_.set_value(node, submitted_[i].value);
    }
    state_.settle();
  }

  void add(Kind kind, const std::string& path, const std::string& submitted, std::string expected = {}) {
    differences_.push_back({kind, path, submitted, std::move(expected)});
  }

  void compare(const Answer& answer, NodeId node) {
    if (node == kNoNode || (!is_question(node) && def_of(node).kind != DefKind::Repeat)) {
      return add(Kind::UnknownQuestion, answer.path, answer.value);
    }
    if (!state_.is_relevant(node)) return add(Kind::NotRelevant, answer.path, answer.value);
    const Def& def = def_of(node);
    if (def.kind == DefKind::Repeat) return;
    if (!def.is_input() && state_.value_of(node) != answer.value) {
      return add(Kind::CalculatedDiffers, answer.path, answer.value, state_.value_of(node));
    }
    std::string value = answer.value;
    if (const auto verdict = state_.check_candidate(node, value, {})) {
      add(Kind::ConstraintBroken, answer.path, answer.value, verdict->message);
    }
  }

  void compare_missing() {
    state_.each_element([&](NodeId node) {
      if (is_present(node) || !is_question(node) || !state_.is_relevant(node)) return;
      const Def& def = def_of(node);
      if (!def.is_input()) {
        if (!state_.value_of(node).empty())
          add(Kind::CalculatedDiffers, state_.path_of(node), {}, state_.value_of(node));
      } else if (def.control != kNoControl && !def.always_read_only && state_.is_required(node)) {
        add(Kind::RequiredMissing, state_.path_of(node), {}, state_.required_message(node, {}));
      }
    });
  }

  FormSession session_;
  FormSession::State& state_;
  const FormModel& model_;
  std::span<const Answer> submitted_;
  std::vector<NodeId> nodes_;  ///< by answer: where its path leads now
  std::vector<bool> present_;  ///< by node: an answer names it
  bool found_ = false;
  std::vector<FormDifference> differences_;
};

std::vector<FormDifference> recheck(const CompiledForm& form, std::span<const Answer> submitted,
                                    const FormContext& context) {
  return Rechecker(form, submitted, context).run();
}

}  // namespace terreno::forms
