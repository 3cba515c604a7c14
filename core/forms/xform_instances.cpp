// The secondary instances of a form: its lists, and the files and records that it reads.
#include <algorithm>

#include "core/forms/xform_writing.hpp"
#include "core/forms/xlsform_names.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

struct Instance {
  std::string id, source;
  int row = 0;
  std::string column;
  const ChoiceList* list = nullptr;
};

XmlElement list_element(const ChoiceList& list) {
  XmlElement root{"root", {}, {}, {}};
  const bool itext = needs_itext(list);
  auto leaf = [](const std::string& name, const std::string& text) {
    XmlElement made{name, {}, {}, {}};
    if (!text.empty()) made.add(XmlElement::words(text));
    return made;
  };
  for (std::size_t i = 0; i < list.rows.size(); ++i) {
    const ChoiceRow& row = list.rows[i];
    XmlElement item{"item", {}, {}, {}};
    if (itext) item.add(leaf("itextId", list.name + "-" + std::to_string(i)));
    item.add(leaf("name", row.name));
    if (!itext && !row.label.plain.empty()) item.add(leaf("label", row.label.plain));
    for (const auto& [name, value] : row.extra) item.add(leaf(name, value));
    root.add(std::move(item));
  }
  XmlElement made{"instance", {}, {std::move(root)}, {}};
  made.set("id", list.name);
  return made;
}

class InstanceFinder {
 public:
  explicit InstanceFinder(XlsForm& form) : form_(form) {}

  std::vector<Instance> find() {
    for (const auto& [id, source] : form_.external_files) found_.push_back({id, source, 0, {}, nullptr});
    for (const std::size_t number : in_document_order(form_)) look_at(form_.items[number]);
    if (last_saved_) found_.push_back({"__last-saved", "jr://instance/last-saved", 0, {}, nullptr});
    if (case_) found_.push_back({"case", "jr://instance/case", 0, {}, nullptr});
    // Lists come last, so that a file of the same name is told as theirs.
    for (const ChoiceList& list : form_.lists) {
      if (!list.used_by_search) found_.push_back({list.name, {}, list.rows.front().row, {}, &list});
    }
    return std::move(found_);
  }

 private:
  void look_at(const FormItem& item) {
    for (const FormCell& cell : item.bind) {
      const bool expression = cell.name == "calculate" || cell.name == "constraint" ||
                              cell.name == "readonly" || cell.name == "required" || cell.name == "relevant";
      if (expression) look_at(item, cell);
    }
    look_at(item, item.choice_filter);
    look_at(item, item.default_value);
    for (const FormText* const text : {&item.label, &item.hint}) {
      case_ = case_ || reads_case(text->plain);
      for (const auto& [language, words] : text->languages) case_ = case_ || reads_case(words);
    }
    const std::string_view extension = file_extension(item.list);
    if (!is_list_extension(extension)) return;
    const std::string source = (extension == ".csv" ? "jr://file-csv/" : "jr://file/") + item.list;
    found_.push_back(
        {item.list.substr(0, item.list.size() - extension.size()), source, item.row, "type", nullptr});
  }

  static bool reads_case(const std::string& text) {
    return text.find("instance('case')") != std::string::npos ||
           text.find("instance(\"case\")") != std::string::npos;
  }

  void look_at(const FormItem& item, const FormCell& cell) {
    case_ = case_ || reads_case(cell.text);
    for (const Reference& reference : references_in(cell.text))
      last_saved_ = last_saved_ || reference.last_saved;
    constexpr std::string_view kCall = "pulldata";
    for (std::size_t at = cell.text.find(kCall); at != std::string::npos;
         at = cell.text.find(kCall, at + 1)) {
      const std::size_t open = cell.text.find_first_not_of(" ", at + kCall.size());
      const std::size_t comma = cell.text.find(',', at);
      if (open == std::string::npos || cell.text[open] != '(' || comma == std::string::npos) continue;
      std::string name = cell.text.substr(open + 1, comma - open - 1);
      std::erase_if(name, [](char c) { return c == '\'' || c == '"'; });
      name = std::string(trimmed(name));
      if (!name.empty())
        found_.push_back({name, "jr://file-csv/" + name + ".csv", item.row, cell.column, nullptr});
    }
  }

  XlsForm& form_;
  std::vector<Instance> found_;
  bool last_saved_ = false;
  bool case_ = false;
};

}  // namespace

void add_secondary_instances(XlsForm& form, XmlElement& model) {
  std::map<std::string, std::string> sources;
  for (const Instance& instance : InstanceFinder(form).find()) {
    const auto [known, fresh] = sources.emplace(instance.id, instance.source);
    if (!fresh) {
      if (known->second != instance.source)
        form.fault({instance.list ? "choices" : "survey", instance.row, instance.column},
                   "xlsform.instance_twice",
                   {{"name", instance.id},
                    {"first", known->second},
                    {"second", instance.list ? std::string("choices") : instance.source}});
      continue;
    }
    if (instance.list) {
      model.add(list_element(*instance.list));
      continue;
    }
    XmlElement element{"instance", {}, {}, {}};
    element.set("id", instance.id).set("src", instance.source);
    model.add(std::move(element));
  }
}

}  // namespace terreno::forms
