#include "core/forms/xform_itext.hpp"

#include <algorithm>

#include "core/forms/xlsform_names.hpp"
#include "core/forms/xlsform_references.hpp"

namespace terreno::forms {
namespace {

/// What a language lacks is marked so, that every language has every text.
constexpr const char* kMissing = "-";

std::string media_source(const std::string& kind, const std::string& file) {
  const bool image = kind == "image" || kind == "big-image";
  return (image ? "jr://images/" : "jr://" + kind + "/") + file;
}

}  // namespace

bool needs_itext(const ChoiceList& list) {
  return std::any_of(list.rows.begin(), list.rows.end(), [](const ChoiceRow& row) {
    return !row.media.empty() || row.label.translated() || has_reference(row.label.plain);
  });
}

bool label_needs_itext(const FormItem& item) { return item.label.translated() || !item.media.empty(); }

bool message_needs_itext(const FormText& text) { return text.translated() || has_reference(text.plain); }

ItextTable::ItextTable(const XlsForm& form) : form_(form) {
  for (const ChoiceList& list : form.lists) {
    if (needs_itext(list)) add_list(list);
  }
  std::vector<std::size_t> waiting(form.items[0].children.rbegin(), form.items[0].children.rend());
  while (!waiting.empty()) {
    const std::size_t number = waiting.back();
    waiting.pop_back();
    add_item(number);
    const auto& children = form.items[number].children;
    waiting.insert(waiting.end(), children.rbegin(), children.rend());
  }
}

void ItextTable::add(const std::string& id, std::size_t item, const std::string& form, const FormText& text) {
  const auto [found, fresh] = entry_of_.emplace(id, entries_.size());
  if (fresh) entries_.push_back({id, item, {}});
  auto& by_language = entries_[found->second].forms[form];
  auto put = [&](const std::string& language, const std::string& words) {
    if (std::find(languages_.begin(), languages_.end(), language) == languages_.end())
      languages_.push_back(language);
    by_language.emplace(language, words);
  };
  for (const auto& [language, words] : text.languages) put(language, words);
  if (!text.plain.empty()) put(form_.default_language, text.plain);
}

void ItextTable::add_item(std::size_t number) {
  const FormItem& item = form_.items[number];
  const auto message = [&](const FormText& text, const char* name) {
    if (message_needs_itext(text)) add(item.path + ":" + name, number, "long", text);
  };
  message(item.constraint_message, "jr:constraintMsg");
  message(item.required_message, "jr:requiredMsg");
  if (item.no_app_error.translated())
    add(item.path + ":jr:noAppErrorString", number, "long", item.no_app_error);
  if (label_needs_itext(item) && !item.label.empty()) add(item.path + ":label", number, "long", item.label);
  // Guidance has no other place than itext, and takes the hint with it.
  if (!item.hint.empty() && (item.hint.translated() || !item.guidance.empty()))
    add(item.path + ":hint", number, "long", item.hint);
  if (!item.guidance.empty()) add(item.path + ":hint", number, "guidance", item.guidance);
  for (const auto& [kind, media] : item.media) add(item.path + ":label", number, kind, media);
}

void ItextTable::add_list(const ChoiceList& list) {
  for (std::size_t i = 0; i < list.rows.size(); ++i) {
    const std::string id = list.name + "-" + std::to_string(i);
    if (!list.rows[i].label.empty()) add(id, 0, "long", list.rows[i].label);
    for (const auto& [kind, media] : list.rows[i].media) add(id, 0, kind, media);
  }
}

XmlElement ItextTable::text_element(const Entry& entry, const std::string& language) const {
  XmlElement made{"text", {}, {}, {}};
  made.set("id", entry.id);
  for (const auto& [kind, by_language] : entry.forms) {
    const auto found = by_language.find(language);
    const bool words = kind == "long" || kind == "guidance";
    if (found == by_language.end() && !words) continue;
    const std::string text = found == by_language.end() ? kMissing : found->second;
    XmlElement value{
        "value", {}, with_outputs(form_, entry.item, words ? text : media_source(kind, text)), {}};
    if (kind != "long") value.set("form", kind);
    made.add(std::move(value));
  }
  return made;
}

XmlElement ItextTable::element() const {
  XmlElement made{"itext", {}, {}, {}};
  for (const std::string& language : languages_) {
    XmlElement translation{"translation", {}, {}, {}};
    translation.set("lang", language);
    if (language == form_.default_language) translation.set("default", "true()");
    for (const Entry& entry : entries_) translation.add(text_element(entry, language));
    made.add(std::move(translation));
  }
  return made;
}

}  // namespace terreno::forms
