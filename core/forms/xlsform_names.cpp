#include "core/forms/xlsform_names.hpp"

#include <algorithm>

#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_letter(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_simple_name(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), is_name_letter);
}

constexpr std::string_view kLastSaved = "last-saved#";

/// Reads a default as far as needed to tell a plain value from an expression.
class DefaultScanner {
 public:
  DefaultScanner(std::string_view text, bool hyphen_is_plain)
      : text_(text), hyphen_is_plain_(hyphen_is_plain) {}

  bool is_dynamic() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\'' || c == '"') {
        const std::size_t close = text_.find(c, at_ + 1);
        at_ = close == std::string_view::npos ? at_ + 1 : close + 1;
      } else if (is_digit(c)) {
        skip_number();
      } else if (is_letter(c)) {
        if (name_calls()) return true;
      } else if (c == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
        ++at_;
        skip_number();
      } else if (c == '-' && hyphen_is_plain_) {
        return false;
      } else if (c == '$' || c == '*' || c == '+' || c == '|' || c == '-') {
        if (c != '$') return true;
        if (!references_in(text_.substr(at_)).empty() && has_reference(text_.substr(at_))) return true;
        ++at_;
      } else {
        if (is_operator_word()) return true;
        ++at_;
      }
    }
    return false;
  }

 private:
  void skip_number() {
    // Dates and times hold hyphens and colons between digits.
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool between = (c == '-' || c == ':' || c == '+') && at_ + 1 < text_.size() &&
                           is_digit(text_[at_ + 1]) && looks_like_date();
      if (!is_digit(c) && c != '.' && !between && c != 'T') return;
      ++at_;
    }
  }
  bool looks_like_date() const {
    return text_.size() >= 8 &&
           (text_.find(':') != std::string_view::npos || std::count(text_.begin(), text_.end(), '-') >= 2);
  }
  /// A name that is followed by "(" or "[" calls or selects; "http://" is skipped.
  bool name_calls() {
    while (at_ < text_.size() && (is_name_letter(text_[at_]) || text_[at_] == ':')) ++at_;
    return at_ < text_.size() && (text_[at_] == '(' || text_[at_] == '[');
  }
  bool is_operator_word() const {
    for (const std::string_view word : {" mod ", " div "}) {
      if (text_.substr(at_).starts_with(word)) return true;
    }
    return false;
  }

  std::string_view text_;
  bool hyphen_is_plain_;
  std::size_t at_ = 0;
};

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string snake_case(std::string_view text) {
  std::string made;
  bool gap = false;
  for (const char c : text) {
    if (is_space(c)) {
      gap = true;
      continue;
    }
    if (gap && !made.empty()) made += '_';
    gap = false;
    made += c;
  }
  return lower_case(made);
}

bool is_xlsform_name(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return is_simple_name(text);
  return is_simple_name(text.substr(0, colon)) && is_simple_name(text.substr(colon + 1));
}

std::size_t letters_between(std::string_view a, std::string_view b) {
  // Levenshtein distance, row by row.
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (const char letter : a) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (letter == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j + 1] + 1, row[j] + 1});
    }
  }
  return row.back();
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kLongestWord = 64;
  if (word.size() > kLongestWord) return {};
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = candidate.size() > kLongestWord ? least : letters_between(word, candidate);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

bool is_yes(std::string_view text) {
  const std::string word = lower_case(trimmed(text));
  return word == "yes" || word == "true" || word == "true()";
}

bool is_no(std::string_view text) {
  const std::string word = lower_case(trimmed(text));
  return word == "no" || word == "false" || word == "false()";
}

std::vector<Reference> references_in(std::string_view text) {
  std::vector<Reference> found;
  for (std::size_t open = text.find("${"); open != std::string_view::npos;) {
    const std::size_t close = text.find('}', open);
    Reference made{open, close == std::string_view::npos ? text.size() : close + 1, {}, false};
    if (close != std::string_view::npos) {
      std::string_view name = text.substr(open + 2, close - open - 2);
      if (name.starts_with(kLastSaved)) {
        made.last_saved = true;
        name.remove_prefix(kLastSaved.size());
      }
      if (is_simple_name(name)) made.name = name;
    }
    open = text.find("${", made.end);
    found.push_back(std::move(made));
  }
  return found;
}

bool has_reference(std::string_view text) {
  const auto found = references_in(text);
  return !found.empty() && !found.front().name.empty();
}

bool is_reference(std::string_view text) {
  const auto found = references_in(text);
  return found.size() == 1 && !found[0].name.empty() && found[0].begin == 0 && found[0].end == text.size();
}

bool is_dynamic_default(std::string_view text, std::string_view type) {
  const bool hyphen_is_plain = type == "date" || type == "dateTime" || type.starts_with("geo");
  return DefaultScanner(text, hyphen_is_plain).is_dynamic();
}

std::string_view file_extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view{} : name.substr(dot);
}

bool is_list_extension(std::string_view extension) {
  return extension == ".csv" || extension == ".xml" || extension == ".geojson";
}

}  // namespace terreno::forms
