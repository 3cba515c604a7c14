#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/forms/compiled_form.hpp"

namespace terreno::forms {

/// What the answers to a question are, for tables.
enum class AnswerKind : std::uint8_t {
  Text,
  Number,
  Date,
  Time,
  DateTime,
  Geopoint,
  Choices,  ///< several of a list, separated by spaces
  Media,    ///< a file's name or hash
  Worked    ///< a calculation without a type of its own: text, and often a number
};

struct OutlineQuestion {
  std::string path;    ///< without the root and without places of repeats: "people/age"
  std::string repeat;  ///< path of the innermost repeat around it; empty at the top
  std::string
      label;  ///< in the language asked for, expressions in it left out; empty for what nobody is asked
  AnswerKind kind = AnswerKind::Text;
};

/// Everything of a form that can hold an answer, in its order: what a table of its answers has as columns.
struct FormOutline {
  std::vector<OutlineQuestion> questions;  ///< notes left out
  std::vector<std::string> repeats;        ///< paths, outer ones first
};

/// `language` as FormSession::questions() takes it.
FormOutline outline(const CompiledForm& form, std::string_view language);

/// "people[2]/age" as "people/age".
std::string without_places(std::string_view path);
/// "people[2]" of "people[2]/age", "homes[1]/people[2]" of "homes[1]/people[2]"; empty outside repeats.
std::string_view instance_of(std::string_view path);

}  // namespace terreno::forms
