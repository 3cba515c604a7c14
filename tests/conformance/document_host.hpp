#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "core/forms/xml_tree.hpp"
#include "core/forms/xpath_eval.hpp"
#include "core/forms/xpath_host.hpp"
#include "core/forms/xpath_parser.hpp"

namespace terreno::test {

/// Evaluates expressions over a bare XML document, for tests of XPath alone.
class DocumentHost : public forms::XPathHost {
 public:
  explicit DocumentHost(std::string_view xml);

  forms::NameTable& mutable_names() { return names_; }
  forms::NodeTree& document() { return tree_; }
  /// What "/" means from now on.
  void set_root(forms::NodeId root) { root_ = root; }

  const forms::NodeTree& tree(std::uint32_t) const override { return tree_; }
  const forms::NameTable& names() const override { return names_; }
  forms::NodeRef absolute_root() const override { return {0, root_}; }
  forms::NodeRef instance(std::string_view id) override;
  std::int64_t now_ms() const override { return now_ms_; }
  std::int32_t utc_offset_minutes() const override { return offset_minutes_; }
  std::string_view language_tag() const override { return "en"; }
  std::uint64_t random_bits() override { return random_ += 0x9E3779B97F4A7C15U; }
  std::string itext(std::string_view id) override;
  std::string choice_label(std::string_view, std::string_view, forms::NodeRef) override { return {}; }
  std::string form_property(std::string_view) override { return {}; }
  forms::NodeRef bound_node(forms::DefId, forms::NodeRef) const override { return {}; }

  std::int64_t now_ms_ = 1'600'000'000'000;
  std::int32_t offset_minutes_ = 0;
  std::string language_;  ///< of itext; the first one when empty

 private:
  forms::NodeId element_with_id(std::string_view element, std::string_view id, forms::NodeId top) const;
  forms::NameTable names_;
  forms::NodeTree tree_;
  forms::NodeId root_ = 0;
  std::uint64_t random_ = 7;
};

/// Evaluates over `xml` at its root; the text of the value, or "error: ..." .
std::string evaluate(std::string_view expression, std::string_view xml = "<root/>");

}  // namespace terreno::test
