#pragma once

#include <iosfwd>
#include <set>
#include <string>
#include <vector>

#include "core/forms/form_session.hpp"

namespace terreno::server {

/// Runs a questionnaire in a terminal: asks its questions one after the other and reads an answer a line.
/// An empty line leaves a question as it is; "path = value" answers any question; ":back" returns to the one
/// before, ":end" stops asking. A choice may be given by its number or its name.
class FormFiller {
 public:
  FormFiller(forms::FormSession& session, std::string language, std::istream& in, std::ostream& out)
      : session_(session), language_(std::move(language)), in_(in), out_(out) {}

  /// Asks until nothing is left or the input ends.
  void run();

 private:
  enum class Step { Next, Again, Stop };

  /// The next question that was not asked yet; a repeat that may grow is offered behind its last one.
  bool ask_next();
  void show(const forms::QuestionView& view);
  Step ask(const forms::QuestionView& view);
  bool offer(const forms::QuestionView& repeat);
  Step take(const forms::QuestionView& view, const std::string& line);
  Step set(const std::string& path, const std::string& value);

  forms::FormSession& session_;
  std::string language_;
  std::istream& in_;
  std::ostream& out_;
  std::set<std::string> asked_;     ///< paths of questions, and of repeats that were offered to grow
  std::vector<std::string> order_;  ///< the questions asked, for ":back"
  std::set<std::string> shown_;     ///< headings of groups
};

}  // namespace terreno::server
