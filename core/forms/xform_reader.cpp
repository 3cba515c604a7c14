// Reads an XForm (ODK XForms profile) into a FormModel: model, instances, binds, itext, actions. The body is
// read by xform_body_reader.cpp.
#include <algorithm>
#include <pugixml.hpp>
#include <unordered_map>

#include "core/forms/form_model.hpp"
#include "core/forms/limits.hpp"
#include "core/forms/list_reader.hpp"
#include "core/forms/xform_reading.hpp"
#include "core/forms/xpath_parser.hpp"

namespace terreno::forms {
namespace {

struct TypeName {
  std::string_view name;
  DataType type;
};
constexpr TypeName kTypes[] = {
    {"string", DataType::Text},       {"int", DataType::Integer},       {"integer", DataType::Integer},
    {"decimal", DataType::Decimal},   {"boolean", DataType::Boolean},   {"date", DataType::Date},
    {"time", DataType::Time},         {"dateTime", DataType::DateTime}, {"geopoint", DataType::Geopoint},
    {"geotrace", DataType::Geotrace}, {"geoshape", DataType::Geoshape}, {"binary", DataType::Binary},
    {"barcode", DataType::Barcode},   {"intent", DataType::Text},       {"select", DataType::Text},
    {"select1", DataType::Text},      {"odk:rank", DataType::Text},     {"rank", DataType::Text}};

/// XLSForm marks a text that a language lacks so, for every language must have every text.
bool is_missing_mark(const pugi::xml_node& value) { return trimmed(value.text().get()) == "-"; }

/// Spaces that set text and elements apart in the file are no part of what is read.
void trim_ends(TextTemplate& text) {
  constexpr const char* kSpaces = " \t\r\n";
  std::string& first = text.front().literal;
  first.erase(0, std::min(first.find_first_not_of(kSpaces), first.size()));
  std::string& last = text.back().literal;
  last.erase(last.find_last_not_of(kSpaces) + 1);
}

bool is_true_literal(std::string_view text) { return trimmed(text) == "true()"; }
bool is_false_literal(std::string_view text) { return trimmed(text) == "false()" || trimmed(text).empty(); }

}  // namespace

pugi::xml_node child_local(const pugi::xml_node& parent, std::string_view local) {
  for (const pugi::xml_node& child : parent.children()) {
    if (child.type() == pugi::node_element && local_part(child.name()) == local) return child;
  }
  return {};
}

std::string attribute_local(const pugi::xml_node& node, std::string_view local) {
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    if (local_part(attribute.name()) == local) return attribute.value();
  }
  return {};
}

std::string element_text(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
  }
  return text;
}

XFormReader::XFormReader(FormModel& model, std::span<const FormFile> files, std::vector<std::string>& faults)
    : model_(model), files_(files), faults_(faults) {}

void XFormReader::fault(std::string message) { faults_.push_back(std::move(message)); }

ExpressionId XFormReader::expression(std::string_view text, DefId context, std::string_view what) {
  BoundExpression bound;
  bound.context = context;
  bound.first_node = static_cast<ExprId>(model_.code.nodes.size());
  const Result<ExprId> root = parser_->parse(text);
  if (!root) {
    fault("Question '" + model_.defs[context].path + "', " + std::string(what) + " '" + std::string(text) +
          "': " + root.error().message + ".");
    return kNoExpression;
  }
  bound.root = *root;
  bound.node_end = static_cast<ExprId>(model_.code.nodes.size());
  bound.text_begin = static_cast<std::uint32_t>(model_.sources.size());
  model_.sources += text;
  bound.text_end = static_cast<std::uint32_t>(model_.sources.size());
  model_.expressions.push_back(bound);
  return static_cast<ExpressionId>(model_.expressions.size() - 1);
}

DefId XFormReader::def_at(std::string_view path, DefId context) const {
  path = trimmed(path);
  if (path.starts_with('/')) return def_at_path(model_, path);
  // A relative reference of the body: "../a" or "a" from the enclosing group.
  DefId at = context;
  while (!path.empty() && at != kNoDef) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part == "..")
      at = model_.defs[at].parent;
    else if (part != ".")
      at = model_.children.exact(model_, at, part.substr(part.starts_with('@') ? 1 : 0),
                                 part.starts_with('@'));
  }
  return at;
}

void XFormReader::read(const pugi::xml_document& document) {
  const pugi::xml_node html = document.document_element();
  model_.namespaces = namespaces_at(html);
  const pugi::xml_node head = child_local(html, "head");
  const pugi::xml_node body = child_local(html, "body");
  const pugi::xml_node model = child_local(head, "model");
  if (!model) return fault("The form has no <model>.");
  for (const auto& [prefix, uri] : namespaces_at(model)) model_.namespaces[prefix] = uri;
  parser_.emplace(XPathNames{model_.names, &model_.namespaces, true}, model_.code);
  model_.title = trimmed(element_text(child_local(head, "title")));
  collect_repeats(body);
  if (!read_instances(model)) return;
  read_itext(child_local(model, "itext"));
  for (const pugi::xml_node& child : model.children()) {
    const std::string_view name = local_part(child.name());
    if (name == "bind") read_bind(child);
    if (name == "setvalue" || name == "setgeopoint") read_action(child, kNoDef, kNoDef);
    if (name == "submission") check_submission(child);
  }
  read_body(body);
  finish_body();
}

/// ODK sends filled forms by POST alone.
void XFormReader::check_submission(const pugi::xml_node& submission) {
  const std::string_view method = submission.attribute("method").value();
  if (!method.empty() && method != "post" && method != "form-data-post")
    fault("<submission method='" + std::string(method) + "'>: the method is 'post' or 'form-data-post'.");
}

void XFormReader::collect_repeats(const pugi::xml_node& node) {
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    if (local_part(child.name()) == "repeat") {
      std::string path(trimmed(attribute_local(child, "nodeset").empty()
                                   ? attribute_local(child, "ref")
                                   : attribute_local(child, "nodeset")));
      repeat_paths_.insert(std::move(path));
    }
    collect_repeats(child);
  }
}

bool XFormReader::read_instances(const pugi::xml_node& model) {
  bool first = true;
  for (const pugi::xml_node& instance : model.children()) {
    if (instance.type() != pugi::node_element || local_part(instance.name()) != "instance") continue;
    if (first) {
      first = false;
      if (!read_primary(instance)) return false;
      continue;
    }
    SecondaryInstance& made = model_.instances.emplace_back();
    made.id = instance.attribute("id").value();
    made.source = instance.attribute("src").value();
    made.tree = made.source.empty() ? read_xml_list(instance, model_.names, namespaces_at(instance))
                                    : list_from_file(made.source);
  }
  if (first) fault("The form has no <instance>.");
  return !first;
}

/// The content of "jr://file-csv/places.csv" is that of the file named after the last slash.
NodeTree XFormReader::list_from_file(const std::string& source) {
  const std::string name = source.substr(source.rfind('/') + 1);
  const auto file = std::find_if(files_.begin(), files_.end(),
                                 [&name](const FormFile& given) { return given.name == name; });
  if (file == files_.end()) {
    model_.missing_files.push_back(name);
    return empty_list(model_.names);
  }
  Result<NodeTree> read = read_list_file(name, file->content, model_.names);
  if (read) return std::move(*read);
  fault(read.error().message);
  return empty_list(model_.names);
}

bool XFormReader::read_primary(const pugi::xml_node& instance) {
  pugi::xml_node root;
  for (const pugi::xml_node& child : instance.children()) {
    if (child.type() == pugi::node_element && !root) root = child;
  }
  if (!root) return fault("The primary instance is empty."), false;
  const NodeId top =
      append_element(model_.primary, 0, root, model_.names, namespaces_at(instance), TreeContent::Values);
  model_.root_name = root.name();
  model_.form_id = attribute_local(root, "id");
  model_.version = attribute_local(root, "version");
  if (model_.form_id.empty()) model_.form_id = model_.namespaces.contains("") ? root.name() : "";
  if (model_.form_id.empty()) fault("The primary instance has no id attribute, so the form has no id.");
  add_def(top, kNoDef, "/" + model_.root_name);
  model_.children.build(model_);
  return lay_out();
}

/// Adds a definition and all beneath it. Of several nodes with one name the template, else the first, gives
/// the shape.
void XFormReader::add_def(NodeId node, DefId parent, const std::string& full_path) {
  if (model_.defs.size() >= kMaxQuestions) {
    if (!too_many_) fault("The form has more than " + std::to_string(kMaxQuestions) + " questions.");
    too_many_ = true;
    return;
  }
  const auto id = static_cast<DefId>(model_.defs.size());
  const Node& source = model_.primary[node];
  Def made;
  made.local = source.local;
  made.uri = source.uri;
  made.qualified = source.qualified;
  made.parent = parent;
  made.default_value = model_.primary.value(node);
  if (full_path.size() > model_.root_name.size() + 2)
    made.path = full_path.substr(model_.root_name.size() + 2);
  if (source.kind == NodeKind::Attribute)
    made.kind = DefKind::Attribute;
  else if (parent == kNoDef)
    made.kind = DefKind::Root;
  else if (repeat_paths_.contains(full_path))
    made.kind = DefKind::Repeat;
  else if (source.first_child != kNoNode)
    made.kind = DefKind::Group;
  model_.defs.push_back(std::move(made));
  add_children(node, id, full_path);
  model_.defs[id].end = static_cast<DefId>(model_.defs.size());
}

void XFormReader::add_children(NodeId node, DefId id, const std::string& full_path) {
  for (NodeId a = model_.primary[node].first_attribute; a != kNoNode; a = model_.primary[a].next) {
    const std::string& name = model_.names.text(model_.primary[a].qualified);
    if (local_part(name) == "template") continue;
    for (NodeId other = model_.primary[node].first_attribute; other != a;
         other = model_.primary[other].next) {
      if (model_.primary[other].qualified == model_.primary[a].qualified)
        fault("'" + full_path + "' has two attributes '" + name + "'.");
    }
    add_def(a, id, full_path + "/@" + name);
  }
  // One definition per name, in the order of first appearance; a template replaces the first as its shape.
  std::vector<NodeId> shapes;
  std::unordered_map<NameId, std::size_t> place_of;
  for (NodeId child = model_.primary[node].first_child; child != kNoNode;
       child = model_.primary[child].next) {
    const auto [place, is_new] = place_of.emplace(model_.primary[child].qualified, shapes.size());
    if (is_new)
      shapes.push_back(child);
    else if (is_template(model_.primary, model_.names, child))
      shapes[place->second] = child;
  }
  for (const NodeId shape : shapes) {
    add_def(shape, id, full_path + "/" + model_.names.text(model_.primary[shape].qualified));
  }
}

/// Gives every definition its block and its offset there, every repeat its slot.
bool XFormReader::lay_out() {
  for (DefId id = 0; id < model_.defs.size(); ++id) {
    Def& def = model_.defs[id];
    const bool starts_block = def.kind == DefKind::Root || def.kind == DefKind::Repeat;
    if (def.kind == DefKind::Repeat) def.slot = model_.defs[model_.defs[def.parent].block].slot_count++;
    def.block = starts_block ? id : model_.defs[def.parent].block;
    def.offset = model_.defs[def.block].block_size++;
  }
  return true;
}

bool is_template(const NodeTree& tree, const NameTable& names, NodeId node) {
  for (NodeId a = tree[node].first_attribute; a != kNoNode; a = tree[a].next) {
    if (names.text(tree[a].local) == "template") return true;
  }
  return false;
}

void XFormReader::read_bind(const pugi::xml_node& bind) {
  std::string_view path;
  std::string_view type;
  for (pugi::xml_attribute attribute = bind.first_attribute(); attribute;
       attribute = attribute.next_attribute()) {
    const std::string_view name = local_part(attribute.name());
    if (name == "nodeset" || (name == "ref" && path.empty())) path = attribute.value();
    if (name == "type") type = attribute.value();
  }
  const DefId id = def_at(path, 0);
  // Other engines let a bind outlive its question, so forms in use have such.
  if (id == kNoDef) return;
  for (const TypeName& row : kTypes) {
    if (local_part(type) == local_part(row.name)) model_.defs[id].data_type = row.type;
  }
  for (pugi::xml_attribute attribute = bind.first_attribute(); attribute;
       attribute = attribute.next_attribute())
    read_bind_attribute(id, local_part(attribute.name()), attribute.value());
}

void XFormReader::read_bind_attribute(DefId id, std::string_view name, std::string_view value) {
  auto formula = [&](ExpressionId Def::*member) {
    if (trimmed(value).empty()) return;
    const ExpressionId made = expression(value, id, name);
    model_.defs[id].*member = made;
  };
  // A condition that never changes anything costs nothing at run time.
  if (name == "relevant" && !is_true_literal(value)) return formula(&Def::relevant);
  if (name == "constraint" && !is_true_literal(value)) return formula(&Def::constraint);
  if (name == "required" && !is_false_literal(value)) return formula(&Def::required);
  if (name == "calculate") return formula(&Def::calculate);
  if (name == "readonly") {
    model_.defs[id].always_read_only = is_true_literal(value);
    if (!is_false_literal(value)) formula(&Def::read_only);
  } else if (name == "constraintMsg") {
    const TextId made = message(std::string(value), id);
    model_.defs[id].constraint_message = made;
  } else if (name == "requiredMsg") {
    const TextId made = message(std::string(value), id);
    model_.defs[id].required_message = made;
  } else if (name == "preload") {
    model_.defs[id].preload = value;
  } else if (name == "preloadParams") {
    model_.defs[id].preload_parameters = value;
  } else if (name == "max-pixels" || name == "quality" || name == "allow-mock-accuracy") {
    bind_parameters_[id].emplace_back(name, value);
  } else if (name == "id" && !value.empty()) {
    def_by_bind_id_[std::string(value)] = id;
  }
}

TextId XFormReader::message(const std::string& text, DefId context) {
  const std::string_view call = trimmed(text);
  if (call.starts_with("jr:itext(")) return itext_of(call, context);
  return add_text(LocalizedText{{TextTemplate{TextPiece{text, kNoExpression}}}});
}

TextId XFormReader::add_text(LocalizedText text) {
  model_.texts.push_back(std::move(text));
  return static_cast<TextId>(model_.texts.size() - 1);
}

/// "jr:itext('id')" leads to that text. Its expressions are evaluated where the text is used, so they bind
/// there.
TextId XFormReader::itext_of(std::string_view call, DefId context) {
  const std::size_t quote = call.find_first_of("'\"");
  const std::size_t end = quote == std::string_view::npos ? quote : call.find(call[quote], quote + 1);
  if (end == std::string_view::npos) return kNoText;
  const std::string id(call.substr(quote + 1, end - quote - 1));
  const auto source = itext_sources_.find(id);
  if (source == itext_sources_.end())
    return fault("jr:itext('" + id + "'): <itext> has no such text."), kNoText;
  if (const auto known = model_.text_ids.find(id); known != model_.text_ids.end()) return known->second;
  LocalizedText text;
  text.by_language.resize(std::max<std::size_t>(1, model_.languages.size()));
  for (const auto& [language, value] : source->second) {
    if (!is_missing_mark(value)) text.by_language[language] = pieces(value, context);
  }
  // What a language lacks is read in the first one, and what that lacks in any other.
  const auto given = std::find_if(text.by_language.begin(), text.by_language.end(),
                                  [](const TextTemplate& words) { return !words.empty(); });
  if (given != text.by_language.end() && text.by_language.front().empty()) text.by_language.front() = *given;
  const TextId made = add_text(std::move(text));
  model_.text_ids.emplace(id, made);
  return made;
}

TextTemplate XFormReader::pieces(const pugi::xml_node& node, DefId context) {
  TextTemplate made;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
      made.push_back({child.value(), kNoExpression});
    if (child.type() != pugi::node_element || local_part(child.name()) != "output") continue;
    std::string value = child.attribute("value").value();
    if (value.empty()) value = child.attribute("ref").value();
    const ExpressionId id = expression(value, context, "output");
    if (id != kNoExpression) made.push_back({"", id});
  }
  if (made.size() > 1) trim_ends(made);
  return made;
}

void XFormReader::read_itext(const pugi::xml_node& itext) {
  std::vector<pugi::xml_node> translations;
  for (const pugi::xml_node& translation : itext.children()) {
    if (local_part(translation.name()) != "translation") continue;
    if (translations.size() >= kMaxLanguages)
      return fault("The form has more than " + std::to_string(kMaxLanguages) + " languages.");
    const bool is_default = translation.attribute("default");
    translations.insert(is_default ? translations.begin() : translations.end(), translation);
  }
  for (std::size_t language = 0; language < translations.size(); ++language) {
    model_.languages.emplace_back(translations[language].attribute("lang").value());
    for (const pugi::xml_node& text : translations[language].children()) {
      if (local_part(text.name()) != "text") continue;
      for (const pugi::xml_node& value : text.children()) {
        // Values with a form are media or guidance; the plain one is what is read.
        if (local_part(value.name()) != "value" || value.attribute("form")) continue;
        itext_sources_[text.attribute("id").value()][language] = value;
      }
      itext_sources_[text.attribute("id").value()];
    }
  }
}

namespace {

/// "/data/repeat[position() = 1]/place" without what stands in brackets.
std::string without_predicates(std::string_view path) {
  std::string made;
  int depth = 0;
  for (const char c : path) {
    if (c == '[') ++depth;
    if (depth == 0) made += c;
    if (c == ']') --depth;
  }
  return made;
}

}  // namespace

void XFormReader::read_action(const pugi::xml_node& node, DefId trigger, DefId context) {
  Action action;
  const std::string events =
      " " + std::string(node.attribute("event").value()) + attribute_local(node, "event") + " ";
  auto has = [&events](std::string_view event) { return events.find(event) != std::string::npos; };
  action.on_first_load = has("odk-instance-first-load") || has("odk-instance-load") || has("xforms-ready");
  action.on_new_repeat = has("odk-new-repeat");
  action.on_value_changed = has("xforms-value-changed");
  action.trigger = trigger;
  action.repeat = model_.defs[context == kNoDef ? 0 : context].block;
  action.sets_location = local_part(node.name()) == "setgeopoint";
  std::string path = attribute_local(node, "ref");
  const DefId place = context == kNoDef ? 0 : context;
  if (path.find('[') != std::string::npos) {
    action.target = def_at(without_predicates(path), place);
    if (action.target != kNoDef)
      action.target_path = expression(path, trigger == kNoDef ? place : trigger, "setvalue");
  } else if (path.empty() && node.attribute("bind")) {
    const auto found = def_by_bind_id_.find(node.attribute("bind").value());
    action.target = found == def_by_bind_id_.end() ? kNoDef : found->second;
  } else {
    action.target = def_at(path, place);
  }
  if (action.target == kNoDef)
    return fault("<" + std::string(node.name()) + " ref='" + path +
                 "'>: the primary instance has no such node.");
  if (action.on_new_repeat && trigger == kNoDef && context == kNoDef) {
    return fault("<setvalue ref='" + path +
                 "'>: odk-new-repeat belongs inside a <repeat>, not in the model.");
  }
  const std::string value = node.attribute("value").value();
  if (value.empty())
    action.literal = element_text(node);
  else
    action.value = expression(value, action.target, "setvalue");
  model_.actions.push_back(std::move(action));
}

void read_xform(std::string_view xml, std::span<const FormFile> files, FormModel& model,
                std::vector<std::string>& faults) {
  pugi::xml_document document;
  if (const Result<void> parsed = parse_xml(xml, document); !parsed) {
    faults.push_back(parsed.error().message);
    return;
  }
  XFormReader(model, files, faults).read(document);
}

}  // namespace terreno::forms
