// Writes an understood XLSForm as ODK XForm XML, in the shape that the field's tools write and read.
#include <algorithm>
#include <functional>

#include "core/forms/xlsform_model.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

constexpr std::string_view kOpening =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:ev="http://www.w3.org/2001/xml-events" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:orx="http://openrosa.org/xforms" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
)";

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + xml_escaped(value) + "\"";
}

bool is_select(const FormItem& item) {
  return item.type && (item.type->control == "select1" || item.type->control == "select" ||
                       item.type->control == "odk:rank");
}

/// A default that must be computed: it refers to a question or calls a function.
bool is_dynamic(const std::string& text) {
  if (text.find("${") != std::string::npos) return true;
  const std::size_t open = text.find('(');
  return open != std::string::npos && open > 0 && text.back() == ')' && text.find(' ') > open;
}

class Writer {
 public:
  explicit Writer(XlsForm& form) : form_(form) {}

  std::string run() {
    for (std::size_t i = 1; i < form_.items.size(); ++i) form_.by_name[form_.items[i].name].push_back(i);
    name_counters();
    // Binds and body come first: they find which texts, actions and lists there are.
    for (const std::size_t child : form_.items[0].children) binds(child);
    for (const std::size_t child : form_.items[0].children) body(child, 1);
    std::string out(kOpening);
    out += "<h:head>\n<h:title>" + xml_escaped(form_.title) +
           "</h:title>\n<model odk:xforms-version=\"1.0.0\">\n";
    out += itext();
    out += primary();
    out += lists();
    out +=
        binds_ + instance_name_bind() +
        "<bind nodeset=\"/data/meta/instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/>\n";
    out += actions_ + "</model>\n</h:head>\n<h:body";
    if (!form_.style.empty()) out += attribute("class", form_.style);
    out += ">\n" + body_ + "</h:body>\n</h:html>\n";
    return out;
  }

 private:
  /// A repeat count that is more than a reference gets a question of its own, since jr:count takes only a
  /// path.
  void name_counters() {
    for (std::size_t i = 1; i < form_.items.size(); ++i) {
      const std::string text(trimmed(form_.items[i].repeat_count.text));
      if (form_.items[i].kind != ItemKind::Repeat || text.empty()) continue;
      const bool is_reference = text.starts_with("${") && text.find('}') == text.size() - 1;
      if (!is_reference) counters_[i] = form_.items[i].name + "_count";
    }
  }

  std::string counter_path(std::size_t repeat) const {
    return form_.items[form_.items[repeat].parent].path + "/" + counters_.at(repeat);
  }

  // ---- texts ----

  /// Registers a text under an id; gives the reference to it, or nothing when it is empty.
  std::string text_reference(std::size_t item, const Translations& text, const std::string& id,
                             const std::string& column) {
    if (text.empty()) return {};
    texts_.emplace_back(id, std::map<std::string, std::string>());
    for (const auto& [language, words] : text) {
      texts_.back().second[language.empty() ? form_.default_language : language] =
          with_outputs(item, words, column);
    }
    for (const std::string& language : form_.languages) {
      if (!text.contains(language) && !(language == form_.default_language && text.contains(""))) {
        form_.warn("survey", form_.items[item].row, column + "::" + language,
                   "'" + form_.items[item].name + "' has no text in " + language +
                       "; the default language is shown.");
      }
    }
    return "jr:itext('" + id + "')";
  }

  /// Escapes a text and turns each ${name} in it into <output/>.
  std::string with_outputs(std::size_t item, const std::string& words, const std::string& column) {
    std::string made;
    std::size_t at = 0;
    for (std::size_t open = words.find("${"); open != std::string::npos; open = words.find("${", at)) {
      const std::size_t close = words.find('}', open);
      if (close == std::string::npos) break;
      made += xml_escaped(words.substr(at, open - at));
      const auto target =
          referred_item(form_, item, std::string(trimmed(words.substr(open + 2, close - open - 2))), column);
      if (target)
        made += "<output value=\"" + xml_escaped(reference_path(form_, item, *target, false)) + "\"/>";
      at = close + 1;
    }
    return made + xml_escaped(words.substr(at));
  }

  std::string text_element(std::size_t item, const char* element, const Translations& text,
                           const std::string& suffix, const std::string& column) {
    if (text.empty()) return {};
    const std::string name(element);
    if (form_.languages.empty())
      return "<" + name + ">" + with_outputs(item, text.begin()->second, column) + "</" + name + ">\n";
    return "<" + name +
           attribute("ref", text_reference(item, text, form_.items[item].path + ":" + suffix, column)) +
           "/>\n";
  }

  std::string message_attribute(std::size_t item, const char* name, const Translations& text,
                                const std::string& column) {
    if (text.empty()) return {};
    if (form_.languages.empty()) return attribute(name, text.begin()->second);
    return attribute(name, text_reference(item, text, form_.items[item].path + ":" + name, column));
  }

  std::string itext() const {
    if (form_.languages.empty()) return {};
    std::string out = "<itext>\n";
    for (const std::string& language : form_.languages) {
      out += "<translation" + attribute("lang", language) +
             (language == form_.default_language ? " default=\"true()\"" : "") + ">\n";
      for (const auto& [id, by_language] : texts_) {
        const auto found = by_language.find(language);
        const auto fallback = by_language.find(form_.default_language);
        const auto any = found != by_language.end()      ? found
                         : fallback != by_language.end() ? fallback
                                                         : by_language.begin();
        out += "<text" + attribute("id", id) + "><value>" + any->second + "</value></text>\n";
      }
      out += "</translation>\n";
    }
    return out + "</itext>\n";
  }

  // ---- instances ----

  std::string primary() const {
    std::string out = "<instance>\n<data" + attribute("id", form_.form_id);
    if (!form_.version.empty()) out += attribute("version", form_.version);
    out += ">\n";
    for (const std::size_t child : form_.items[0].children) out += instance_node(child);
    out += "<meta>\n<instanceID/>\n";
    if (!form_.instance_name.empty()) out += "<instanceName/>\n";
    return out + "</meta>\n</data>\n</instance>\n";
  }

  /// A repeat is written twice: as the template of new instances, and as the one that a filling begins with.
  std::string instance_node(std::size_t number, bool with_templates = true) const {
    const FormItem& item = form_.items[number];
    std::string attributes;
    for (const auto& [name, value] : item.instance_attributes) attributes += attribute(name, value);
    if (item.kind == ItemKind::Question) {
      const std::string value(trimmed(item.default_value.text));
      if (value.empty() || is_dynamic(value)) return "<" + item.name + attributes + "/>\n";
      return "<" + item.name + attributes + ">" + xml_escaped(value) + "</" + item.name + ">\n";
    }
    auto element = [&](const std::string& mark, bool templates_inside) {
      std::string inside;
      for (const std::size_t child : item.children) inside += instance_node(child, templates_inside);
      return "<" + item.name + attributes + mark + ">\n" + inside + "</" + item.name + ">\n";
    };
    std::string out;
    if (counters_.contains(number)) out += "<" + counters_.at(number) + "/>\n";
    if (item.kind != ItemKind::Repeat) return out + element("", with_templates);
    if (with_templates) out += element(" jr:template=\"\"", true);
    return out + element("", false);
  }

  std::string lists() const {
    std::string out;
    if (form_.reads_case) out += "<instance id=\"case\" src=\"jr://instance/case\"/>\n";
    for (const std::string& file : files_) {
      const std::string_view extension = file.ends_with(".csv") ? "file-csv" : "file";
      out += "<instance" + attribute("id", file.substr(0, file.rfind('.'))) +
             attribute("src", "jr://" + std::string(extension) + "/" + file) + "/>\n";
    }
    for (const auto& [name, rows] : form_.lists) {
      if (!used_lists_.contains(name)) continue;
      out += "<instance" + attribute("id", name) + ">\n<root>\n";
      for (std::size_t i = 0; i < rows.size(); ++i) out += list_item(name, rows[i], i);
      out += "</root>\n</instance>\n";
    }
    return out;
  }

  std::string list_item(const std::string& list, const ChoiceRow& row, std::size_t number) const {
    std::string out = "<item>";
    if (!form_.languages.empty() && !row.label.empty())
      out += "<itextId>" + list + "-" + std::to_string(number) + "</itextId>";
    out += "<name>" + xml_escaped(row.name) + "</name>";
    if (form_.languages.empty() && !row.label.empty())
      out += "<label>" + xml_escaped(row.label.begin()->second) + "</label>";
    for (const auto& [name, value] : row.extra)
      out += "<" + name + ">" + xml_escaped(value) + "</" + name + ">";
    return out + "</item>\n";
  }

  void use_list(const std::string& list) {
    if (!used_lists_.insert(list).second || form_.languages.empty()) return;
    const auto found = form_.lists.find(list);
    if (found == form_.lists.end()) return;
    for (std::size_t i = 0; i < found->second.size(); ++i) {
      if (found->second[i].label.empty()) continue;
      texts_.emplace_back(list + "-" + std::to_string(i), std::map<std::string, std::string>());
      for (const auto& [language, words] : found->second[i].label) {
        texts_.back().second[language.empty() ? form_.default_language : language] = xml_escaped(words);
      }
      for (const std::string& language : form_.languages) {
        const bool has = found->second[i].label.contains(language) ||
                         (language == form_.default_language && found->second[i].label.contains(""));
        if (!has)
          form_.warn("choices", found->second[i].row, "label::" + language,
                     "The choice '" + found->second[i].name + "' has no text in " + language +
                         "; the default language is shown.");
      }
    }
  }

  // ---- binds ----

  void binds(std::size_t number) {
    const FormItem item = form_.items[number];
    if (counters_.contains(number)) {
      const std::string count = resolved_expression(form_, number, item.repeat_count, false);
      binds_ += "<bind" + attribute("nodeset", counter_path(number)) +
                " type=\"string\" readonly=\"true()\"" + attribute("calculate", count) + "/>\n";
    }
    std::string out = "<bind" + attribute("nodeset", item.path);
    if (item.type) out += attribute("type", bind_type(item));
    out += condition(number, "relevant", item.relevant);
    if (item.type)
      out += question_conditions(number, item);
    else if (!trimmed(item.read_only.text).empty())
      out += condition(number, "readonly", item.read_only);
    for (const auto& [name, value] : item.bind_attributes) out += attribute(name, value);
    const bool says_nothing = !item.type && trimmed(item.relevant.text).empty() &&
                              trimmed(item.read_only.text).empty() && item.bind_attributes.empty();
    if (!says_nothing) binds_ += out + "/>\n";
    for (const std::size_t child : item.children) binds(child);
  }

  std::string_view bind_type(const FormItem& item) const {
    if (item.type->name != "range") return item.type->bind_type;
    for (const auto& [name, value] : item.parameters) {
      if (value.find('.') != std::string::npos) return "decimal";
    }
    return item.type->bind_type;
  }

  std::string condition(std::size_t number, const char* name, const Formula& cell) {
    const std::string made = resolved_condition(form_, number, cell);
    return made.empty() ? std::string() : attribute(name, made);
  }

  std::string question_conditions(std::size_t number, const FormItem& item) {
    std::string out = condition(number, "required", item.required);
    out += message_attribute(number, "jr:requiredMsg", item.required_message, "required_message");
    if (!trimmed(item.constraint.text).empty()) {
      const std::string made = resolved_expression(form_, number, item.constraint, false);
      if (!made.empty()) out += attribute("constraint", made);
    }
    out += message_attribute(number, "jr:constraintMsg", item.constraint_message, "constraint_message");
    out += item.type->name == "note" ? std::string(" readonly=\"true()\"")
                                     : condition(number, "readonly", item.read_only);
    if (!item.type->preload.empty()) {
      out += attribute("jr:preload", item.type->preload) +
             attribute("jr:preloadParams", item.type->preload_parameters);
    }
    return out + calculation(number, item);
  }

  std::string calculation(std::size_t number, const FormItem& item) {
    if (is_dynamic(std::string(trimmed(item.default_value.text)))) default_action(number, item);
    if (trimmed(item.calculation.text).empty()) return {};
    const std::string made = resolved_expression(form_, number, item.calculation, false);
    if (made.empty()) return {};
    if (trimmed(item.trigger.text).empty()) return attribute("calculate", made);
    trigger_action(number, item, made);
    return {};
  }

  void default_action(std::size_t number, const FormItem& item) {
    const std::string made = resolved_expression(form_, number, item.default_value, false);
    std::size_t repeat = number;
    while (repeat != 0 && form_.items[repeat].kind != ItemKind::Repeat) repeat = form_.items[repeat].parent;
    const std::string action = attribute("ref", item.path) + attribute("value", made) + "/>\n";
    if (repeat == 0)
      actions_ += "<setvalue event=\"odk-instance-first-load\"" + action;
    else
      nested_actions_[repeat] += "<setvalue event=\"odk-instance-first-load odk-new-repeat\"" + action;
  }

  /// The column trigger: recompute only when that question is answered.
  void trigger_action(std::size_t number, const FormItem& item, const std::string& value) {
    std::string name(trimmed(item.trigger.text));
    if (name.starts_with("${") && name.ends_with('}')) name = name.substr(2, name.size() - 3);
    const auto target = referred_item(form_, number, name, "trigger");
    if (target)
      nested_actions_[*target] += "<setvalue event=\"xforms-value-changed\"" + attribute("ref", item.path) +
                                  attribute("value", value) + "/>\n";
  }

  std::string instance_name_bind() {
    if (form_.instance_name.empty()) return {};
    const std::string made = resolved_expression(form_, 0, {form_.instance_name, "instance_name"}, false);
    return "<bind nodeset=\"/data/meta/instanceName\" type=\"string\"" + attribute("calculate", made) +
           "/>\n";
  }

  // ---- body ----

  void body(std::size_t number, int depth) {
    const FormItem& item = form_.items[number];
    if (item.kind == ItemKind::Question) {
      if (!item.type->control.empty()) body_ += control(number);
      return;
    }
    const FormItem copy = item;
    body_ += "<group" + attribute("ref", copy.path) + appearance(copy) + ">\n";
    body_ += text_element(number, "label", copy.label, "label", "label");
    if (copy.kind == ItemKind::Repeat) {
      body_ += "<repeat" + attribute("nodeset", copy.path) + count(number) + ">\n";
      if (const auto found = nested_actions_.find(number); found != nested_actions_.end())
        body_ += found->second;
    }
    for (const std::size_t child : copy.children) body(child, depth + 1);
    if (copy.kind == ItemKind::Repeat) body_ += "</repeat>\n";
    body_ += "</group>\n";
  }

  std::string count(std::size_t number) {
    if (counters_.contains(number)) return attribute("jr:count", counter_path(number));
    const FormItem& item = form_.items[number];
    if (trimmed(item.repeat_count.text).empty()) return {};
    return attribute("jr:count", trimmed(resolved_expression(form_, number, item.repeat_count, false)));
  }

  static std::string appearance(const FormItem& item) {
    std::string out;
    if (!item.appearance.empty()) out += attribute("appearance", item.appearance);
    for (const auto& [name, value] : item.body_attributes) out += attribute(name, value);
    return out;
  }

  std::string control(std::size_t number) {
    const FormItem item = form_.items[number];
    const std::string element(item.type->control);
    std::string out = "<" + element + attribute("ref", item.path) + appearance(item);
    if (!item.type->media_type.empty()) out += attribute("mediatype", item.type->media_type);
    for (const auto& [name, value] : item.parameters) {
      if (!is_select(item)) out += attribute(name == "max-pixels" ? "orx:max-pixels" : name, value);
    }
    out += ">\n";
    out += text_element(number, "label", item.label, "label", "label");
    out += text_element(number, "hint", item.hint, "hint", "hint");
    if (is_select(item)) out += itemset(number, item);
    if (const auto found = nested_actions_.find(number); found != nested_actions_.end()) out += found->second;
    return out + "</" + element + ">\n";
  }

  std::string itemset(std::size_t number, const FormItem& item) {
    std::string nodeset = "instance('" +
                          (item.list_is_file ? item.list.substr(0, item.list.rfind('.')) : item.list) +
                          "')/root/item";
    if (item.list_is_file)
      files_.insert(item.list);
    else
      use_list(item.list);
    if (!trimmed(item.choice_filter.text).empty())
      nodeset += "[" + resolved_expression(form_, number, item.choice_filter, true) + "]";
    const auto randomize = item.parameters.find("randomize");
    if (randomize != item.parameters.end() && randomize->second == "true") {
      const auto seed = item.parameters.find("seed");
      nodeset = "randomize(" + nodeset +
                (seed == item.parameters.end()
                     ? ""
                     : "," + resolved_expression(form_, number, {seed->second, "parameters"}, false)) +
                ")";
    }
    auto named = [&item](const char* parameter, const char* otherwise) {
      const auto found = item.parameters.find(parameter);
      return found == item.parameters.end() ? std::string(otherwise) : found->second;
    };
    const bool translated = !form_.languages.empty() && !item.list_is_file;
    const std::string label = translated ? "jr:itext(itextId)" : named("label", "label");
    return "<itemset" + attribute("nodeset", nodeset) + ">\n<value" +
           attribute("ref", named("value", "name")) + "/>\n<label" + attribute("ref", label) +
           "/>\n</itemset>\n";
  }

  XlsForm& form_;
  std::map<std::size_t, std::string> counters_;
  std::vector<std::pair<std::string, std::map<std::string, std::string>>> texts_;
  std::set<std::string> used_lists_;
  std::set<std::string> files_;
  std::map<std::size_t, std::string> nested_actions_;
  std::string binds_;
  std::string actions_;
  std::string body_;
};

}  // namespace

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
        // Control characters are no XML at all.
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

std::string write_xform(XlsForm& form) { return Writer(form).run(); }

}  // namespace terreno::forms
