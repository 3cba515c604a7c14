#include "core/forms/xlsform_model.hpp"

#include <algorithm>

namespace terreno::forms {
namespace {

const FormCell* cell_named(const std::vector<FormCell>& cells, std::string_view name) {
  const auto found =
      std::find_if(cells.begin(), cells.end(), [name](const FormCell& cell) { return cell.name == name; });
  return found == cells.end() ? nullptr : &*found;
}

bool begins_with(const HeadedColumn& column, std::initializer_list<std::string_view> tokens) {
  return column.tokens.size() >= tokens.size() &&
         std::equal(tokens.begin(), tokens.end(), column.tokens.begin());
}

}  // namespace

std::string column_letters(int column) {
  std::string letters;
  for (int rest = column; rest >= 0; rest = rest / 26 - 1)
    letters.insert(letters.begin(), static_cast<char>('A' + rest % 26));
  return letters;
}

const FormCell* FormItem::bound(std::string_view attribute) const { return cell_named(bind, attribute); }
const FormCell* FormItem::controlled(std::string_view attribute) const {
  return cell_named(control, attribute);
}
std::string FormItem::appearance() const {
  const FormCell* const cell = controlled("appearance");
  return cell ? cell->text : std::string();
}

std::string HeadedRow::at(std::initializer_list<std::string_view> tokens) const {
  for (const auto& [column, text] : cells) {
    if (column->tokens.size() == tokens.size() && begins_with(*column, tokens)) return text;
  }
  return {};
}

std::string HeadedRow::heading(std::initializer_list<std::string_view> tokens) const {
  for (const auto& [column, text] : cells) {
    if (begins_with(*column, tokens)) return column->heading;
  }
  return std::string(*(tokens.end() - 1));
}

FormText HeadedRow::texts(std::initializer_list<std::string_view> tokens) const {
  FormText made;
  for (const auto& [column, text] : cells) {
    if (!begins_with(*column, tokens)) continue;
    if (column->tokens.size() == tokens.size())
      made.plain = text;
    else if (column->tokens.size() == tokens.size() + 1)
      made.languages.emplace_back(column->tokens.back(), text);
  }
  return made;
}

bool HeadedSheet::has(std::string_view first_token) const {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const HeadedColumn& column) { return column.tokens.front() == first_token; });
}

ChoiceList* XlsForm::list_named(std::string_view name) {
  const auto found =
      std::find_if(lists.begin(), lists.end(), [name](const ChoiceList& list) { return list.name == name; });
  return found == lists.end() ? nullptr : &*found;
}

void XlsForm::add(bool error, const Place& place, std::string_view code, Words words) {
  FormIssue issue{error, std::string(code), place.sheet, place.row, place.column, {}, {}};
  const auto number = column_numbers.find({place.sheet, place.column});
  if (place.row > 0 && number != column_numbers.end())
    issue.cell = column_letters(number->second) + std::to_string(place.row);
  issue.message = text(language, code, words);
  issues.push_back(std::move(issue));
}

std::size_t XlsForm::add_item(FormItem item, std::size_t parent) {
  item.parent = parent;
  const std::size_t number = items.size();
  items.push_back(std::move(item));
  items[parent].children.push_back(number);
  return number;
}

void XlsForm::finish_items() {
  by_name.clear();
  // Parents stand before their children, whatever order they were made in.
  std::vector<std::size_t> waiting{0};
  items[0].path = "/" + items[0].name;
  while (!waiting.empty()) {
    const std::size_t number = waiting.back();
    waiting.pop_back();
    for (const std::size_t child : items[number].children) {
      items[child].path = items[number].path + "/" + items[child].step();
      if (items[child].kind == ItemKind::Question || items[child].is_section())
        by_name[items[child].name].push_back(child);
      waiting.push_back(child);
    }
  }
}

}  // namespace terreno::forms
