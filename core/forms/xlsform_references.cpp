// ${name} in expressions and texts: to which question it leads, and by which path from where it stands.
#include "core/forms/xlsform_references.hpp"

#include <algorithm>

#include "core/forms/xlsform_names.hpp"
#include "core/forms/xpath_parser.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

/// All that encloses an item, from its parent up to the form.
std::vector<std::size_t> above(const XlsForm& form, std::size_t item) {
  std::vector<std::size_t> way;
  while (item != 0) way.push_back(item = form.items[item].parent);
  return way;
}

bool is_repeat(const XlsForm& form, std::size_t item) { return form.items[item].kind == ItemKind::Repeat; }

/// What encloses both, from the inside, and fits; 0 when nothing does.
template <typename Fits>
std::size_t shared_above(const XlsForm& form, std::size_t a, std::size_t b, Fits fits) {
  const auto others = above(form, b);
  for (const std::size_t up : above(form, a)) {
    if (up != 0 && fits(up) && std::find(others.begin(), others.end(), up) != others.end()) return up;
  }
  return 0;
}

std::size_t steps_up(const XlsForm& form, std::size_t item, std::size_t to) {
  std::size_t steps = 0;
  for (std::size_t at = item; at != to; at = form.items[at].parent) ++steps;
  return steps;
}

/// "/group/name" from `top`, which itself is left out.
std::string path_below(const XlsForm& form, std::size_t item, std::size_t top) {
  std::string made;
  for (std::size_t at = item; at != top && at != 0; at = form.items[at].parent)
    made.insert(0, "/" + form.items[at].step());
  return made;
}

std::size_t repeat_around(const XlsForm& form, std::size_t item) {
  for (const std::size_t up : above(form, item)) {
    if (is_repeat(form, up)) return up;
  }
  return 0;
}

/// The relative path inside a common repeat; empty when there is none.
std::string relative_path(const XlsForm& form, std::size_t item, std::size_t target, ReferenceStyle style) {
  const std::size_t repeat =
      shared_above(form, item, target, [&](std::size_t up) { return is_repeat(form, up); });
  if (repeat == 0) return {};
  std::size_t top = shared_above(form, item, target, [](std::size_t) { return true; });
  std::size_t steps = steps_up(form, item, top);
  if (style.beside_the_repeat && repeat_around(form, target) == repeat &&
      (repeat_around(form, repeat) == 0 || repeat_around(form, item) != repeat)) {
    top = form.items[repeat].parent;
    steps = steps_up(form, item, repeat) + 1;
  }
  std::string made = style.from_current ? " current()/" : " ";
  for (std::size_t i = 0; i < steps; ++i) made += i == 0 ? ".." : "/..";
  return made + path_below(form, target, top) + " ";
}

/// Whether the reference stands in brackets of a path into another instance.
bool in_instance_predicate(std::string_view text, const Reference& reference) {
  if (text.find("instance(") == std::string_view::npos) return false;
  for (std::size_t open = text.find('['); open != std::string_view::npos; open = text.find('[', open + 1)) {
    const std::size_t close = text.find(']', open);
    if (close == std::string_view::npos) return false;
    if (reference.begin >= open && reference.end <= close + 1) return true;
    open = close;
  }
  return false;
}

/// indexed-repeat() names its instances itself, so that its paths mean all of them.
bool names_instances(std::string_view text, const Reference& reference) {
  constexpr std::string_view kCall = "indexed-repeat(";
  for (std::size_t at = text.find(kCall); at != std::string_view::npos; at = text.find(kCall, at + 1)) {
    const std::size_t close = std::min(text.find(')', at), text.size());
    if (reference.begin < at || reference.end > close) continue;
    const std::string_view before = text.substr(at, reference.begin - at);
    const auto argument = std::count(before.begin(), before.end(), ',');
    return argument == 0 || argument % 2 == 1;
  }
  return false;
}

std::string path_of(const XlsForm& form, std::size_t item, std::string_view text, const Reference& reference,
                    ReferenceStyle style) {
  const auto found = form.by_name.find(reference.name);
  if (reference.name.empty() || found == form.by_name.end() || found->second.size() != 1)
    return std::string(text.substr(reference.begin, reference.end - reference.begin));
  const std::size_t target = found->second.front();
  if (reference.last_saved) return " instance('__last-saved')" + form.items[target].path + " ";
  style.from_current = style.from_current || in_instance_predicate(text, reference);
  std::string path;
  if (!names_instances(text, reference)) path = relative_path(form, item, target, style);
  return path.empty() ? " " + form.items[target].path + " " : path;
}

/// The end of an instance('...') path that begins at `begin`: steps and predicates, until a space outside
/// brackets.
std::size_t instance_path_end(std::string_view text, std::size_t begin) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '[' || c == '(') {
      ++depth;
    } else if (c == ']' || c == ')') {
      if (--depth < 0) return i;
    } else if (c == ' ' && depth == 0) {
      return i;
    }
  }
  return text.size();
}

void add_words(std::vector<XmlElement>& made, std::string_view words) {
  if (words.empty()) return;
  if (!made.empty() && made.back().is_text())
    made.back().text += words;
  else
    made.push_back(XmlElement::words(std::string(words)));
}

std::string told(const std::string& name) { return "${" + name + "}"; }

/// Checks the references of a cell.
void check_cell(XlsForm& form, const Place& place, std::string_view text) {
  for (const Reference& reference : references_in(text)) {
    if (reference.name.empty()) {
      form.fault(place, "xlsform.reference_broken",
                 {{"text", std::string(text.substr(reference.begin, reference.end - reference.begin))},
                  {"example", told("name")}});
      continue;
    }
    const auto found = form.by_name.find(reference.name);
    if (found != form.by_name.end() && found->second.size() == 1) continue;
    if (found != form.by_name.end()) {
      form.fault(place, "xlsform.reference_ambiguous",
                 {{"name", told(reference.name)},
                  {"first", std::to_string(form.items[found->second[0]].row)},
                  {"second", std::to_string(form.items[found->second[1]].row)}});
      continue;
    }
    std::vector<std::string> known;
    for (const auto& [name, items] : form.by_name) known.push_back(name);
    const std::string near = nearest_word(reference.name, known);
    if (near.empty())
      form.fault(place, "xlsform.reference_unknown", {{"name", told(reference.name)}});
    else
      form.fault(place, "xlsform.reference_unknown_near",
                 {{"name", told(reference.name)}, {"near", told(near)}});
  }
}

void check_sheet(XlsForm& form, const HeadedSheet& sheet, const std::set<std::string>& left_out,
                 const std::set<std::string>& only) {
  for (const HeadedRow& row : sheet.rows) {
    for (const auto& [column, text] : row.cells) {
      const std::string& first = column->tokens.front();
      if (left_out.contains(first) || (!only.empty() && !only.contains(first))) continue;
      check_cell(form, {sheet.name, row.row, column->heading}, text);
    }
  }
}

}  // namespace

std::string with_paths(const XlsForm& form, std::size_t item, std::string_view text, ReferenceStyle style) {
  std::string made;
  std::size_t at = 0;
  for (const Reference& reference : references_in(text)) {
    made += text.substr(at, reference.begin - at);
    made += path_of(form, item, text, reference, style);
    at = reference.end;
  }
  return made + std::string(text.substr(at));
}

std::string checked_expression(XlsForm& form, std::size_t item, const FormCell& cell, ReferenceStyle style) {
  std::string made = with_paths(form, item, cell.text, style);
  if (made.find("${") != std::string::npos || trimmed(made).empty()) return made;
  NameTable names;
  const auto parsed = parse_xpath(made, {names, nullptr, true});
  const Place place{form.items[item].sheet, form.items[item].row, cell.column};
  if (!parsed) {
    form.fault(place, "xlsform.expression_broken", {{"text", cell.text}, {"why", parsed.error().message}});
    return made;
  }
  for (const std::string& fault : call_faults(*parsed))
    form.fault(place, "xlsform.expression_fault", {{"text", cell.text}, {"why", fault}});
  return made;
}

std::vector<XmlElement> with_outputs(const XlsForm& form, std::size_t item, std::string_view text) {
  std::vector<XmlElement> made;
  auto output = [&](std::string value) {
    made.push_back(XmlElement{"output", {}, {}, {}}.set("value", std::move(value)));
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t reference = std::min(text.find("${", at), text.size());
    const std::size_t instance = std::min(text.find("instance(", at), text.size());
    const std::size_t next = std::min(reference, instance);
    add_words(made, text.substr(at, next - at));
    if (next == text.size()) break;
    if (next == instance) {
      at = instance_path_end(text, next);
      output(with_paths(form, item, text.substr(next, at - next)));
      continue;
    }
    const Reference found = references_in(text.substr(next)).front();
    at = next + found.end;
    output(with_paths(form, item, text.substr(next, found.end)));
  }
  return made;
}

void check_references(const HeadedSheet& survey, const HeadedSheet& choices, const HeadedSheet& entities,
                      const HeadedSheet& settings, XlsForm& form) {
  check_sheet(form, settings, {"form_title"}, {});
  check_sheet(form, entities, {}, {});
  check_sheet(form, survey, {"type", "name", "trigger"}, {});
  check_sheet(form, choices, {}, {"label", "media"});
}

}  // namespace terreno::forms
