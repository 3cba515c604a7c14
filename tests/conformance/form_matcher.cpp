#include "tests/conformance/form_matcher.hpp"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace terreno::test {
namespace {

const xmlChar* chars(const std::string& text) { return reinterpret_cast<const xmlChar*>(text.c_str()); }
std::string words(const xmlChar* text) { return text ? reinterpret_cast<const char*>(text) : ""; }

struct Attribute {
  std::string uri, name, value;
  xmlNs* space = nullptr;
};

/// Attributes without a namespace first, each kind by its name.
void sort_attributes(xmlNode* element) {
  std::vector<Attribute> all;
  while (element->properties != nullptr) {
    xmlAttr* const attribute = element->properties;
    xmlChar* const value = xmlNodeListGetString(element->doc, attribute->children, 1);
    all.push_back({attribute->ns ? words(attribute->ns->href) : "", words(attribute->name), words(value),
                   attribute->ns});
    xmlFree(value);
    xmlRemoveProp(attribute);
  }
  std::sort(all.begin(), all.end(), [](const Attribute& a, const Attribute& b) {
    return std::pair(a.uri, a.name) < std::pair(b.uri, b.name);
  });
  for (const Attribute& attribute : all)
    xmlNewNsProp(element, attribute.space, chars(attribute.name), chars(attribute.value));
}

void sort_all(xmlNode* first) {
  for (xmlNode* node = first; node != nullptr; node = node->next) {
    if (node->type == XML_ELEMENT_NODE) sort_attributes(node);
    sort_all(node->children);
  }
}

std::string dump(xmlDoc* document, xmlNode* node) {
  xmlBuffer* const buffer = xmlBufferCreate();
  xmlNodeDump(buffer, document, node, 0, 0);
  std::string made = words(xmlBufferContent(buffer));
  xmlBufferFree(buffer);
  return made;
}

void quiet(void*, const char*, ...) {}

}  // namespace

struct FormMatcher::State {
  xmlDoc* document = nullptr;
  xmlXPathContext* context = nullptr;

  xmlXPathObject* evaluate(const std::string& xpath) const {
    context->node = xmlDocGetRootElement(document);
    xmlXPathObject* const found = xmlXPathEvalExpression(chars(xpath), context);
    if (found == nullptr) throw std::runtime_error("no XPath: " + xpath);
    return found;
  }
};

FormMatcher::FormMatcher(const std::string& xml) : state_(std::make_unique<State>()) {
  xmlSetGenericErrorFunc(nullptr, quiet);
  state_->document = xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "form.xml", nullptr,
                                   XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  if (state_->document == nullptr) throw std::runtime_error("the converted form is no XML");
  sort_all(xmlDocGetRootElement(state_->document));
  state_->context = xmlXPathNewContext(state_->document);
  for (const auto& [prefix, uri] : {std::pair<std::string, std::string>{"x", "http://www.w3.org/2002/xforms"},
                                    {"h", "http://www.w3.org/1999/xhtml"},
                                    {"ev", "http://www.w3.org/2001/xml-events"},
                                    {"xsd", "http://www.w3.org/2001/XMLSchema"},
                                    {"jr", "http://openrosa.org/javarosa"},
                                    {"orx", "http://openrosa.org/xforms"},
                                    {"odk", "http://www.opendatakit.org/xforms"},
                                    {"entities", "http://www.opendatakit.org/xforms/entities"}})
    xmlXPathRegisterNs(state_->context, chars(prefix), chars(uri));
  for (xmlNs* own = xmlDocGetRootElement(state_->document)->nsDef; own != nullptr; own = own->next) {
    if (own->prefix != nullptr) xmlXPathRegisterNs(state_->context, own->prefix, own->href);
  }
}

FormMatcher::~FormMatcher() {
  xmlXPathFreeContext(state_->context);
  xmlFreeDoc(state_->document);
}

std::size_t FormMatcher::count(const std::string& xpath) const {
  xmlXPathObject* const found = state_->evaluate(xpath);
  const auto count =
      found->type == XPATH_NODESET && found->nodesetval != nullptr ? found->nodesetval->nodeNr : 0;
  xmlXPathFreeObject(found);
  return static_cast<std::size_t>(count);
}

std::set<std::string> FormMatcher::written(const std::string& xpath) const {
  xmlXPathObject* const found = state_->evaluate(xpath);
  std::set<std::string> made;
  if (found->type == XPATH_NODESET && found->nodesetval != nullptr) {
    for (int i = 0; i < found->nodesetval->nodeNr; ++i) {
      xmlNode* const node = found->nodesetval->nodeTab[i];
      if (node->type == XML_ELEMENT_NODE) {
        made.insert(dump(state_->document, node));
        continue;
      }
      xmlChar* const value = xmlNodeGetContent(node);
      made.insert(words(value));
      xmlFree(value);
    }
  }
  xmlXPathFreeObject(found);
  return made;
}

std::string FormMatcher::text(const std::string& element) const {
  if (element.empty()) return dump(state_->document, xmlDocGetRootElement(state_->document));
  xmlXPathObject* const found = state_->evaluate("(//x:" + element + ")[1]");
  std::string made;
  if (found->nodesetval != nullptr && found->nodesetval->nodeNr > 0)
    made = dump(state_->document, found->nodesetval->nodeTab[0]);
  xmlXPathFreeObject(found);
  return made;
}

}  // namespace terreno::test
