#include "core/forms/xml_tree.hpp"

#include <algorithm>
#include <pugixml.hpp>

#include "core/forms/limits.hpp"

namespace terreno::forms {
namespace {

constexpr unsigned kParseOptions =
    pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_pi | pugi::parse_comments;

/// Depth and size are checked in one walk that does not recurse, so that no document can exhaust the stack
/// later.
const char* excess(const pugi::xml_node& root) {
  std::size_t count = 0;
  std::size_t depth = 0;
  pugi::xml_node node = root.first_child();
  while (node) {
    if (++count > kMaxXmlNodes) return "The document has too many elements.";
    if (node.first_child()) {
      if (++depth > kMaxXmlDepth) return "Elements are nested too deeply.";
      node = node.first_child();
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      if (node == root) return nullptr;
      --depth;
    }
    if (node) node = node.next_sibling();
  }
  return nullptr;
}

std::size_t line_at(std::string_view xml, std::ptrdiff_t offset) {
  const auto end = std::min<std::size_t>(xml.size(), offset < 0 ? 0 : static_cast<std::size_t>(offset));
  return 1 + static_cast<std::size_t>(
                 std::count(xml.begin(), xml.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
}

std::string_view prefix_part(std::string_view qualified) {
  const std::size_t colon = qualified.find(':');
  return colon == std::string_view::npos ? std::string_view{} : qualified.substr(0, colon);
}

bool is_declaration(std::string_view attribute) {
  return attribute == "xmlns" || attribute.substr(0, 6) == "xmlns:";
}

class TreeBuilder {
 public:
  TreeBuilder(NodeTree& tree, NameTable& names, TreeContent content)
      : tree_(tree), names_(names), content_(content) {}

  NodeId element(NodeId parent, const pugi::xml_node& source, const NamespaceMap& outside) {
    const bool declares = std::any_of(source.attributes_begin(), source.attributes_end(),
                                      [](const pugi::xml_attribute& a) { return is_declaration(a.name()); });
    if (!declares) return fill(parent, source, outside);
    return fill(parent, source, namespaces_inside(source, outside));
  }

  void children(NodeId parent, const pugi::xml_node& source, const NamespaceMap& scope) {
    if (content_ == TreeContent::Values) return child_values(parent, source, scope);
    NodeId open_text = kNoNode;  // neighbouring text and CDATA are one text node
    for (const pugi::xml_node& child : source.children()) {
      const bool is_text = child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata;
      if (is_text) {
        if (source.type() == pugi::node_document) continue;
        if (open_text == kNoNode) open_text = leaf(parent, NodeKind::Text, "", "");
        tree_.value(open_text) += child.value();
        continue;
      }
      open_text = kNoNode;
      if (child.type() == pugi::node_element) element(parent, child, scope);
      if (child.type() == pugi::node_comment) leaf(parent, NodeKind::Comment, "", child.value());
      if (child.type() == pugi::node_pi) leaf(parent, NodeKind::Instruction, child.name(), child.value());
    }
  }

 private:
  void child_values(NodeId parent, const pugi::xml_node& source, const NamespaceMap& scope) {
    bool has_elements = false;
    for (const pugi::xml_node& child : source.children()) {
      if (child.type() != pugi::node_element) continue;
      has_elements = true;
      element(parent, child, scope);
    }
    if (has_elements || tree_[parent].kind != NodeKind::Element) return;
    for (const pugi::xml_node& child : source.children()) {
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
        tree_.value(parent) += child.value();
    }
  }

  NodeId leaf(NodeId parent, NodeKind kind, std::string_view name, std::string_view value) {
    const NameId id = names_.intern(name);
    const NodeId node = tree_.make(kind, id, kNoName, id);
    tree_.value(node) = value;
    tree_.append_child(parent, node);
    return node;
  }

  NameId uri_of(std::string_view prefix, const NamespaceMap& scope) {
    if (prefix == "xml") return names_.intern("http://www.w3.org/XML/1998/namespace");
    const auto found = scope.find(prefix);
    return found == scope.end() ? kNoName : names_.intern(found->second);
  }

  NodeId fill(NodeId parent, const pugi::xml_node& source, const NamespaceMap& scope) {
    const std::string_view name = source.name();
    const NodeId node = tree_.make(NodeKind::Element, names_.intern(local_part(name)),
                                   uri_of(prefix_part(name), scope), names_.intern(name));
    tree_.append_child(parent, node);
    for (const pugi::xml_attribute& attribute : source.attributes()) add_attribute(node, attribute, scope);
    if (content_ == TreeContent::Everything) add_namespaces(node, scope);
    children(node, source, scope);
    return node;
  }

  void add_attribute(NodeId node, const pugi::xml_attribute& attribute, const NamespaceMap& scope) {
    const std::string_view name = attribute.name();
    if (is_declaration(name)) return;
    const std::string_view prefix = prefix_part(name);
    const NodeId made = tree_.make(NodeKind::Attribute, names_.intern(local_part(name)),
                                   prefix.empty() ? kNoName : uri_of(prefix, scope), names_.intern(name));
    tree_.value(made) = attribute.value();
    tree_.append_attribute(node, made);
  }

  void add_namespaces(NodeId node, const NamespaceMap& scope) {
    for (const auto& [prefix, uri] : scope) {
      if (uri.empty()) continue;
      add_namespace(node, prefix, uri);
    }
    if (!scope.contains("xml")) add_namespace(node, "xml", "http://www.w3.org/XML/1998/namespace");
  }

  void add_namespace(NodeId node, std::string_view prefix, std::string_view uri) {
    const NameId id = names_.intern(prefix);
    const NodeId made = tree_.make(NodeKind::Namespace, id, kNoName, id);
    tree_.value(made) = uri;
    tree_.append_attribute(node, made);
  }

  NodeTree& tree_;
  NameTable& names_;
  TreeContent content_;
};

}  // namespace

std::string_view local_part(std::string_view qualified) noexcept {
  const std::size_t colon = qualified.find(':');
  return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

NamespaceMap namespaces_inside(const pugi::xml_node& element, const NamespaceMap& outside) {
  NamespaceMap inside = outside;
  for (const pugi::xml_attribute& attribute : element.attributes()) {
    const std::string_view name = attribute.name();
    if (is_declaration(name)) inside[std::string(name == "xmlns" ? "" : name.substr(6))] = attribute.value();
  }
  return inside;
}

NamespaceMap namespaces_at(const pugi::xml_node& element) {
  if (!element || element.type() != pugi::node_element) return {};
  return namespaces_inside(element, namespaces_at(element.parent()));
}

Result<void> parse_xml(std::string_view xml, pugi::xml_document& document) {
  if (xml.size() > kMaxXFormBytes)
    return Error(ErrorCode::FormInvalid, "The form's XML is over its size limit.");
  const pugi::xml_parse_result parsed =
      document.load_buffer(xml.data(), xml.size(), kParseOptions, pugi::encoding_auto);
  if (!parsed) {
    return Error(ErrorCode::FormInvalid, "Line " + std::to_string(line_at(xml, parsed.offset)) +
                                             ": the XML is broken (" + parsed.description() + ").");
  }
  if (const char* what = excess(document)) return Error(ErrorCode::FormInvalid, what);
  return {};
}

void append_xml(NodeTree& tree, NodeId parent, const pugi::xml_node& source, NameTable& names,
                const NamespaceMap& scope, TreeContent content) {
  TreeBuilder(tree, names, content).children(parent, source, scope);
}

NodeId append_element(NodeTree& tree, NodeId parent, const pugi::xml_node& element, NameTable& names,
                      const NamespaceMap& scope, TreeContent content) {
  return TreeBuilder(tree, names, content).element(parent, element, scope);
}

}  // namespace terreno::forms
