#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/forms/xlsform_model.hpp"
#include "core/forms/xml_element.hpp"

namespace terreno::forms {

/// Whether the choices' texts stand in itext: they are translated, have media or name a question.
bool needs_itext(const ChoiceList& list);
/// Whether the item's label does.
bool label_needs_itext(const FormItem& item);
/// Whether a message does; it is an attribute, which can hold nothing but words.
bool message_needs_itext(const FormText& text);

/// All texts of a form that stand in <itext>, by language.
class ItextTable {
 public:
  /// Collects them; the form must be finished.
  explicit ItextTable(const XlsForm& form);

  bool empty() const { return languages_.empty(); }
  XmlElement element() const;

 private:
  /// "long", "guidance", "image"... to text by language.
  using Forms = std::map<std::string, std::map<std::string, std::string>>;
  struct Entry {
    std::string id;
    std::size_t item = 0;  ///< where ${name} is seen from
    Forms forms;
  };

  void add(const std::string& id, std::size_t item, const std::string& form, const FormText& text);
  void add_item(std::size_t number);
  void add_list(const ChoiceList& list);
  XmlElement text_element(const Entry& entry, const std::string& language) const;

  const XlsForm& form_;
  std::vector<std::string> languages_;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t> entry_of_;
};

}  // namespace terreno::forms
