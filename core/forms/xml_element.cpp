#include "core/forms/xml_element.hpp"

#include <algorithm>

namespace terreno::forms {
namespace {

void write(const XmlElement& element, const std::string& indent, bool one_line, std::string& out) {
  if (element.is_text()) {
    out += xml_escaped(element.text);
    return;
  }
  const std::string end = one_line ? "" : "\n";
  out += (one_line ? "" : indent) + "<" + element.name;
  for (const auto& [name, value] : element.attributes) out += " " + name + "=\"" + xml_escaped(value) + "\"";
  if (element.children.empty()) {
    out += "/>" + end;
    return;
  }
  const bool has_text = std::any_of(element.children.begin(), element.children.end(),
                                    [](const XmlElement& child) { return child.is_text(); });
  const bool mixed = has_text && element.children.size() > 1;
  out += ">" + std::string(has_text || one_line ? "" : "\n");
  if (mixed && element.children.front().is_text()) out += " ";
  for (const XmlElement& child : element.children) write(child, indent + "  ", has_text || one_line, out);
  if (mixed) out += " ";
  out += (has_text || one_line ? "" : indent) + "</" + element.name + ">" + end;
}

}  // namespace

std::string write_xml(const XmlElement& root) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  write(root, "", false, out);
  return out;
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

}  // namespace terreno::forms
