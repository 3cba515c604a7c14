#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/forms/xpath_ast.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {

/// What an expression asks of its surroundings: a filling in the field, a bare document in a test.
class XPathHost {
 public:
  virtual ~XPathHost() = default;

  virtual const NodeTree& tree(std::uint32_t index) const = 0;
  virtual const NameTable& names() const = 0;
  /// What "/" means.
  virtual NodeRef absolute_root() const = 0;
  /// The document of a secondary instance; nothing when the form has none of this id.
  virtual NodeRef instance(std::string_view id) = 0;

  virtual std::int64_t now_ms() const = 0;
  virtual std::int32_t utc_offset_minutes() const = 0;
  /// "es", "en", "pt": for the names of months and days.
  virtual std::string_view language_tag() const = 0;
  /// The next bits of the stream that belongs to this question in this filling.
  virtual std::uint64_t random_bits() = 0;

  virtual std::string itext(std::string_view id) = 0;
  /// The label of the choice `value` of the question at `path`, an XPath as text; empty when there is none.
  virtual std::string choice_label(std::string_view path, std::string_view value, NodeRef current) = 0;
  /// "version" or another property of the form itself.
  virtual std::string form_property(std::string_view name) = 0;

  /// The node of `def` in the repeat instances that `current` stands in. Only for expressions bound to a
  /// form.
  virtual NodeRef bound_node(DefId def, NodeRef current) const = 0;
  /// The place of a repeat instance among those of its repeat, from 1; 0 for any other node.
  virtual std::uint32_t position_of(NodeRef) const { return 0; }
  /// Sum of the numbers, and number of the nodes, of a collection of FormModel; nothing where it is not known
  /// without a walk.
  virtual std::optional<double> sum_of(std::uint32_t) { return std::nullopt; }
  virtual std::optional<double> count_of(std::uint32_t) { return std::nullopt; }
};

}  // namespace terreno::forms
