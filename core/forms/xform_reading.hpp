#pragma once

#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/forms/form_model.hpp"
#include "core/forms/xpath_parser.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {

/// Fills a FormModel from XML, once. Its two halves are xform_reader.cpp and xform_body_reader.cpp.
class XFormReader {
 public:
  XFormReader(FormModel& model, std::span<const FormFile> files, std::vector<std::string>& faults);
  void read(const pugi::xml_document& document);

 private:
  using ByLanguage = std::map<std::size_t, pugi::xml_node>;

  void fault(std::string message);
  ExpressionId expression(std::string_view text, DefId context, std::string_view what);
  /// The definition at an absolute path, or at one relative to `context`; kNoDef when there is none.
  DefId def_at(std::string_view path, DefId context) const;

  // Model.
  void collect_repeats(const pugi::xml_node& node);
  bool read_instances(const pugi::xml_node& model);
  NodeTree list_from_file(const std::string& source);
  bool read_primary(const pugi::xml_node& instance);
  void add_def(NodeId node, DefId parent, const std::string& full_path);
  void add_children(NodeId node, DefId id, const std::string& full_path);
  bool lay_out();
  void read_bind(const pugi::xml_node& bind);
  void read_bind_attribute(DefId id, std::string_view name, std::string_view value);
  void check_submission(const pugi::xml_node& submission);
  void read_action(const pugi::xml_node& node, DefId trigger, DefId context);
  void read_itext(const pugi::xml_node& itext);

  // Texts.
  TextId message(const std::string& text, DefId context);
  TextId add_text(LocalizedText text);
  TextId itext_of(std::string_view call, DefId context);
  TextTemplate pieces(const pugi::xml_node& node, DefId context);
  /// Of a <label> or <hint>: by its ref, else its content.
  TextId text_of_element(const pugi::xml_node& element, DefId context);

  // Body.
  void read_body(const pugi::xml_node& body);
  void read_controls(const pugi::xml_node& parent, ControlId parent_control, DefId context);
  void read_control(const pugi::xml_node& node, ControlKind kind, ControlId parent, DefId context);
  void read_repeat_count(const pugi::xml_node& node, DefId repeat, DefId context);
  void read_choices(const pugi::xml_node& node, Control& control, DefId context);
  void read_itemset(const pugi::xml_node& node, Control& control, DefId context);
  std::vector<NameId> child_path(std::string_view path);
  void finish_body();
  void add_remaining_texts();

  FormModel& model_;
  std::span<const FormFile> files_;
  std::vector<std::string>& faults_;
  std::set<std::string, std::less<>> repeat_paths_;
  std::map<std::string, DefId, std::less<>> def_by_bind_id_;
  /// What a bind tells the control: the size of a picture, the quality of a recording.
  std::map<DefId, std::vector<std::pair<std::string, std::string>>> bind_parameters_;
  std::map<std::string, ByLanguage, std::less<>> itext_sources_;
  std::optional<XPathParser> parser_;  ///< once the namespaces are known
  bool too_many_ = false;
};

pugi::xml_node child_local(const pugi::xml_node& parent, std::string_view local);
/// The attribute with this local name, whatever its prefix; empty when absent.
std::string attribute_local(const pugi::xml_node& node, std::string_view local);
std::string element_text(const pugi::xml_node& node);

}  // namespace terreno::forms
