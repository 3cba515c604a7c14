#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/app/field_core.hpp"
#include "tools/town/dice.hpp"

namespace terreno::field_day {

/// What the person in the field means to put into the form. Paths that the form does not have, or does not
/// show, are passed over.
struct Intent {
  std::map<std::string, std::string> values;  ///< by path; any text where a picture is meant
  std::map<std::string, int> days;            ///< dates, by path: days from today
  GeoPoint here;
  double accuracy_m = 10;
  double thoroughness = 0.35;  ///< share of the optional questions that get an answer
};

/// The bytes of a file that a question asks for.
struct Picture {
  EvidenceKind kind = EvidenceKind::Photo;
  std::string media_type = "image/png";
  Bytes bytes;
};

/// Fills any questionnaire that the engine can show, question by question as a person would: it knows types,
/// choices and constraints, and nothing of the form but what `intent` says.
class FormFiller {
 public:
  using Camera = std::function<Picture(const forms::QuestionView&)>;
  /// Called before each answer, for the time that a person needs; seconds.
  using Thinking = std::function<void(double)>;

  /// `day`: the date so many days from today, yyyy-mm-dd.
  FormFiller(FieldCore& core, const Uuid& visit_id, const Intent& intent, town::Dice& dice,
             std::function<std::string(int)> day);

  /// True when nothing is missing or wrong any more.
  Result<bool> fill(const Camera& camera, const Thinking& thinking);
  const std::vector<Sha256>& files() const { return files_; }
  /// What was still wrong when fill() gave up.
  const std::string& complaint() const { return complaint_; }

 private:
  bool answer(const forms::QuestionView& question, const Camera& camera);
  bool offer(const forms::QuestionView& question, const std::string& value);
  bool take_picture(const forms::QuestionView& question, const Camera& camera);
  std::string choice_for(const forms::QuestionView& question);
  std::string text_for(const forms::QuestionView& question);
  bool offer_number(const forms::QuestionView& question);
  bool offer_day(const forms::QuestionView& question);
  std::string day_text(int days_from_now, bool with_time) const;

  FieldCore& core_;
  Uuid visit_id_;
  FormView view_;  ///< as it stands after the last answer
  const Intent& intent_;
  town::Dice& dice_;
  std::function<std::string(int)> day_;
  std::vector<Sha256> files_;
  std::string complaint_;
};

}  // namespace terreno::field_day
