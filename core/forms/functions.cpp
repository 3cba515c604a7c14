#include "core/forms/functions.hpp"

#include <array>
#include <unordered_map>
#include <vector>

namespace terreno::forms {
namespace {

struct Catalogue {
  std::vector<FunctionRow> rows;
  std::unordered_map<std::string_view, std::uint16_t> by_name;

  Catalogue() {
    for (const auto table : {core_functions(), text_functions(), number_functions(), date_functions(),
                             node_functions(), choice_functions(), geo_functions()}) {
      rows.insert(rows.end(), table.begin(), table.end());
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
      by_name.emplace(rows[i].name, static_cast<std::uint16_t>(i));
  }
};

const Catalogue& catalogue() {
  static const Catalogue instance;
  return instance;
}

}  // namespace

std::uint32_t Call::collection(std::size_t i) const {
  const ExprNode& node = evaluator_.code().nodes[argument(i)];
  return node.op == Op::Path ? evaluator_.code().paths[node.a].collection : kNoCollection;
}

std::vector<std::string> Call::texts_from(std::size_t first) {
  std::vector<std::string> texts;
  for (std::size_t i = first; i < count(); ++i) {
    const Value found = value(i);
    if (found.kind != ValueKind::Nodes) {
      texts.push_back(evaluator_.to_text(found));
      continue;
    }
    for (const NodeRef node : found.nodes) texts.push_back(evaluator_.text_of(node));
  }
  return texts;
}

std::uint16_t function_named(std::string_view name) {
  const auto& names = catalogue().by_name;
  const auto found = names.find(name);
  return found == names.end() ? kUnknownFunction : found->second;
}

const FunctionRow& function_row(std::uint16_t row) { return catalogue().rows[row]; }

bool takes_arguments(std::uint16_t row, std::size_t count) {
  const FunctionRow& function = function_row(row);
  return count >= function.least && (count <= function.most || function.most == kManyArguments);
}

std::string argument_count_fault(std::uint16_t row, std::size_t count) {
  const FunctionRow& function = function_row(row);
  std::string wanted = std::to_string(function.least);
  if (function.most == kManyArguments)
    wanted += " or more";
  else if (function.most != function.least)
    wanted += " to " + std::to_string(function.most);
  return std::string(function.name) + "() takes " + wanted + " arguments, not " + std::to_string(count) + ".";
}

}  // namespace terreno::forms
