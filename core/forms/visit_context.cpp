#include "core/forms/visit_context.hpp"

#include <set>

#include "core/forms/form_model.hpp"
#include "core/forms/functions.hpp"

namespace terreno::forms {
namespace {

/// The names under which a form's expressions read the case.
class CaseReads {
 public:
  explicit CaseReads(const FormModel& model) : model_(model), code_(model.code) {
    for (const Path& path : code_.paths) read_path(path);
    for (ExprId id = 0; id < code_.nodes.size(); ++id)
      all_ = all_ || (is_case(id) && !followed_.contains(id));
  }

  /// Some expression looks at the case in a way that names no datum.
  bool all() const { return all_; }
  bool has(const std::string& name) const { return names_.contains(name); }

 private:
  /// A call that reaches into another instance, unless it says that this is not the case.
  bool is_case(ExprId id) const {
    const ExprNode& node = code_.nodes[id];
    if (node.op != Op::Call || node.function == kUnknownFunction || node.b == 0) return false;
    const std::string_view name = function_row(node.function).name;
    if (name != "instance" && name != "pulldata") return false;
    const ExprNode& named = code_.nodes[code_.arguments[node.a]];
    return named.op != Op::Text || code_.texts[named.a] == "case";
  }

  static bool names_a_child(const Step& step) {
    return step.axis == Axis::Child && step.test == NodeTest::Name && step.predicate_count == 0;
  }

  /// instance('case')/root/NAME. A predicate or a further step could lead to the other data.
  void read_path(const Path& path) {
    if (path.start != PathStart::Expression || !is_case(path.start_expression)) return;
    followed_.insert(path.start_expression);
    constexpr std::uint32_t kRootAndName = 2;
    const bool plain = path.predicate_count == 0 && path.step_count == kRootAndName &&
                       names_a_child(code_.steps[path.first_step]) &&
                       names_a_child(code_.steps[path.first_step + 1]);
    if (plain) {
      names_.insert(model_.names.text(code_.steps[path.first_step + 1].local));
    } else {
      all_ = true;
    }
  }

  const FormModel& model_;
  const ExpressionCode& code_;
  std::set<std::string> names_;
  std::set<ExprId> followed_;  ///< calls that a path begins with
  bool all_ = false;
};

}  // namespace

std::map<std::string, std::string> case_prefill(const Case& item) {
  std::map<std::string, std::string> prefill = item.data;
  prefill.emplace("key", item.key);
  prefill.emplace("name", item.party.name);
  prefill.emplace("phone", item.party.phone);
  prefill.emplace("address", item.place.address);
  prefill.emplace("reference", item.place.reference);
  prefill.emplace("note", item.note);
  return prefill;
}

std::map<std::string, std::string> prefill_read_by(const CompiledForm& form,
                                                   const std::map<std::string, std::string>& prefill) {
  const CaseReads reads(form.model());
  if (reads.all()) return prefill;
  std::map<std::string, std::string> read;
  for (const auto& [name, value] : prefill) {
    if (reads.has(name)) read.emplace(name, value);
  }
  return read;
}

FormContext visit_context(const FormContextRecord& record, const Uuid& device_id,
                          std::string_view gestor_name) {
  FormContext context;
  context.now_ms = record.now_ms;
  context.utc_offset_minutes = record.utc_offset_minutes;
  context.random_seed = record.random_seed;
  context.device_id = device_id.to_string();
  context.username = gestor_name;
  context.prefill = record.prefill;
  return context;
}

}  // namespace terreno::forms
