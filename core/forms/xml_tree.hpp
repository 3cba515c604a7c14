#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/forms/node_tree.hpp"

namespace pugi {
class xml_node;
class xml_document;
}  // namespace pugi

namespace terreno::forms {

/// Prefix to namespace; "" is the default namespace.
using NamespaceMap = std::map<std::string, std::string, std::less<>>;

/// What of the XML becomes nodes.
enum class TreeContent {
  Values,     ///< elements and attributes; an element without elements keeps its text as its value
  Everything  ///< also text nodes, comments, instructions and namespace nodes, as XPath 1.0 sees a document
};

/// Parses within the limits of limits.hpp. Entities that a DOCTYPE declares are never expanded. The error
/// is FormInvalid with the line and what is wrong there.
Result<void> parse_xml(std::string_view xml, pugi::xml_document& document);

/// Appends the children of `source` under `parent`. `scope` holds the namespaces in force at `source`.
void append_xml(NodeTree& tree, NodeId parent, const pugi::xml_node& source, NameTable& names,
                const NamespaceMap& scope, TreeContent content);

/// As append_xml for one element with its own attributes.
NodeId append_element(NodeTree& tree, NodeId parent, const pugi::xml_node& element, NameTable& names,
                      const NamespaceMap& scope, TreeContent content);

/// The namespaces in force inside `element`: those outside it and those it declares.
NamespaceMap namespaces_inside(const pugi::xml_node& element, const NamespaceMap& outside);

/// All declarations on `element` and above it.
NamespaceMap namespaces_at(const pugi::xml_node& element);

/// "jr:count" gives "count".
std::string_view local_part(std::string_view qualified) noexcept;

}  // namespace terreno::forms
