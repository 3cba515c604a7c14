#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace terreno::forms {

/// A value of a JSON document, as lists need it.
struct JsonValue {
  std::string text;  ///< of a string its content, of a number or a word what is written; "null" is empty
  std::vector<JsonValue> items;                            ///< of an array
  std::vector<std::pair<std::string, JsonValue>> members;  ///< of an object, in the order written

  /// Null when the object has no such member.
  const JsonValue* member(std::string_view name) const;
};

/// Reads RFC 8259 within kMaxXmlDepth and kMaxXmlNodes. FormInvalid says what is wrong and in which line.
Result<JsonValue> parse_json(std::string_view json);

}  // namespace terreno::forms
