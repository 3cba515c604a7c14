#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace terreno::forms {

/// How a type of XLSForm becomes XForm: the bind's attributes and the control.
struct QuestionType {
  std::string_view name;        ///< the documented one: "text", "select_one"
  std::string_view control;     ///< element of the body; empty when nothing is asked
  std::string_view media_type;  ///< of an upload
  std::string_view bind_type;
  std::string_view preload;
  std::string_view preload_parameters;
  std::string_view constraint;
  std::string_view hint;
};

/// The type of a survey row apart from selects, groups and osm; null when it is not known. Takes the older
/// spellings too ("q int", "add note prompt").
const QuestionType* question_type(std::string_view spelled);
/// "select_one", "select_multiple", "rank" and "select_one_external".
const QuestionType& select_type(std::string_view name);
const QuestionType& osm_type();
/// Names that an author may have meant.
std::vector<std::string> known_types();

enum class TypeForm : unsigned char { Plain, Begin, End, Select, Osm };

/// A type cell, taken apart: "select_one towns or_other" is a Select of "select_one" with its list.
struct TypeWords {
  TypeForm form = TypeForm::Plain;
  std::string command;     ///< "group", "repeat", "loop"; the canonical select; the plain type
  std::string list;        ///< of a select, loop or osm
  bool from_file = false;  ///< a select_..._from_file
  bool or_other = false;
  std::string written;  ///< the select as the author spelled it, without its list
};
TypeWords type_words(const std::string& cell);

}  // namespace terreno::forms
