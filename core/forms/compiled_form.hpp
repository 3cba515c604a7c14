#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace terreno::forms {

struct FormModel;     // form_model.hpp; only this folder looks inside
struct FillingStart;  // filling.hpp; likewise

/// A file that a form names: a list of choices or other data.
struct FormFile {
  std::string_view name;  ///< "colonias.csv", as the end of "jr://file-csv/colonias.csv"
  std::string_view content;
};

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

  /// The files that the form names and that were not given when it was compiled; their lists are empty.
  const std::vector<std::string>& missing_files() const noexcept;

  const FormModel& model() const noexcept { return *model_; }
  const FillingStart& start() const noexcept { return *start_; }

 private:
  std::unique_ptr<const FormModel> model_;
  std::unique_ptr<const FillingStart> start_;
};

/// Reads and checks an XForm with the files of its lists (CSV, GeoJSON, XML). Fails with FormInvalid whose
/// message holds everything that is wrong, one per line. Nothing of the arguments is kept.
Result<std::shared_ptr<const CompiledForm>> compile_xform(std::string_view xml,
                                                          std::span<const FormFile> files = {});

}  // namespace terreno::forms
