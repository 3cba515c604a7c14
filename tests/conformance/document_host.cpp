#include "tests/conformance/document_host.hpp"

namespace terreno::test {

using forms::kNoNode;
using forms::NodeId;

DocumentHost::DocumentHost(std::string_view xml) {
  pugi::xml_document parsed;
  forms::parse_xml(xml, parsed).value();
  forms::append_xml(tree_, 0, parsed, names_, {}, forms::TreeContent::Everything);
}

NodeId DocumentHost::element_with_id(std::string_view element, std::string_view id, NodeId top) const {
  for (NodeId node = top; node != kNoNode; node = tree_.next_in_document(node, top)) {
    if (names_.text(tree_[node].local) != element) continue;
    if (id.empty()) return node;
    for (NodeId a = tree_[node].first_attribute; a != kNoNode; a = tree_[a].next) {
      const std::string& name = names_.text(tree_[a].local);
      if ((name == "id" || name == "lang") && tree_.value(a) == id) return node;
    }
  }
  return kNoNode;
}

forms::NodeRef DocumentHost::instance(std::string_view id) { return {0, element_with_id("instance", id, 0)}; }

std::string DocumentHost::itext(std::string_view id) {
  const NodeId translation = element_with_id("translation", language_, 0);
  if (translation == kNoNode) return {};
  const NodeId text = element_with_id("text", id, translation);
  if (text == kNoNode) return {};
  const NodeId value = element_with_id("value", "", text);
  return value == kNoNode ? std::string() : tree_.string_value(value);
}

std::string evaluate(std::string_view expression, std::string_view xml) {
  DocumentHost host(xml);
  const auto parsed = forms::parse_xpath(expression, {host.mutable_names(), nullptr, true});
  if (!parsed) return "error: " + parsed.error().message;
  forms::Evaluator evaluator(*parsed, host, host.absolute_root());
  const auto value = evaluator.run();
  return value ? evaluator.to_text(*value) : "error: " + value.error().message;
}

}  // namespace terreno::test
