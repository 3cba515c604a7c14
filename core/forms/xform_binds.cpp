// Binds and the actions of the model.
#include <algorithm>

#include "core/forms/xform_writing.hpp"
#include "core/forms/xlsform_names.hpp"
#include "core/forms/xlsform_references.hpp"

namespace terreno::forms {
namespace {

bool is_expression(std::string_view attribute) {
  return attribute == "readonly" || attribute == "required" || attribute == "relevant" ||
         attribute == "constraint" || attribute == "calculate";
}

class BindWriter {
 public:
  BindWriter(XlsForm& form, std::size_t number) : form_(form), number_(number) {}

  /// An element without attributes when there is nothing to bind.
  XmlElement element() {
    const FormItem item = form_.items[number_];
    XmlElement made{"bind", {}, {}, {}};
    auto put = [&](std::string_view name, std::string_view value) {
      if (!value.empty() && !item.bound(name)) made.set(std::string(name), std::string(value));
    };
    if (item.kind == ItemKind::Question) {
      put("type", item.type.bind_type);
      put("constraint", item.type.constraint);
      put("jr:preload", item.type.preload);
      put("jr:preloadParams", item.type.preload_parameters);
    }
    for (const FormCell& cell : item.bind) add(item, cell, made);
    add_message(item.constraint_message, "jr:constraintMsg", made);
    add_message(item.required_message, "jr:requiredMsg", made);
    add_message(item.no_app_error, "jr:noAppErrorString", made);
    if (!made.attributes.empty()) made.attributes.insert(made.attributes.begin(), {"nodeset", item.path});
    return made;
  }

 private:
  void add(const FormItem& item, const FormCell& cell, XmlElement& made) {
    // A triggered calculation stands in the question that triggers it.
    if (cell.name == "calculate" && !item.triggers.empty()) return;
    if (!is_expression(cell.name)) {
      made.set(cell.name, with_paths(form_, number_, cell.text));
    } else if (is_yes(cell.text) || is_no(cell.text)) {
      made.set(cell.name, is_yes(cell.text) ? "true()" : "false()");
    } else {
      made.set(cell.name, checked_expression(form_, number_, cell));
    }
  }

  void add_message(const FormText& text, const char* name, XmlElement& made) {
    if (text.empty()) return;
    const std::string id = form_.items[number_].path + ":" + name;
    made.set(name, message_needs_itext(text) ? "jr:itext('" + id + "')" : text.plain);
  }

  XlsForm& form_;
  std::size_t number_;
};

}  // namespace

XmlElement action_element(XlsForm& form, std::size_t item, const FormAction& action) {
  XmlElement made{action.element, {}, {}, {}};
  made.set("ref", form.items[item].path).set("event", action.event);
  const FormItem& source = form.items[item];
  std::string value = action.value;
  if (source.dynamic_default)
    value = checked_expression(form, item, FormCell{source.default_value});
  else if (!source.default_value.text.empty())
    value = source.default_value.text;
  if (action.element == "setvalue" && !value.empty()) made.set("value", value);
  for (const auto& [name, text] : action.attributes) made.set(name, text);
  return made;
}

void add_binds(XlsForm& form, XmlElement& model) {
  for (const std::size_t number : in_document_order(form)) {
    XmlElement bind = BindWriter(form, number).element();
    if (!bind.attributes.empty()) model.add(std::move(bind));
    const std::vector<FormAction> actions = form.items[number].actions;
    for (const FormAction& action : actions) {
      if (action.event != "odk-new-repeat") model.add(action_element(form, number, action));
    }
  }
}

}  // namespace terreno::forms
