#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/forms/node_tree.hpp"

namespace terreno::forms {

/// A node of one of the trees an expression can reach; tree 0 is the document the expression belongs to.
struct NodeRef {
  std::uint32_t tree = 0;
  NodeId node = kNoNode;

  bool operator==(const NodeRef&) const = default;
  bool exists() const { return node != kNoNode; }
};

using NodeSet = std::vector<NodeRef>;

enum class ValueKind : std::uint8_t { Boolean, Number, Text, Date, Nodes };

/// What an expression yields. A Date is a number of days (dates.hpp) that turns into text as a date.
struct Value {
  ValueKind kind = ValueKind::Text;
  bool boolean = false;
  double number = 0;  ///< of a Number; days of a Date, not-a-number when it is no date
  std::string text;
  NodeSet nodes;  ///< in document order unless a function says otherwise

  static Value of_boolean(bool value);
  static Value of_number(double value);
  static Value of_text(std::string value);
  static Value of_date(double days);
  static Value of_nodes(NodeSet nodes);
};

/// XPath's text of a number: no exponent, no trailing zeros, "NaN", "Infinity".
std::string number_to_text(double value);
/// XPath's number() of a text that is no date; false when the text may be one, which needs to know where it
/// is.
bool plain_number(std::string_view text, double& value) noexcept;
/// XPath's number() of a text, and days for a date; NaN when it is neither.
double text_to_number(std::string_view text, std::int32_t utc_offset_minutes) noexcept;
std::string_view trimmed(std::string_view text) noexcept;

}  // namespace terreno::forms
