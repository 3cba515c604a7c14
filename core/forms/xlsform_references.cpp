// ${name} in expressions and texts: to which question it leads, and by which path from where it stands.
#include <algorithm>

#include "core/forms/xlsform_model.hpp"
#include "core/forms/xpath_parser.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

/// The item and all that encloses it, from the form itself down.
std::vector<std::size_t> way_to(const XlsForm& form, std::size_t item) {
  std::vector<std::size_t> way{item};
  while (way.back() != 0) way.push_back(form.items[way.back()].parent);
  std::reverse(way.begin(), way.end());
  return way;
}

bool is_yes(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text == "yes" || text == "true" || text == "true()" || text == "1";
}

bool is_no(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text == "no" || text == "false" || text == "false()" || text == "0";
}

/// Typographic quotes come from word processors and mean the plain ones.
std::string with_plain_quotes(std::string text) {
  for (const auto& [fancy, plain] :
       {std::pair{"\u2018", "'"}, {"\u2019", "'"}, {"\u201C", "\""}, {"\u201D", "\""}}) {
    for (std::size_t at = text.find(fancy); at != std::string::npos; at = text.find(fancy, at))
      text.replace(at, std::string(fancy).size(), plain);
  }
  return text;
}

}  // namespace

std::optional<std::size_t> referred_item(XlsForm& form, std::size_t item, const std::string& name,
                                         const std::string& column) {
  const int row = form.items[item].row;
  const auto found = form.by_name.find(name);
  if (found == form.by_name.end()) {
    std::vector<std::string> known;
    for (const auto& [known_name, items] : form.by_name) known.push_back(known_name);
    const std::string near = nearest_word(name, known);
    form.fault("survey", row, column,
               "${" + name + "}: no question has this name" +
                   (near.empty() ? "." : "; did you mean ${" + near + "}?"));
    return std::nullopt;
  }
  if (found->second.size() == 1) return found->second.front();
  // Of several, one in the same group is meant.
  for (const std::size_t candidate : found->second) {
    if (form.items[candidate].parent == form.items[item].parent) return candidate;
  }
  form.fault("survey", row, column,
             "${" + name + "}: several questions have this name (rows " +
                 std::to_string(form.items[found->second[0]].row) + " and " +
                 std::to_string(form.items[found->second[1]].row) + "); give them different names.");
  return std::nullopt;
}

std::string reference_path(const XlsForm& form, std::size_t item, std::size_t target, bool from_current) {
  const std::vector<std::size_t> from = way_to(form, item);
  const std::vector<std::size_t> to = way_to(form, target);
  std::size_t shared = 0;
  std::size_t common_repeat = 0;
  while (shared < from.size() && shared + 1 < to.size() && from[shared] == to[shared]) {
    if (form.items[from[shared]].kind == ItemKind::Repeat) common_repeat = from[shared];
    ++shared;
  }
  if (common_repeat == 0) return " " + form.items[target].path + " ";
  // Inside one repeat the same instance is meant, which only a relative path says.
  std::string path = from_current ? "current()/" : "";
  for (std::size_t i = shared; i < from.size(); ++i) path += i == shared ? ".." : "/..";
  if (from.size() == shared) path += ".";
  for (std::size_t i = shared; i < to.size(); ++i) path += "/" + form.items[to[i]].name;
  return " " + path + " ";
}

std::string resolved_expression(XlsForm& form, std::size_t item, const Formula& cell, bool in_choices) {
  const std::string text = with_plain_quotes(cell.text);
  std::string made;
  int brackets = 0;
  char quote = 0;
  const std::size_t issues_before = form.issues.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && (c == '\'' || c == '"'))
      quote = c;
    else if (c == quote)
      quote = 0;
    if (quote == 0 && c == '[') ++brackets;
    if (quote == 0 && c == ']') --brackets;
    if (c != '$' || i + 1 >= text.size() || text[i + 1] != '{') {
      made += c;
      continue;
    }
    const std::size_t end = text.find('}', i);
    if (end == std::string::npos) {
      form.fault("survey", form.items[item].row, cell.column, "'${' is not closed; write ${name}.");
      return {};
    }
    std::string name = text.substr(i + 2, end - i - 2);
    name.erase(0, std::min(name.find_first_not_of(' '), name.size()));
    name.erase(name.find_last_not_of(' ') + 1);
    const auto target = referred_item(form, item, name, cell.column);
    if (target) {
      const std::string path = reference_path(form, item, *target, in_choices || brackets > 0);
      made += quote == 0 ? path : path.substr(1, path.size() - 2);
    }
    i = end;
  }
  if (form.issues.size() != issues_before) return {};
  if (made.find("instance('case')") != std::string::npos ||
      made.find("instance(\"case\")") != std::string::npos)
    form.reads_case = true;
  NameTable names;
  const auto parsed = parse_xpath(made, {names, nullptr, true});
  if (!parsed) {
    form.fault("survey", form.items[item].row, cell.column,
               "'" + cell.text + "' is no valid expression: " + parsed.error().message + ".");
    return {};
  }
  for (const std::string& fault : call_faults(*parsed))
    form.fault("survey", form.items[item].row, cell.column, fault);
  return made;
}

std::string resolved_condition(XlsForm& form, std::size_t item, const Formula& cell) {
  const std::string text(trimmed(cell.text));
  if (text.empty()) return {};
  if (is_yes(text)) return "true()";
  if (is_no(text)) return "false()";
  return resolved_expression(form, item, cell, false);
}

}  // namespace terreno::forms
