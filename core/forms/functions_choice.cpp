// Functions over the answers of select questions: space-separated lists of choice names.
#include <array>
#include <cmath>

#include "core/forms/functions.hpp"

namespace terreno::forms {
namespace {

std::vector<std::string_view> items_of(std::string_view list) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::vector<std::string_view> items;
  std::size_t at = 0;
  while ((at = list.find_first_not_of(kSpace, at)) != std::string_view::npos) {
    const std::size_t end = std::min(list.find_first_of(kSpace, at), list.size());
    items.push_back(list.substr(at, end - at));
    at = end;
  }
  return items;
}

bool has_item(std::string_view list, std::string_view wanted) {
  constexpr std::string_view kSpace = " \t\r\n";
  if (wanted.find_first_of(kSpace) != std::string_view::npos) return false;
  for (std::size_t at = list.find(wanted); at != std::string_view::npos; at = list.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool begins = at == 0 || kSpace.find(list[at - 1]) != std::string_view::npos;
    if (begins && (end == list.size() || kSpace.find(list[end]) != std::string_view::npos)) return true;
  }
  return false;
}

Value selected(Call& call) {
  std::string list_scratch;
  std::string wanted_scratch;
  const std::string_view list = call.view(0, list_scratch);
  const std::string_view wanted = trimmed(call.view(1, wanted_scratch));
  if (wanted.empty()) return Value::of_boolean(trimmed(list).empty());
  return Value::of_boolean(has_item(list, wanted));
}

Value selected_at(Call& call) {
  const std::string list = call.text(0);
  const double index = std::trunc(call.number(1));
  const auto items = items_of(list);
  if (!(index >= 0) || index >= static_cast<double>(items.size())) return Value::of_text("");
  return Value::of_text(std::string(items[static_cast<std::size_t>(index)]));
}

Value count_selected(Call& call) {
  return Value::of_number(static_cast<double>(items_of(call.text(0)).size()));
}

Value choice_name(Call& call) {
  return Value::of_text(call.host().choice_label(call.text(1), call.text(0), call.evaluator().current()));
}

constexpr std::array kRows{
    FunctionRow{"selected", 2, 2, selected},          FunctionRow{"is-selected", 2, 2, selected},
    FunctionRow{"selected-at", 2, 2, selected_at},    FunctionRow{"count-selected", 1, 1, count_selected},
    FunctionRow{"jr:choice-name", 2, 2, choice_name},
};

}  // namespace

std::span<const FunctionRow> choice_functions() { return kRows; }

}  // namespace terreno::forms
