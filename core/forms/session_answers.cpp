// Checking answers, and what a filling gives out and takes back.
#include <algorithm>
#include <charconv>

#include "core/base/texts.hpp"
#include "core/forms/limits.hpp"
#include "core/forms/session_state.hpp"

namespace terreno::forms {
namespace {

/// Takes the next item off a space-separated list.
std::string_view take_item(std::string_view& list) {
  list = trimmed(list);
  const std::size_t end = std::min(list.find(' '), list.size());
  const std::string_view item = list.substr(0, end);
  list = list.substr(end);
  return item;
}

/// Several choices are stored in the order in which they are offered, each once.
std::string in_order_of(const std::vector<std::string>& offered, std::string_view list) {
  std::vector<std::string_view> chosen;
  for (std::string_view rest = trimmed(list); !rest.empty(); rest = trimmed(rest))
    chosen.push_back(take_item(rest));
  std::string ordered;
  for (const std::string& choice : offered) {
    if (std::find(chosen.begin(), chosen.end(), choice) == chosen.end()) continue;
    ordered += (ordered.empty() ? "" : " ") + choice;
  }
  return ordered;
}

Language catalogue_language(const FormModel& model, std::string_view language) {
  if (model.languages.empty()) return language_from_tag(language_tag(language));
  return language_from_tag(language_tag(model.languages[language_index(model, language)]));
}

}  // namespace

bool FormSession::State::is_required(NodeId node) {
  const Def& def = model_.defs[filling_.defs_of[node]];
  return def.required != kNoExpression && evaluator(def.required, node).run_boolean();
}

bool FormSession::State::is_read_only(NodeId node) {
  const Def& def = model_.defs[filling_.defs_of[node]];
  if (def.always_read_only) return true;
  // A calculation nobody may answer needs no readonly of its own; one with an open control is a start value.
  if (def.control == kNoControl) return true;
  return def.read_only != kNoExpression && evaluator(def.read_only, node).run_boolean();
}

std::string FormSession::State::required_message(NodeId node, std::string_view language) {
  const Def& def = model_.defs[filling_.defs_of[node]];
  if (def.required_message != kNoText)
    return render(def.required_message, language_index(model_, language), node);
  return text(catalogue_language(model_, language), "form.required");
}

std::optional<Verdict> FormSession::State::check_candidate(NodeId node, std::string& value,
                                                           std::string_view language) {
  const Def& def = model_.defs[filling_.defs_of[node]];
  auto words = [&](std::string_view key) { return text(catalogue_language(model_, language), key); };
  using Kind = AnswerProblem::Kind;
  if (value.size() > kMaxAnswerBytes) return Verdict{Kind::WrongType, words("form.too_long")};
  if (const auto key = fault_of_type(def.data_type, value, context_.utc_offset_minutes)) {
    return Verdict{Kind::WrongType, words(*key)};
  }
  if (value.empty()) return std::nullopt;
  if (def.control != kNoControl) {
    const ControlKind kind = model_.controls[def.control].kind;
    if (kind == ControlKind::Select1 || kind == ControlKind::Select || kind == ControlKind::Rank) {
      const std::vector<std::string> offered = choice_values(node);
      auto is_offered = [&offered](std::string_view item) {
        return std::find(offered.begin(), offered.end(), item) != offered.end();
      };
      bool fits = true;
      if (kind == ControlKind::Select1)
        fits = is_offered(value);
      else
        for (std::string_view rest = trimmed(value); !rest.empty();)
          fits = is_offered(take_item(rest)) && fits;
      if (kind == ControlKind::Select && fits) value = in_order_of(offered, value);
      if (!fits) return Verdict{Kind::ChoiceGone, words("form.not_a_choice")};
    }
  }
  if (def.constraint == kNoExpression) return std::nullopt;
  // The constraint sees the candidate as "."; nothing that depends on it is recomputed until it is stored.
  std::swap(tree_.value(node), value);
  const bool holds = evaluator(def.constraint, node).run_boolean();
  std::swap(tree_.value(node), value);
  if (holds) return std::nullopt;
  std::string message = def.constraint_message == kNoText
                            ? words("form.constraint")
                            : render(def.constraint_message, language_index(model_, language), node);
  return Verdict{Kind::ConstraintBroken, std::move(message)};
}

std::optional<Verdict> FormSession::State::check(NodeId node, std::string_view language) {
  std::string value = tree_.value(node);
  if (value.empty()) return std::nullopt;
  return check_candidate(node, value, language);
}

std::vector<AnswerProblem> FormSession::State::problems(std::string_view language) {
  std::vector<AnswerProblem> found;
  each_element([&](NodeId node) {
    const Def& def = model_.defs[filling_.defs_of[node]];
    if (def.kind != DefKind::Question || !tree_.is_relevant(node)) return;
    if (tree_.value(node).empty()) {
      const bool asked = def.control != kNoControl && !def.always_read_only;
      if (asked && is_required(node)) {
        found.push_back(
            {AnswerProblem::Kind::RequiredMissing, path_of(node), required_message(node, language)});
      }
    } else if (auto verdict = check(node, language)) {
      found.push_back({verdict->kind, path_of(node), std::move(verdict->message)});
    }
  });
  return found;
}

const CompiledForm& FormSession::form() const noexcept { return state_->form(); }
const FormContext& FormSession::context() const noexcept { return state_->context(); }

Result<void> FormSession::answer(std::string_view path, std::string_view value, std::string_view language) {
  const NodeId node = state_->node_at(path);
  const FormModel& model = state_->model();
  if (node == kNoNode || model.defs[state_->def_of(node)].kind != DefKind::Question) {
    return Error(ErrorCode::NotFound, "The form has no question '" + std::string(path) + "'.");
  }
  auto refused = [&](std::string_view key) {
    return Error(ErrorCode::AnswerInvalid, text(catalogue_language(model, language), key));
  };
  if (!state_->is_relevant(node)) return refused("form.hidden");
  if (state_->is_read_only(node)) return refused("form.read_only");
  std::string stored(value);
  if (const auto verdict = state_->check_candidate(node, stored, language)) {
    return Error(ErrorCode::AnswerInvalid, verdict->message);
  }
  state_->touch(node);
  state_->set_and_settle(node, std::move(stored));
  return {};
}

std::vector<Answer> FormSession::answers() const {
  std::vector<Answer> found;
  state_->each_element([&](NodeId node) {
    const Def& def = state_->model().defs[state_->def_of(node)];
    if (!state_->is_relevant(node)) return;
    if (def.kind == DefKind::Repeat) found.push_back({state_->path_of(node), {}});
    if (def.kind == DefKind::Question && !state_->value_of(node).empty()) {
      found.push_back({state_->path_of(node), state_->value_of(node)});
    }
  });
  // An instance needs no row of its own when something in it has one.
  std::vector<Answer> kept;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool is_instance = found[i].value.empty();
    const bool has_values = i + 1 < found.size() && found[i + 1].path.starts_with(found[i].path + "/");
    if (!is_instance || !has_values) kept.push_back(std::move(found[i]));
  }
  return kept;
}

std::vector<Answer> FormSession::inputs() const {
  std::vector<Answer> found;
  state_->each_element([&](NodeId node) {
    const FormModel& model = state_->model();
    const DefId id = state_->def_of(node);
    for (DefId child = id + 1; child < model.defs[id].end; child = model.defs[child].end) {
      if (model.defs[child].kind != DefKind::Repeat || model.defs[child].repeat_count != kNoExpression)
        continue;
      const std::string above = state_->path_of(node);
      const std::size_t count = state_->instances_of({child, state_->block_of(node)}).size();
      found.push_back({(above.empty() ? "" : above + "/") + model.names.text(model.defs[child].qualified),
                       std::to_string(count)});
    }
    if (state_->is_touched(node)) found.push_back({state_->path_of(node), state_->value_of(node)});
  });
  return found;
}

Result<void> FormSession::restore(std::span<const Answer> inputs) {
  auto set_count = [this](const Answer& input) {
    const State::RepeatPlace place = state_->repeat_at(input.path);
    std::size_t count = 0;
    const char* const end = input.value.data() + input.value.size();
    const auto read = std::from_chars(input.value.data(), end, count);
    if (place.repeat == kNoDef || read.ptr != end || count > kMaxRepeatInstances) return;
    state_->set_instance_count(place, count);
  };
  // Outer repeats come before inner ones and before the answers in them; those that answers count are there
  // only once everything is settled, so a second round catches what stands inside.
  for (int round = 0; round < 3; ++round) {
    for (const Answer& input : inputs) {
      if (input.value.size() > kMaxAnswerBytes)
        return Error(ErrorCode::TooLarge, "An answer to restore is too long.");
      const NodeId node = state_->node_at(input.path);
      const bool is_question =
          node != kNoNode && state_->model().defs[state_->def_of(node)].kind == DefKind::Question;
      if (!is_question) {
        set_count(input);
        continue;
      }
      state_->touch(node);
      state_->set_value(node, input.value);
    }
    state_->settle();
  }
  return {};
}

}  // namespace terreno::forms
