#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace terreno::forms {

struct FormModel;  // form_model.hpp; only this folder looks inside

/// What a question is, apart from any filling.
struct QuestionInfo {
  std::string path;  ///< without the root: "promise/amount", "people/age"
  std::string type;  ///< text, integer, decimal, date, time, dateTime, select_one, select_multiple, geopoint,
                     ///< image...
  std::string label;        ///< in the form's first language, expressions in it left out
  std::string appearance;   ///< as the author wrote it: "signature", "field-list"...
  bool calculated = false;  ///< its value comes from an expression, not from a person
  bool in_repeat = false;   ///< may have several values
  bool asked = false;       ///< has a control: a person sees it
};

/// A questionnaire ready to be filled. Immutable: any number of sessions on any threads may share one.
class CompiledForm {
 public:
  explicit CompiledForm(std::unique_ptr<const FormModel> model);
  ~CompiledForm();
  CompiledForm(const CompiledForm&) = delete;
  CompiledForm& operator=(const CompiledForm&) = delete;

  const std::string& form_id() const noexcept;
  const std::string& version() const noexcept;
  const std::string& title() const noexcept;
  /// As the form names them, for example "Español (es)"; the first is the default. Empty when it has only
  /// one.
  const std::vector<std::string>& languages() const noexcept;
  /// Every question and calculation (no groups), in document order.
  std::vector<QuestionInfo> questions() const;

  const FormModel& model() const noexcept { return *model_; }

 private:
  std::unique_ptr<const FormModel> model_;
};

/// Reads and checks an XForm. Fails with FormInvalid whose message holds everything that is wrong, one per
/// line.
Result<std::shared_ptr<const CompiledForm>> compile_xform(std::string_view xml);

}  // namespace terreno::forms
