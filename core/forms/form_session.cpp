#include "core/forms/form_session.hpp"

#include <charconv>

#include "core/forms/limits.hpp"
#include "core/forms/session_state.hpp"

namespace terreno::forms {

FormSession::FormSession(std::shared_ptr<const CompiledForm> form, FormContext context)
    : state_(std::make_unique<State>(std::move(form), std::move(context))) {}
FormSession::~FormSession() = default;
FormSession::FormSession(FormSession&&) noexcept = default;
FormSession& FormSession::operator=(FormSession&&) noexcept = default;

std::vector<QuestionView> FormSession::questions(std::string_view language) const {
  return state_->questions(language);
}

std::vector<AnswerProblem> FormSession::problems(std::string_view language) const {
  return state_->problems(language);
}

Result<std::string> FormSession::add_repeat(std::string_view path) {
  const State::RepeatPlace place = state_->repeat_at(path);
  if (place.repeat == kNoDef)
    return Error(ErrorCode::NotFound, "The form has no repeat '" + std::string(path) + "'.");
  if (state_->model().defs[place.repeat].repeat_count != kNoExpression) {
    return Error(ErrorCode::InvalidArgument,
                 "The form itself counts the instances of '" + std::string(path) + "'.");
  }
  if (state_->instance_count() >= kMaxRepeatInstances) {
    return Error(ErrorCode::TooLarge,
                 "A filling holds at most " + std::to_string(kMaxRepeatInstances) + " repeat instances.");
  }
  const NodeId node = state_->base_of(state_->add_instance(place));
  state_->run_new_repeat(node);
  return state_->path_of(node);
}

Result<void> FormSession::remove_repeat(std::string_view path) {
  const NodeId node = path.ends_with(']') ? state_->node_at(path) : kNoNode;
  if (node == kNoNode || state_->model().defs[state_->def_of(node)].kind != DefKind::Repeat) {
    return Error(ErrorCode::NotFound, "There is no repeat instance '" + std::string(path) + "'.");
  }
  const State::RepeatPlace place = state_->repeat_at(path.substr(0, path.rfind('[')));
  if (state_->model().defs[place.repeat].repeat_count != kNoExpression) {
    return Error(ErrorCode::InvalidArgument,
                 "The form itself counts the instances of '" + std::string(path) + "'.");
  }
  std::size_t index = 0;
  const std::string_view digits = path.substr(path.rfind('[') + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), index);
  state_->remove_instance(place, index - 1);
  state_->settle();
  return {};
}

std::optional<std::string> FormSession::value(std::string_view path) const {
  const NodeId node = state_->node_at(path);
  return node == kNoNode ? std::nullopt : std::optional(state_->value_of(node));
}

void FormSession::set_language(std::string_view language) { state_->set_language(language); }
void FormSession::set_location(std::string location) { state_->set_location(std::move(location)); }

void FormSession::finish(std::int64_t now_ms) { state_->write_end(now_ms); }

std::string FormSession::why_hidden(std::string_view path) const {
  const NodeId node = state_->node_at(path);
  return node == kNoNode || state_->is_relevant(node) ? std::string() : state_->why_hidden(node);
}

}  // namespace terreno::forms
