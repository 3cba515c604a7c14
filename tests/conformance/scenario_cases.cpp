#include "tests/conformance/scenario_cases.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "core/forms/form_session.hpp"

namespace terreno::test {
namespace {

using namespace terreno::forms;

/// "/data/a[1]/b" without the root; positions of 1 on what is no repeat do no harm.
std::string relative(std::string path) {
  path.erase(0, std::min(path.find('/', 1), path.size()));
  if (!path.empty()) path.erase(0, 1);
  return path;
}

std::string as_text(const Json& value) {
  if (value.is_text()) return value.text();
  if (std::holds_alternative<bool>(value.value)) return value.truthy() ? "true" : "false";
  if (!std::holds_alternative<double>(value.value)) return {};
  std::string text = std::to_string(value.number());
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

class Scenario {
 public:
  explicit Scenario(const Json& row) : row_(row) {}

  /// Nothing when all expectations hold, else the first that does not.
  std::string run() {
    auto form = compile_xform(row_["form_xml"].text());
    const bool must_fail = !row_["expected_init_error"].is_null();
    if (!form) return must_fail ? "" : "compile: " + form.error().message;
    if (must_fail) return "compiled but must not";
    form_ = *form;
    restart();
    for (const Json& step : row_["steps"].array()) {
      std::string failure = this->step(step);
      if (!failure.empty()) return step["op"].text() + " " + as_text(step["ref"]) + ": " + failure;
    }
    return {};
  }

 private:
  void restart() {
    FormContext context;
    context.now_ms = 1'795'294'578'265;  // 2026-11-21T13:56:18.265-07:00, when the cases were recorded
    context.utc_offset_minutes = -420;
    session_.emplace(form_, context);
  }

  std::string value_at(const std::string& path) const {
    // An answer's own path has no position on what is no repeat, so a question is looked up through a
    // session.
    for (const Answer& answer : session_->answers()) {
      if (same_place(answer.path, path)) return answer.value;
    }
    return {};
  }

  static std::string without_ones(std::string path) {
    for (std::size_t at = path.find("[1]"); at != std::string::npos; at = path.find("[1]")) path.erase(at, 3);
    return path;
  }
  static bool same_place(const std::string& a, const std::string& b) {
    return without_ones(a) == without_ones(b);
  }

  std::string answer(const Json& step) {
    std::string value = as_text(step["value"]);
    if (!step["values"].is_null()) {
      for (const Json& item : step["values"].array()) value += (value.empty() ? "" : " ") + as_text(item);
    }
    const std::string path = relative(step["ref"].text());
    const auto done = session_->answer(path, value, language_);
    const bool refused =
        !step["error"].is_null() || (step["result"].is_text() && step["result"].text() != "OK");
    if (!done && !refused && done.error().code == terreno::ErrorCode::NotFound) return done.error().message;
    return {};
  }

  std::string new_repeat(const Json& step) {
    std::string path = relative(step["ref"].text());
    if (path.ends_with(']')) path.resize(path.rfind('['));
    const auto done = session_->add_repeat(path);
    return done || !step["error"].is_null() ? "" : done.error().message;
  }

  std::string expect_value(const Json& step) const {
    const std::string got = value_at(relative(step["ref"].text()));
    const std::string wanted = as_text(step["value"]);
    if (got == wanted || (wanted.starts_with("uuid:") && got.starts_with("uuid:"))) return {};
    return "'" + got + "' instead of '" + wanted + "'";
  }

  std::string expect_choices(const Json& step) const {
    std::vector<std::string> wanted;
    for (const Json& choice : step["choices"].array()) {
      wanted.push_back(choice.is_text() ? choice.text() : choice.array().at(0).text());
    }
    std::vector<std::string> got;
    for (const QuestionView& view : session_->questions(language_)) {
      if (!same_place(view.path, relative(step["ref"].text()))) continue;
      for (const ChoiceView& choice : view.choices) got.push_back(choice.value);
    }
    return got == wanted
               ? ""
               : std::to_string(got.size()) + " choices instead of " + std::to_string(wanted.size());
  }

  std::string expect_repeat_count(const Json& step) const {
    const std::string wanted = relative(step["ref"].text()) + "[";
    std::set<std::string> seen;
    for (const Answer& answer : session_->answers()) {
      if (answer.path.starts_with(wanted))
        seen.insert(answer.path.substr(0, answer.path.find(']', wanted.size())));
    }
    const auto count = static_cast<double>(seen.size());
    return count == std::stod(as_text(step["value"]))
               ? ""
               : std::to_string(seen.size()) + " instances instead of " + as_text(step["value"]);
  }

  std::string step(const Json& step) {
    const std::string& op = step["op"].text();
    if (op == "answer") return answer(step);
    if (op == "new_repeat") return new_repeat(step);
    if (op == "remove_repeat") {
      const auto done = session_->remove_repeat(relative(step["ref"].text()));
      return done ? "" : done.error().message;
    }
    if (op == "new_instance") return restart(), "";
    if (op == "set_language")
      return language_ = as_text(step["language"].is_null() ? step["value"] : step["language"]), "";
    if (op == "expect_value") return expect_value(step);
    if (op == "expect_choices") return expect_choices(step);
    if (op == "expect_repeat_count") return expect_repeat_count(step);
    return {};
  }

  const Json& row_;
  std::shared_ptr<const CompiledForm> form_;
  std::optional<FormSession> session_;
  std::string language_;
};

}  // namespace

std::string scenario_failure(const Json& row) { return Scenario(row).run(); }

}  // namespace terreno::test
