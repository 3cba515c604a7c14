#include "server/app/arguments.hpp"

#include <algorithm>
#include <charconv>

#include "server/app/cli_text.hpp"

namespace terreno::server {
namespace {

bool contains(std::initializer_list<std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Arguments::Arguments(const std::vector<std::string>& words, std::initializer_list<std::string_view> options,
                     std::initializer_list<std::string_view> flags) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (!word.starts_with("--")) {
      rest_.emplace_back(word);
      continue;
    }
    const std::string name(word.substr(2));
    if (contains(flags, name)) {
      values_[name] = "";
    } else if (contains(options, name)) {
      if (i + 1 >= words.size())
        throw UsageError(cli_text("cli.value_missing", {{"option", std::string(word)}}));
      values_[name] = words[++i];
    } else {
      throw UsageError(cli_text("cli.unknown_option", {{"option", std::string(word)}}));
    }
  }
}

std::string Arguments::get(std::string_view name, std::string_view otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string(otherwise) : found->second;
}

std::string Arguments::need(std::string_view name) const {
  const std::string value = get(name);
  if (value.empty()) throw UsageError(cli_text("cli.option_needed", {{"option", "--" + std::string(name)}}));
  return value;
}

std::int64_t Arguments::number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                               std::int64_t most) const {
  if (!has(name)) return otherwise;
  const std::string value = get(name);
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (failure != std::errc() || end != value.data() + value.size() || number < least || number > most) {
    throw UsageError(cli_text("cli.not_in_range", {{"option", "--" + std::string(name)},
                                                   {"least", std::to_string(least)},
                                                   {"most", std::to_string(most)}}));
  }
  return number;
}

std::string Arguments::only_word(std::string_view what) const {
  if (rest_.size() != 1) throw UsageError(cli_text("cli.word_needed", {{"what", std::string(what)}}));
  return rest_.front();
}

}  // namespace terreno::server
