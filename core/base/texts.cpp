#include "core/base/texts.hpp"

#include <algorithm>
#include <iterator>

#include "core/base/error.hpp"

namespace terreno {
namespace {

struct TextRow {
  std::string_view key;
  std::string_view es;
  std::string_view en;
  std::string_view pt;
};

// Sorted by key: tools/generate writes it so.
constexpr TextRow kTexts[] = {
#include "core/base/texts_table.inc"
};

std::string_view pattern(Language language, const TextRow& row) {
  switch (language) {
    case Language::English:
      return row.en;
    case Language::Portuguese:
      return row.pt;
    case Language::Spanish:
      break;
  }
  return row.es;
}

}  // namespace

Language language_from_tag(std::string_view tag) noexcept {
  if (tag.starts_with("en")) return Language::English;
  if (tag.starts_with("pt")) return Language::Portuguese;
  return Language::Spanish;
}

std::string text(Language language, std::string_view key,
                 std::initializer_list<std::pair<std::string_view, std::string>> arguments) {
  const auto* row = std::lower_bound(std::begin(kTexts), std::end(kTexts), key,
                                     [](const TextRow& a, std::string_view b) { return a.key < b; });
  if (row == std::end(kTexts) || row->key != key) {
    throw Error(ErrorCode::Internal, "schema/texts/core.csv has no text " + std::string(key));
  }
  std::string out;
  std::string_view rest = pattern(language, *row);
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    const std::size_t close = rest.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    out += rest.substr(0, open);
    const std::string_view name = rest.substr(open + 1, close - open - 1);
    const auto* argument = std::find_if(arguments.begin(), arguments.end(),
                                        [name](const auto& pair) { return pair.first == name; });
    if (argument != arguments.end()) out += argument->second;
    rest.remove_prefix(close + 1);
  }
  out += rest;
  return out;
}

}  // namespace terreno
