#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace terreno::forms {

/// An element to be written, or (with an empty name) a text between elements.
struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<XmlElement> children;
  std::string text;  ///< of a text

  static XmlElement words(std::string text) { return {{}, {}, {}, std::move(text)}; }

  /// The last value of an attribute counts.
  XmlElement& set(std::string attribute, std::string value) {
    for (auto& [name, old_value] : attributes) {
      if (name == attribute) return old_value = std::move(value), *this;
    }
    attributes.emplace_back(std::move(attribute), std::move(value));
    return *this;
  }
  XmlElement& add(XmlElement child) {
    children.push_back(std::move(child));
    return *this;
  }
  bool is_text() const { return name.empty(); }
};

/// Two spaces a level; what holds text stays on one line. A text that stands beside elements is set off from
/// its tags by a space, as the field's tools write it.
std::string write_xml(const XmlElement& root);

/// For text and attributes; characters that no XML may hold are left out.
std::string xml_escaped(std::string_view text);

}  // namespace terreno::forms
