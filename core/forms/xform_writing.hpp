#pragma once

#include "core/forms/xform_itext.hpp"

namespace terreno::forms {

/// What an answer sets off: "when this question is answered, give that one this value".
struct TriggeredValue {
  std::size_t target = 0;
  FormCell value;
  bool geopoint = false;  ///< take a location instead
};
using Triggered = std::map<std::string, std::vector<TriggeredValue>>;

/// The instances that are not the filled form: lists, files, the last visit's answers.
void add_secondary_instances(XlsForm& form, XmlElement& model);
/// Binds, and the actions that happen when a form begins.
void add_binds(XlsForm& form, XmlElement& model);
/// The body; what is asked without a label is a fault.
XmlElement body_of(XlsForm& form);
/// The element of an action of `item` with its value.
XmlElement action_element(XlsForm& form, std::size_t item, const FormAction& action);
/// The items in document order.
std::vector<std::size_t> in_document_order(const XlsForm& form);
/// Whether an appearance asks the app for choices: "search('towns')".
bool uses_search(const FormItem& item);

}  // namespace terreno::forms
