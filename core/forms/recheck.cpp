#include "core/forms/recheck.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/forms/limits.hpp"
#include "core/forms/session_state.hpp"

namespace terreno::forms {

/// Fills a form with a submission and compares. A path is followed again after each round, because answers
/// may count the instances in which other answers stand.
class Rechecker {
 public:
  Rechecker(const CompiledForm& form, std::span<const Answer> submitted, const FormContext& context)
      // The form outlives this object, which is all that the session asks of its pointer.
      : session_(std::shared_ptr<const CompiledForm>(std::shared_ptr<const CompiledForm>(), &form), context),
        state_(*session_.state_),
        model_(form.model()),
        submitted_(submitted) {
    for (const Action& action : model_.actions) {
      if (action.on_new_repeat || action.on_value_changed) set_by_actions_.insert(action.target);
    }
  }

  std::vector<FormDifference> run() {
    open_repeats();
    clear_unsubmitted();
    for (int round = 0; round < 3; ++round) fill(false);
    fill(true);
    for (const Answer& answer : submitted_) compare(answer);
    compare_missing();
    return std::move(differences_);
  }

 private:
  using Kind = FormDifference::Kind;

  const Def& def_of(NodeId node) const { return model_.defs[state_.def_of(node)]; }
  bool is_question(NodeId node) const { return node != kNoNode && def_of(node).kind == DefKind::Question; }

  /// Whether a person or the moment decides the value, so that it is taken as it came.
  bool is_input(NodeId node) const {
    const Def& def = def_of(node);
    if (def.preload == "timestamp" && def.preload_parameters == "end") return true;
    if (set_by_actions_.contains(state_.def_of(node))) return true;
    return def.control != kNoControl && !def.always_read_only;
  }

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
    for (DefId id = 0; id < model_.defs.size(); ++id) {
      const Def& def = model_.defs[id];
      if (def.kind != DefKind::Repeat || def.repeat_count != kNoExpression) continue;
      std::vector<NodeId> parents;
      state_.each_node(def.parent, 0, [&](NodeId node) { parents.push_back(node); });
      for (const NodeId parent : parents) state_.set_instance_count({id, state_.block_of(parent)}, 0);
    }
  }

  /// A default that a person took away is not in the submission.
  void clear_unsubmitted() {
    std::set<std::string_view> present;
    for (const Answer& answer : submitted_) present.insert(answer.path);
    std::vector<NodeId> gone;
    state_.each_element([&](NodeId node) {
      if (is_question(node) && is_input(node) && !present.contains(state_.path_of(node)))
        gone.push_back(node);
    });
    for (const NodeId node : gone) {
      if (def_of(node).calculate == kNoExpression) state_.set_value(node, {});
    }
    state_.settle();
  }

  /// `start_values`: those calculations that a person may overwrite, once all they start from is in place.
  void fill(bool start_values) {
    for (const Answer& answer : submitted_) {
      const NodeId node = state_.node_at(answer.path);
      if (!is_question(node) || !is_input(node) || answer.value.size() > kMaxAnswerBytes) continue;
      const bool has_start_value = def_of(node).calculate != kNoExpression;
      if (has_start_value == start_values) state_.set_value(node, answer.value);
    }
    state_.settle();
  }

  void add(Kind kind, const std::string& path, const std::string& submitted, std::string expected = {}) {
    differences_.push_back({kind, path, submitted, std::move(expected)});
  }

  void compare(const Answer& answer) {
    const NodeId node = state_.node_at(answer.path);
    if (node == kNoNode || (!is_question(node) && def_of(node).kind != DefKind::Repeat)) {
      return add(Kind::UnknownQuestion, answer.path, answer.value);
    }
    compared_.insert(node);
    if (!state_.is_relevant(node)) return add(Kind::NotRelevant, answer.path, answer.value);
    if (def_of(node).kind == DefKind::Repeat) return;
    if (!is_input(node) && state_.value_of(node) != answer.value) {
      return add(Kind::CalculatedDiffers, answer.path, answer.value, state_.value_of(node));
    }
    std::string value = answer.value;
    if (const auto verdict = state_.check_candidate(node, value, {})) {
      add(Kind::ConstraintBroken, answer.path, answer.value, verdict->message);
    }
  }

  void compare_missing() {
    state_.each_element([&](NodeId node) {
      if (!is_question(node) || !state_.is_relevant(node) || compared_.contains(node)) return;
      const Def& def = def_of(node);
      if (!is_input(node)) {
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
  std::set<DefId> set_by_actions_;
  std::set<NodeId> compared_;
  std::vector<FormDifference> differences_;
};

std::vector<FormDifference> recheck(const CompiledForm& form, std::span<const Answer> submitted,
                                    const FormContext& context) {
  return Rechecker(form, submitted, context).run();
}

}  // namespace terreno::forms
