#include "core/forms/submission.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <pugixml.hpp>

#include "core/forms/form_model.hpp"
#include "core/forms/xml_element.hpp"
#include "core/forms/xml_tree.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

/// "people[2]" is the second element "people"; without brackets it is the first.
struct PathStep {
  std::string name;
  std::size_t instance = 1;
};

PathStep step_of(std::string_view text) {
  const std::size_t bracket = text.find('[');
  PathStep step{std::string(text.substr(0, bracket)), 1};
  if (bracket != std::string_view::npos)
    std::from_chars(text.data() + bracket + 1, text.data() + text.size(), step.instance);
  return step;
}

/// The child element that a step means; it and those before it are made when they are missing.
XmlElement& child_at(XmlElement& parent, const PathStep& step) {
  std::size_t seen = 0;
  for (XmlElement& child : parent.children) {
    if (child.name == step.name && ++seen == step.instance) return child;
  }
  for (; seen < step.instance; ++seen) parent.add(XmlElement{step.name, {}, {}, {}});
  return parent.children.back();
}

void put(XmlElement& root, const Answer& answer) {
  XmlElement* at = &root;
  std::string_view rest = answer.path;
  while (!rest.empty()) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, slash);
    rest = rest.substr(std::min(slash + 1, rest.size()));
    if (part.starts_with('@')) {
      at->set(std::string(part.substr(1)), answer.value);
      return;
    }
    at = &child_at(*at, step_of(part));
  }
  if (!answer.value.empty()) at->children.assign(1, XmlElement::words(answer.value));
}

/// Walks a submission beside the form's definition.
class SubmissionReader {
 public:
  explicit SubmissionReader(const FormModel& model) : model_(model) {}

  std::vector<Answer> read(const pugi::xml_node& root) {
    children(root, "", "");
    return std::move(found_);
  }

 private:
  const Def* def_at(const std::string& path) const {
    const DefId found = def_at_path(model_, "/" + model_.root_name + "/" + path);
    return found == kNoDef ? nullptr : &model_.defs[found];
  }

  /// `path` carries places in repeats, `plain` does not.
  void children(const pugi::xml_node& parent, const std::string& path, const std::string& plain) {
    std::map<std::string, std::size_t> instances;
    const std::string above = path.empty() ? "" : path + "/";
    const std::string plain_above = plain.empty() ? "" : plain + "/";
    for (const pugi::xml_node& child : parent.children()) {
      if (child.type() == pugi::node_element && is_repeat(plain_above + child.name()))
        ++instances[child.name()];
    }
    // The counts come first: restore() makes the instances before it fills them.
    for (const auto& [name, count] : instances) {
      if (def_at(plain_above + name)->repeat_count == kNoExpression)
        found_.push_back({above + name, std::to_string(count)});
    }
    std::map<std::string, std::size_t> seen;
    for (const pugi::xml_node& child : parent.children()) {
      if (child.type() != pugi::node_element) continue;
      const std::string name = child.name();
      const Def* const def = def_at(plain_above + name);
      if (!def) continue;
      const bool repeats = def->kind == DefKind::Repeat;
      const std::string place = repeats ? "[" + std::to_string(++seen[name]) + "]" : "";
      element(child, *def, above + name + place, plain_above + name);
    }
  }

  bool is_repeat(const std::string& plain) const {
    const Def* const def = def_at(plain);
    return def != nullptr && def->kind == DefKind::Repeat;
  }

  void element(const pugi::xml_node& node, const Def& def, const std::string& path,
               const std::string& plain) {
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      const std::string name = "/@" + std::string(attribute.name());
      if (def_at(plain + name)) found_.push_back({path + name, attribute.value()});
    }
    if (def.kind != DefKind::Question) return children(node, path, plain);
    const std::string value = node.text().get();
    if (!value.empty()) found_.push_back({path, value});
  }

  const FormModel& model_;
  std::vector<Answer> found_;
};

}  // namespace

std::string write_submission(const FormSession& session) {
  const FormModel& model = session.form().model();
  XmlElement root{model.root_name, {}, {}, {}};
  root.set("id", model.form_id);
  if (!model.version.empty()) root.set("version", model.version);
  for (const Answer& answer : session.answers()) put(root, answer);
  return write_xml(root);
}

Result<std::vector<Answer>> read_submission(const CompiledForm& form, std::string_view xml) {
  pugi::xml_document document;
  if (const auto parsed = parse_xml(xml, document); !parsed) return parsed.error();
  const pugi::xml_node root = document.document_element();
  const std::string id = root.attribute("id").value();
  if (id != form.form_id())
    return Error(ErrorCode::FormInvalid,
                 "The submission is of the form '" + id + "', not of '" + form.form_id() + "'.");
  if (form.model().root_name != local_part(root.name()))
    return Error(ErrorCode::FormInvalid, "The submission's root is <" + std::string(root.name()) +
                                             ">, not <" + form.model().root_name + ">.");
  return SubmissionReader(form.model()).read(root);
}

}  // namespace terreno::forms
