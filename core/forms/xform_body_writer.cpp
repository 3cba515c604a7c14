// The body of a form: what is asked, in which groups, with which choices.
#include <algorithm>

#include "core/forms/xform_writing.hpp"
#include "core/forms/xlsform_names.hpp"
#include "core/forms/xlsform_references.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

bool has_choices(const FormItem& item) {
  return item.type.control == "select1" || item.type.control == "select" || item.type.control == "odk:rank";
}

XmlElement words_element(const char* name, std::vector<XmlElement> content) {
  return {name, {}, std::move(content), {}};
}

class BodyWriter {
 public:
  explicit BodyWriter(XlsForm& form) : form_(form) {
    for (const std::size_t number : in_document_order(form_)) {
      const FormItem& item = form_.items[number];
      for (const std::string& trigger : item.triggers) {
        const FormCell* const value = item.bound("calculate");
        triggered_[trigger].push_back(
            {number, value ? *value : FormCell{}, item.type.name == "background-geopoint"});
      }
    }
    mark_searched_lists();
  }

  XmlElement element() {
    XmlElement body{"h:body", {}, {}, {}};
    if (!form_.style.empty()) body.set("class", form_.style);
    add_children(0, body);
    return body;
  }

 private:
  Place place(const FormItem& item, const char* column) const { return {item.sheet, item.row, column}; }

  // ---- search() ----

  /// Choices that the app adds to stand in the body; a list cannot be both there and in an instance.
  void mark_searched_lists() {
    std::map<std::string, std::string> elsewhere;
    for (const std::size_t number : in_document_order(form_)) {
      const FormItem& item = form_.items[number];
      if (has_choices(item) && !uses_search(item)) elsewhere.emplace(item.list, item.name);
    }
    for (const std::size_t number : in_document_order(form_)) {
      const FormItem& item = form_.items[number];
      if (!has_choices(item) || !uses_search(item)) continue;
      if (is_list_extension(file_extension(item.list)))
        form_.fault(place(item, "appearance"), "xlsform.search_in_file", {{"name", item.name}});
      ChoiceList* const list = form_.list_named(item.list);
      if (!list) continue;
      list->used_by_search = true;
      if (const auto other = elsewhere.find(item.list); other != elsewhere.end())
        form_.fault(place(item, "appearance"), "xlsform.search_list_shared",
                    {{"name", item.name}, {"list", item.list}, {"other", other->second}});
    }
  }

  // ---- texts ----

  XmlElement label(std::size_t number) const {
    const FormItem& item = form_.items[number];
    if (label_needs_itext(item)) {
      XmlElement made{"label", {}, {}, {}};
      return made.set("ref", "jr:itext('" + item.path + ":label')");
    }
    return words_element("label", with_outputs(form_, number, item.label.plain));
  }

  XmlElement hint(std::size_t number) const {
    const FormItem& item = form_.items[number];
    if (item.hint.translated() || !item.guidance.empty()) {
      XmlElement made{"hint", {}, {}, {}};
      return made.set("ref", "jr:itext('" + item.path + ":hint')");
    }
    const std::string words = item.hint.plain.empty() ? std::string(item.type.hint) : item.hint.plain;
    return words_element("hint", with_outputs(form_, number, words));
  }

  void add_texts(std::size_t number, XmlElement& control) {
    const FormItem& item = form_.items[number];
    const bool hinted = !item.hint.empty() || !item.guidance.empty() || !item.type.hint.empty();
    const bool labelled = !item.label.empty() || !item.media.empty();
    if (!labelled && item.hint.empty() && item.type.hint.empty()) {
      if (item.appearance() != "label")
        return form_.fault(place(item, "label"), "xlsform.label_missing", {{"name", item.name}});
      // A question that only heads others may have no words of its own.
      control.add(words_element("label", {XmlElement::words(" ")}));
      return;
    }
    control.add(label(number));
    if (hinted) control.add(hint(number));
    const auto has_media = [&item](std::string_view kind) {
      return std::any_of(item.media.begin(), item.media.end(),
                         [kind](const auto& media) { return media.first == kind; });
    };
    if (has_media("big-image") && !has_media("image"))
      form_.fault(place(item, "big-image"), "xlsform.big_image_alone", {{"name", item.name}});
  }

  // ---- groups and repeats ----

  void add_children(std::size_t number, XmlElement& parent) {
    const std::vector<std::size_t> children = form_.items[number].children;
    for (const std::size_t child : children) {
      const FormItem& item = form_.items[child];
      if (item.hidden) continue;
      if (item.kind == ItemKind::Group) parent.add(group(child));
      if (item.kind == ItemKind::Repeat) parent.add(repeat(child));
      if (item.kind == ItemKind::Question) add_question(child, parent);
    }
  }

  XmlElement group(std::size_t number) {
    const FormItem item = form_.items[number];
    XmlElement made{"group", {}, {}, {}};
    made.set("ref", item.path);
    add_attributes(number, item, made);
    if (!item.label.empty()) made.add(label(number));
    add_children(number, made);
    return made;
  }

  XmlElement repeat(std::size_t number) {
    const FormItem item = form_.items[number];
    XmlElement inner{"repeat", {}, {}, {}};
    inner.set("nodeset", item.path);
    add_attributes(number, item, inner);
    add_children(number, inner);
    for (const std::size_t below : in_document_order(form_)) {
      if (nearest_repeat(below) != number || form_.items[below].is_section()) continue;
      const std::vector<FormAction> actions = form_.items[below].actions;
      for (const FormAction& action : actions) {
        if (action.event == "odk-new-repeat") inner.add(action_element(form_, below, action));
      }
    }
    XmlElement made{"group", {}, {}, {}};
    made.set("ref", item.path);
    made.add(label(number));
    made.add(std::move(inner));
    return made;
  }

  std::size_t nearest_repeat(std::size_t number) const {
    for (std::size_t up = number; up != 0;) {
      up = form_.items[up].parent;
      if (up != 0 && form_.items[up].kind == ItemKind::Repeat) return up;
    }
    return 0;
  }

  void add_attributes(std::size_t number, const FormItem& item, XmlElement& made) {
    for (const FormCell& cell : item.control) {
      std::string text = with_paths(form_, number, cell.text);
      if (cell.name == "jr:count") text = with_paths(form_, number, cell.text);
      made.set(cell.name, std::move(text));
    }
  }

  // ---- questions ----

  bool is_silent(const FormItem& item) const {
    if (item.type.name == "calculate") return true;
    const bool computed = item.bound("calculate") || !item.triggers.empty();
    return computed && item.label.empty() && item.hint.empty() && item.type.hint.empty();
  }

  void add_question(std::size_t number, XmlElement& parent) {
    const FormItem item = form_.items[number];
    const auto found = triggered_.find(item.name);
    if (is_silent(item)) {
      if (found == triggered_.end()) return;
      for (const TriggeredValue& value : found->second) {
        if (value.geopoint) continue;
        const FormItem& target = form_.items[value.target];
        form_.fault(place(target, "trigger"), "xlsform.trigger_not_asked",
                    {{"name", item.name}, {"target", target.name}});
      }
      return;
    }
    if (item.type.control.empty()) return;
    XmlElement control{std::string(item.type.control), {}, {}, {}};
    control.set("ref", item.path);
    if (!item.type.media_type.empty() && !item.controlled("mediatype"))
      control.set("mediatype", std::string(item.type.media_type));
    add_attributes(number, item, control);
    add_texts(number, control);
    add_choices(number, item, control);
    if (found != triggered_.end()) {
      for (const TriggeredValue& value : found->second) control.add(triggered(number, value));
    }
    parent.add(std::move(control));
  }

  XmlElement triggered(std::size_t number, const TriggeredValue& value) {
    XmlElement made{value.geopoint ? "odk:setgeopoint" : "setvalue", {}, {}, {}};
    made.set("ref", form_.items[value.target].path).set("event", "xforms-value-changed");
    if (!value.geopoint && !value.value.text.empty())
      made.set("value", checked_expression(form_, number, value.value));
    return made;
  }

  // ---- choices ----

  void add_choices(std::size_t number, const FormItem& item, XmlElement& control) {
    if (item.type.name == "osm") return add_tags(item, control);
    if (item.type.name == "select_one_external") {
      if (!item.choice_filter.text.empty())
        control.set("query", "instance('" + item.list + "')/root/item[" +
                                 checked_expression(form_, number, item.choice_filter, {true, false}) + "]");
      return;
    }
    if (item.list.empty()) return;
    if (has_choices(item) && uses_search(item)) return add_searched(item, control);
    const bool geometry = item.type.name.starts_with("geo");
    if (geometry && !check_geometry(item)) return;
    control.add(itemset(number, item, geometry));
  }

  bool check_geometry(const FormItem& item) {
    if (is_reference(item.list)) {
      const auto found = form_.by_name.find(references_in(item.list).front().name);
      if (found != form_.by_name.end() && form_.items[found->second.front()].kind == ItemKind::Repeat)
        return true;
    }
    const auto is_named = [&item](const std::string& name) { return name == item.list; };
    const bool known =
        form_.list_named(item.list) != nullptr ||
        std::any_of(form_.external_files.begin(), form_.external_files.end(),
                    [&](const auto& file) { return is_named(file.first); }) ||
        std::any_of(form_.entities.begin(), form_.entities.end(),
                    [&](const EntityRow& entity) { return is_named(entity.list); }) ||
        std::any_of(form_.items.begin(), form_.items.end(), [&](const FormItem& other) {
          const std::string_view extension = file_extension(other.list);
          return has_choices(other) && is_named(other.list.substr(0, other.list.size() - extension.size()));
        });
    if (!known)
      form_.fault(place(item, "parameters"), "xlsform.reference_geometry",
                  {{"name", item.list}, {"example", "${name}"}});
    return known;
  }

  struct Itemset {
    std::string nodeset, value = "name", label = "label", filter;
  };

  Itemset choices_of(std::size_t number, const FormItem& item, bool geometry) {
    Itemset made;
    const std::string_view extension = file_extension(item.list);
    if (is_list_extension(extension)) {
      made.nodeset = "instance('" + item.list.substr(0, item.list.size() - extension.size()) + "')/root/item";
      if (extension == ".geojson") made.value = "id", made.label = "title";
      if (const auto value = item.parameters.find("value"); value != item.parameters.end())
        made.value = value->second;
      if (const auto label = item.parameters.find("label"); label != item.parameters.end())
        made.label = label->second;
      return made;
    }
    if (has_reference(item.list)) {
      made.nodeset = std::string(trimmed(with_paths(form_, number, item.list, {false, true})));
      if (geometry) {
        made.value = made.label = "geometry";
      } else {
        const std::size_t slash = made.nodeset.rfind('/');
        made.value = made.label = made.nodeset.substr(slash + 1);
        made.nodeset.resize(std::min(slash, made.nodeset.size()));
      }
      made.filter = "./" + made.value + " != ''";
      return made;
    }
    made.nodeset = "instance('" + item.list + "')/root/item";
    const ChoiceList* const list = form_.list_named(item.list);
    if (list && needs_itext(*list)) made.label = "jr:itext(itextId)";
    return made;
  }

  static void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  }

  XmlElement itemset(std::size_t number, const FormItem& item, bool geometry) {
    Itemset choices = choices_of(number, item, geometry);
    const bool of_answers = has_reference(item.list);
    if (!item.choice_filter.text.empty()) {
      choices.filter = checked_expression(form_, number, item.choice_filter, {true, of_answers});
      if (of_answers && !choices.nodeset.empty()) {
        replace_all(choices.filter, "current()/" + choices.nodeset, ".");
        replace_all(choices.filter, choices.nodeset, ".");
      }
    }
    if (!choices.filter.empty()) choices.nodeset += "[" + choices.filter + "]";
    const auto randomize = item.parameters.find("randomize");
    if (has_choices(item) && randomize != item.parameters.end() && randomize->second == "true") {
      const auto seed = item.parameters.find("seed");
      const std::string argument = seed == item.parameters.end()
                                       ? ""
                                       : ", " + std::string(trimmed(with_paths(form_, number, seed->second)));
      choices.nodeset = "randomize(" + choices.nodeset + argument + ")";
    }
    XmlElement made{"itemset", {}, {}, {}};
    made.set("nodeset", choices.nodeset);
    XmlElement value{"value", {}, {}, {}};
    XmlElement label{"label", {}, {}, {}};
    made.add(value.set("ref", choices.value)).add(label.set("ref", choices.label));
    return made;
  }

  /// Choices that stand in the body itself.
  void add_searched(const FormItem& item, XmlElement& control) {
    const ChoiceList* const list = form_.list_named(item.list);
    if (!list) return;
    const bool itext = needs_itext(*list);
    for (std::size_t i = 0; i < list->rows.size(); ++i) {
      XmlElement label{"label", {}, {}, {}};
      if (itext)
        label.set("ref", "jr:itext('" + list->name + "-" + std::to_string(i) + "')");
      else
        label.children = with_outputs(form_, 0, list->rows[i].label.plain);
      XmlElement value = words_element("value", {XmlElement::words(list->rows[i].name)});
      control.add(XmlElement{"item", {}, {std::move(label), std::move(value)}, {}});
    }
  }

  void add_tags(const FormItem& item, XmlElement& control) const {
    for (const ChoiceList& tags : form_.osm_tags) {
      if (tags.name != item.list) continue;
      for (const ChoiceRow& row : tags.rows) {
        XmlElement tag{"tag", {}, {}, {}};
        tag.set("key", row.name).add(words_element("label", {XmlElement::words(row.label.plain)}));
        control.add(std::move(tag));
      }
    }
  }

  XlsForm& form_;
  Triggered triggered_;
};

}  // namespace

bool uses_search(const FormItem& item) {
  const std::string appearance = item.appearance();
  const std::size_t call = appearance.find("search(");
  return call != std::string::npos && appearance.find(')', call) != std::string::npos;
}

XmlElement body_of(XlsForm& form) { return BodyWriter(form).element(); }

}  // namespace terreno::forms
