#include "server/app/form_filler.hpp"

#include <algorithm>
#include <charconv>
#include <istream>
#include <ostream>

#include "server/app/cli_text.hpp"

namespace terreno::server {
namespace {

using forms::QuestionView;

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_asked(const QuestionView& view) {
  return !view.is_group && !view.is_repeat && !view.read_only && view.type != "note";
}

/// "2" or "1 3" for choices by their number; other words stay as they are.
std::string choice_values(const QuestionView& view, const std::string& line) {
  std::string made;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find_first_of(" ,", at), line.size());
    std::string word = line.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const bool named = std::any_of(view.choices.begin(), view.choices.end(),
                                   [&word](const forms::ChoiceView& choice) { return choice.value == word; });
    std::size_t number = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
    if (!named && read.ptr == word.data() + word.size() && number >= 1 && number <= view.choices.size())
      word = view.choices[number - 1].value;
    made += (made.empty() ? "" : " ") + word;
  }
  return made;
}

bool says_yes(const std::string& line) {
  const char first = line.empty() ? 'n' : line.front();
  return first == 's' || first == 'S' || first == 'y' || first == 'Y';
}

std::string repeat_path(const std::string& instance) {
  return instance.ends_with(']') ? instance.substr(0, instance.rfind('[')) : instance;
}

}  // namespace

void FormFiller::run() {
  while (ask_next()) {
  }
}

bool FormFiller::ask_next() {
  const std::vector<QuestionView> views = session_.questions(language_);
  const QuestionView* growing = nullptr;
  for (const QuestionView& view : views) {
    const bool inside = growing != nullptr && view.path.starts_with(growing->path + "/");
    if (growing != nullptr && !inside) break;
    if (is_asked(view) && !asked_.contains(view.path)) {
      switch (ask(view)) {
        case Step::Stop:
          return false;
        case Step::Next:
          if (asked_.insert(view.path).second) order_.push_back(view.path);
          return true;
        case Step::Again:
          return true;
      }
    }
    if (!is_asked(view)) show(view);
    if (view.can_add && !asked_.contains(view.path)) growing = &view;
  }
  return growing != nullptr && offer(*growing);
}

void FormFiller::show(const QuestionView& view) {
  if (view.label.empty() || !shown_.insert(view.path).second) return;
  out_ << "\n" << (view.is_group || view.is_repeat ? "== " : "   ") << view.label << "\n";
}

bool FormFiller::offer(const QuestionView& repeat) {
  out_ << cli_text("cli.fill_add", {{"repeat", repeat.label.empty() ? repeat.path : repeat.label}}) << " "
       << std::flush;
  std::string line;
  if (!std::getline(in_, line) || trimmed(line) == ":end") return false;
  asked_.insert(repeat.path);
  if (!says_yes(trimmed(line))) return true;
  if (const auto added = session_.add_repeat(repeat_path(repeat.path)); !added)
    out_ << added.error().message << "\n";
  return true;
}

FormFiller::Step FormFiller::ask(const QuestionView& view) {
  out_ << "\n" << (view.label.empty() ? view.path : view.label) << (view.required ? " *" : "") << "\n";
  if (!view.hint.empty()) out_ << "  " << view.hint << "\n";
  for (std::size_t i = 0; i < view.choices.size(); ++i)
    out_ << "  " << i + 1 << ") " << view.choices[i].label << " [" << view.choices[i].value << "]\n";
  out_ << "  (" << view.path << ", " << view.type << (view.value.empty() ? "" : ", " + view.value) << ") > "
       << std::flush;
  std::string line;
  if (!std::getline(in_, line)) return Step::Stop;
  return take(view, trimmed(line));
}

FormFiller::Step FormFiller::take(const QuestionView& view, const std::string& line) {
  if (line == ":end") return Step::Stop;
  if (line == ":back") {
    if (order_.empty()) return Step::Again;
    asked_.erase(order_.back());
    order_.pop_back();
    return Step::Again;
  }
  if (line.empty()) return Step::Next;
  if (const std::size_t equals = line.find(" = "); equals != std::string::npos) {
    // Another question was answered; this one is asked again.
    set(line.substr(0, equals), line.substr(equals + 3));
    return Step::Again;
  }
  return set(view.path, view.choices.empty() ? line : choice_values(view, line));
}

FormFiller::Step FormFiller::set(const std::string& path, const std::string& value) {
  const auto done = session_.answer(path, value, language_);
  if (done) return Step::Next;
  out_ << "  ! " << done.error().message << "\n";
  return Step::Again;
}

}  // namespace terreno::server
