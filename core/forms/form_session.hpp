#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/forms/compiled_form.hpp"
#include "core/forms/form_context.hpp"

namespace terreno::forms {

struct FillingStart;  // filling.hpp; only this folder looks inside

/// One value. The path leaves out the root: "promise/amount"; inside repeats each carries its place from 1:
/// "people[2]/age". The value is XForms text: "12.5", "2026-11-21", "a b" for several choices, "lat lon alt
/// accuracy".
struct Answer {
  std::string path;
  std::string value;

  bool operator==(const Answer&) const = default;
};

/// A required answer that is missing or one that breaks its constraint.
struct AnswerProblem {
  enum class Kind { RequiredMissing, ConstraintBroken, WrongType, ChoiceGone };
  Kind kind;
  std::string path;
  std::string message;  ///< the form's own message in the language asked for, else a general one
};

struct ChoiceView {
  std::string value;
  std::string label;

  bool operator==(const ChoiceView&) const = default;
};

/// What a screen needs to show one question, group or repeat.
struct QuestionView {
  std::string path;
  std::string type;  ///< as in QuestionInfo; also "group", "repeat" (one per instance), "note"
  std::string label;
  std::string hint;
  std::string value;
  std::string appearance;
  std::string error;                ///< why it is not valid now, in the language asked for
  std::string group_path;           ///< the group or repeat instance it stands in; empty at the top
  std::vector<ChoiceView> choices;  ///< only those that the filter lets through, in order
  std::vector<std::pair<std::string, std::string>>
      parameters;  ///< start, end, step of a range; max-pixels, rows...
  bool required = false;
  bool read_only = false;
  bool valid = true;  ///< false only when there is a value and it breaks something
  bool is_group = false;
  bool is_repeat = false;  ///< one instance of a repeat
  bool can_add =
      false;  ///< on the repeat's last instance (or its heading when there is none): add_repeat(path) works
  bool can_remove = false;
};

/// One filling of one form. Cheap to make; every change recomputes only what depends on it. Not thread-safe:
/// one thread at a time.
class FormSession {
 public:
  FormSession(std::shared_ptr<const CompiledForm> form, FormContext context);
  ~FormSession();
  FormSession(FormSession&&) noexcept;
  FormSession& operator=(FormSession&&) noexcept;

  const CompiledForm& form() const noexcept;
  const FormContext& context() const noexcept;

  /// All relevant questions, groups and repeat instances that have a control, in order. `language` is a name
  /// the form uses ("Español (es)") or a tag ("es", "pt-BR"); an unknown one gives the form's first language.
  std::vector<QuestionView> questions(std::string_view language) const;

  /// Stores a person's answer; an empty value clears it. AnswerInvalid with the form's message (in
  /// `language`) when the text is not of the question's type, is no choice now offered, breaks the
  /// constraint, or the question is read-only or hidden: the old value then stays. NotFound when there is no
  /// such question.
  Result<void> answer(std::string_view path, std::string_view value, std::string_view language = {});

  /// Everything that keeps the filling from being finished; empty when it may be.
  std::vector<AnswerProblem> problems(std::string_view language) const;

  /// Every relevant node that has a value, calculated ones too, in document order: what a visit records. An
  /// instance of a repeat in which nothing has a value stands there by its own path with an empty value, so
  /// that it counts.
  std::vector<Answer> answers() const;
  /// What a person put in, hidden questions too, and how many instances each repeat has (the repeat's path
  /// and the number).
  std::vector<Answer> inputs() const;
  /// Puts back what inputs() gave, unchecked, in a session just made. Paths that the form no longer has are
  /// left out.
  Result<void> restore(std::span<const Answer> inputs);

  /// Appends an instance to the repeat at `path` ("people", "homes[2]/people") and gives its path.
  /// InvalidArgument when the form counts its instances itself; TooLarge over kMaxRepeatInstances.
  Result<std::string> add_repeat(std::string_view path);
  /// Removes one instance ("people[2]"); those after it move up.
  Result<void> remove_repeat(std::string_view path);

  /// The value of a question or calculation now, hidden or not; nothing when the form has none at this path.
  std::optional<std::string> value(std::string_view path) const;

  /// The language in which expressions name choices and dates from now on; texts are asked for in any.
  void set_language(std::string_view language);
  /// Where the filling is now, for <odk:setgeopoint>: "lat lon altitude accuracy".
  void set_location(std::string location);

  /// Writes the moment of finishing into questions of type 'end'. recheck() does not compare these.
  void finish(std::int64_t now_ms);

  /// Why a question is hidden or shown: the text of the condition on it or its groups that is false now;
  /// empty when shown.
  std::string why_hidden(std::string_view path) const;

 private:
  friend class Rechecker;
  friend class ViewBuilder;
  friend FillingStart make_start(const FormModel& model);
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace terreno::forms
