// The body of an XForm: what is asked, in which order, with which words and choices.
#include <algorithm>
#include <optional>

#include "core/forms/limits.hpp"
#include "core/forms/xform_reading.hpp"

namespace terreno::forms {
namespace {

struct ControlName {
  std::string_view name;
  ControlKind kind;
};
constexpr ControlName kControls[] = {{"input", ControlKind::Input},     {"secret", ControlKind::Input},
                                     {"select1", ControlKind::Select1}, {"select", ControlKind::Select},
                                     {"rank", ControlKind::Rank},       {"upload", ControlKind::Upload},
                                     {"trigger", ControlKind::Trigger}, {"range", ControlKind::Range},
                                     {"group", ControlKind::Group},     {"repeat", ControlKind::Repeat}};

std::optional<ControlKind> control_kind(std::string_view name) {
  for (const ControlName& row : kControls) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

/// Attributes of a control that mean something to the engine; all others are parameters for the screen.
bool is_engine_attribute(std::string_view name) {
  constexpr std::string_view kKnown[] = {"ref",       "nodeset", "bind",  "appearance",
                                         "mediatype", "count",   "xmlns", "event"};
  return std::find(std::begin(kKnown), std::end(kKnown), name) != std::end(kKnown);
}

}  // namespace

void XFormReader::read_body(const pugi::xml_node& body) { read_controls(body, kNoControl, 0); }

void XFormReader::read_controls(const pugi::xml_node& parent, ControlId parent_control, DefId context) {
  for (const pugi::xml_node& child : parent.children()) {
    if (child.type() != pugi::node_element) continue;
    const std::string_view name = local_part(child.name());
    if (const auto kind = control_kind(name)) read_control(child, *kind, parent_control, context);
    if (name == "setvalue" || name == "setgeopoint") {
      const DefId trigger = parent_control == kNoControl ? kNoDef : model_.controls[parent_control].def;
      read_action(child, trigger, context);
    }
  }
}

void XFormReader::read_control(const pugi::xml_node& node, ControlKind kind, ControlId parent,
                               DefId context) {
  Control control;
  control.kind = kind;
  control.parent = parent;
  std::string path = attribute_local(node, kind == ControlKind::Repeat ? "nodeset" : "ref");
  if (path.empty() && kind == ControlKind::Repeat) path = attribute_local(node, "ref");
  if (!path.empty()) {
    control.def = def_at(path, context);
  } else if (const auto bound = def_by_bind_id_.find(node.attribute("bind").value());
             bound != def_by_bind_id_.end()) {
    control.def = bound->second;
  }
  const bool is_container = kind == ControlKind::Group || kind == ControlKind::Repeat;
  if (control.def == kNoDef && (!path.empty() || !is_container)) {
    return fault("<" + std::string(node.name()) + " ref='" + path +
                 "'>: the primary instance has no such node.");
  }
  const DefId inner = control.def == kNoDef ? context : control.def;
  control.appearance = node.attribute("appearance").value();
  control.media_type = node.attribute("mediatype").value();
  if (!control.media_type.empty() && control.media_type.find('/') == std::string::npos)
    fault("<upload ref='" + path + "'>: mediatype '" + control.media_type +
          "' is none; write for example 'image/*'.");
  control.label = text_of_element(child_local(node, "label"), inner);
  control.hint = text_of_element(child_local(node, "hint"), inner);
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    if (!is_engine_attribute(local_part(attribute.name())))
      control.parameters.emplace_back(local_part(attribute.name()), attribute.value());
  }
  if (const auto told = bind_parameters_.find(control.def); told != bind_parameters_.end())
    control.parameters.insert(control.parameters.end(), told->second.begin(), told->second.end());
  read_choices(node, control, inner);
  const auto id = static_cast<ControlId>(model_.controls.size());
  model_.controls.push_back(std::move(control));
  if (kind == ControlKind::Repeat) read_repeat_count(node, inner, context);
  read_controls(node, id, inner);
  model_.controls[id].end = static_cast<ControlId>(model_.controls.size());
}

void XFormReader::read_repeat_count(const pugi::xml_node& node, DefId repeat, DefId) {
  const std::string count = attribute_local(node, "count");
  if (trimmed(count).empty()) return;
  // "../n" begins at the repeat itself, a bare name at what holds it.
  const bool from_repeat = trimmed(count).starts_with("..") || trimmed(count).starts_with("current()");
  const DefId context = from_repeat ? repeat : model_.defs[repeat].parent;
  const ExpressionId made = expression(count, context, "repeat count");
  model_.defs[repeat].repeat_count = made;
}

TextId XFormReader::text_of_element(const pugi::xml_node& element, DefId context) {
  if (!element) return kNoText;
  const std::string reference = element.attribute("ref").value();
  if (trimmed(reference).starts_with("jr:itext(")) return itext_of(trimmed(reference), context);
  if (!trimmed(reference).empty()) {
    const ExpressionId id = expression(reference, context, "label");
    return id == kNoExpression ? kNoText : add_text(LocalizedText{{TextTemplate{TextPiece{"", id}}}});
  }
  TextTemplate made = pieces(element, context);
  return made.empty() ? kNoText : add_text(LocalizedText{{std::move(made)}});
}

void XFormReader::read_choices(const pugi::xml_node& node, Control& control, DefId context) {
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = local_part(child.name());
    if (name == "itemset") read_itemset(child, control, context);
    if (name != "item") continue;
    StaticChoice choice;
    choice.value = trimmed(element_text(child_local(child, "value")));
    choice.label = text_of_element(child_local(child, "label"), context);
    control.choices.push_back(std::move(choice));
  }
}

std::vector<NameId> XFormReader::child_path(std::string_view path) {
  std::vector<NameId> names;
  path = trimmed(path);
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    if (part != ".") names.push_back(model_.names.intern(local_part(part)));
    path = path.substr(std::min(slash + 1, path.size()));
  }
  return names;
}

void XFormReader::read_itemset(const pugi::xml_node& node, Control& control, DefId context) {
  Itemset made;
  made.nodeset = expression(node.attribute("nodeset").value(), context, "choices");
  made.value_path = child_path(attribute_local(child_local(node, "value"), "ref"));
  std::string label = attribute_local(child_local(node, "label"), "ref");
  const std::string_view call = trimmed(label);
  if (call.starts_with("jr:itext(") && call.ends_with(")")) {
    made.label_is_text_id = true;
    label = call.substr(9, call.size() - 10);
  }
  made.label_path = child_path(label);
  if (made.nodeset != kNoExpression) control.itemset = std::move(made);
}

/// What can be known about definitions only when all controls are read.
void XFormReader::finish_body() {
  for (ControlId id = 0; id < model_.controls.size(); ++id) {
    const Control& control = model_.controls[id];
    if (control.def == kNoDef) continue;
    Def& def = model_.defs[control.def];
    if (control.kind == ControlKind::Group || control.kind == ControlKind::Repeat) continue;
    if (def.kind != DefKind::Question && def.kind != DefKind::Attribute) {
      fault("'" + def.path + "' is asked as a question but holds others.");
    }
    if (def.control == kNoControl) def.control = id;
  }
  add_remaining_texts();
}

/// Texts that only an expression or an itemset names: their expressions stand at the root.
void XFormReader::add_remaining_texts() {
  for (const auto& [id, values] : itext_sources_) itext_of("'" + id + "'", 0);
}

}  // namespace terreno::forms
