// Writes an understood XLSForm as ODK XForm XML, in the shape that the field's tools write and read: the
// head.
#include <algorithm>
#include <sstream>

#include "core/forms/xform_writing.hpp"
#include "core/forms/xlsform_names.hpp"
#include "core/forms/xlsform_references.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

std::string setting(const XlsForm& form, const char* name) {
  const auto found = form.settings.find(name);
  return found == form.settings.end() ? std::string() : found->second;
}

/// Writes the filled form as it begins. A repeat is written as the template of new instances and as the one
/// that a filling begins with.
class PrimaryInstance {
 public:
  explicit PrimaryInstance(const XlsForm& form) : form_(form) {}

  XmlElement element() const {
    XmlElement root = section(0, false);
    std::vector<std::pair<std::string, std::string>> attributes = form_.root_attributes;
    attributes.emplace_back("id", form_.form_id);
    add(attributes, "xmlns", setting(form_, "instance_xmlns"));
    add(attributes, "version", form_.version);
    add(attributes, "odk:prefix", setting(form_, "prefix"));
    add(attributes, "odk:delimiter", setting(form_, "delimiter"));
    root.attributes.insert(root.attributes.begin(), attributes.begin(), attributes.end());
    return root;
  }

 private:
  static void add(std::vector<std::pair<std::string, std::string>>& attributes, const char* name,
                  const std::string& value) {
    if (!value.empty()) attributes.emplace_back(name, value);
  }

  XmlElement named(std::size_t number) const {
    XmlElement made{form_.items[number].name, {}, {}, {}};
    for (const FormCell& cell : form_.items[number].instance)
      made.set(cell.name, with_paths(form_, number, cell.text));
    return made;
  }

  /// `has_template`: a repeat around this one is written with its template already.
  XmlElement section(std::size_t number, bool has_template) const {
    XmlElement made = named(number);
    for (const std::size_t child : form_.items[number].children) {
      const FormItem& item = form_.items[child];
      if (item.kind == ItemKind::Attribute) {
        made.set(item.name, item.value);
      } else if (item.kind == ItemKind::Repeat && !has_template) {
        made.add(pattern(child));
        made.add(section(child, true));
      } else {
        made.add(element(child, has_template));
      }
    }
    return made;
  }

  XmlElement element(std::size_t number, bool has_template) const {
    const FormItem& item = form_.items[number];
    if (item.is_section()) return section(number, has_template);
    XmlElement made = named(number);
    if (!item.default_value.text.empty() && !item.dynamic_default)
      made.add(XmlElement::words(item.default_value.text));
    return made;
  }

  XmlElement pattern(std::size_t number) const {
    XmlElement made{form_.items[number].name, {}, {}, {}};
    made.set("jr:template", "");
    for (const std::size_t child : form_.items[number].children)
      made.add(form_.items[child].kind == ItemKind::Repeat ? pattern(child) : element(child, false));
    return made;
  }

  const XlsForm& form_;
};

XmlElement opening(const XlsForm& form) {
  XmlElement html{"h:html", {}, {}, {}};
  html.set("xmlns", "http://www.w3.org/2002/xforms")
      .set("xmlns:h", "http://www.w3.org/1999/xhtml")
      .set("xmlns:ev", "http://www.w3.org/2001/xml-events")
      .set("xmlns:xsd", "http://www.w3.org/2001/XMLSchema")
      .set("xmlns:jr", "http://openrosa.org/javarosa")
      .set("xmlns:orx", "http://openrosa.org/xforms")
      .set("xmlns:odk", "http://www.opendatakit.org/xforms");
  std::istringstream words(setting(form, "namespaces"));
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) continue;
    const std::string name = "xmlns:" + word.substr(0, equals);
    std::string uri = word.substr(equals + 1);
    std::erase_if(uri, [](char c) { return c == '"' || c == '\''; });
    const bool known = std::any_of(html.attributes.begin(), html.attributes.end(),
                                   [&name](const auto& attribute) { return attribute.first == name; });
    if (!known && is_xlsform_name(name)) html.set(name, uri);
  }
  if (!form.entities_version.empty())
    html.set("xmlns:entities", "http://www.opendatakit.org/xforms/entities");
  return html;
}

void add_submission(const XlsForm& form, XmlElement& model) {
  XmlElement submission{"submission", {}, {}, {}};
  if (const std::string url = setting(form, "submission_url"); !url.empty())
    submission.set("action", url).set("method", "post");
  for (const auto& [name, attribute] : {std::pair{"public_key", "base64RsaPublicKey"},
                                        {"auto_send", "orx:auto-send"},
                                        {"auto_delete", "orx:auto-delete"}}) {
    if (const std::string value = setting(form, name); !value.empty()) submission.set(attribute, value);
  }
  if (is_yes(setting(form, "client_editable"))) submission.set("odk:client-editable", "true");
  if (!submission.attributes.empty()) model.add(std::move(submission));
}

}  // namespace

std::vector<std::size_t> in_document_order(const XlsForm& form) {
  std::vector<std::size_t> order;
  std::vector<std::size_t> waiting(form.items[0].children.rbegin(), form.items[0].children.rend());
  while (!waiting.empty()) {
    order.push_back(waiting.back());
    waiting.pop_back();
    const auto& children = form.items[order.back()].children;
    waiting.insert(waiting.end(), children.rbegin(), children.rend());
  }
  return order;
}

std::string write_xform(XlsForm& form) {
  if (form.items.empty()) return {};
  form.finish_items();
  XmlElement model{"model", {}, {}, {}};
  model.set("odk:xforms-version", "1.0.0");
  if (!form.entities_version.empty()) model.set("entities:entities-version", form.entities_version);
  // The body goes first: it finds which lists the app searches.
  XmlElement body = body_of(form);
  add_submission(form, model);
  const ItextTable itext(form);
  if (!itext.empty()) model.add(itext.element());
  model.add(XmlElement{"instance", {}, {PrimaryInstance(form).element()}, {}});
  add_secondary_instances(form, model);
  add_binds(form, model);
  XmlElement html = opening(form);
  XmlElement title{"h:title", {}, {XmlElement::words(form.title)}, {}};
  html.add(XmlElement{"h:head", {}, {std::move(title), std::move(model)}, {}});
  html.add(std::move(body));
  return write_xml(html);
}

}  // namespace terreno::forms
