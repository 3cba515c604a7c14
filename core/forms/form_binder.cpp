// Finds out, once per form, which definitions each expression reads and which paths lead to a single node, so
// that a filling neither searches for questions nor recomputes what did not change.
#include <algorithm>

#include "core/forms/form_model.hpp"
#include "core/forms/functions.hpp"
#include "core/forms/xpath_parser.hpp"

namespace terreno::forms {
namespace {

/// The definitions that a path may lead to. The document above the root is kDocument.
constexpr DefId kDocument = 0xFFFFFFFEU;

struct DefSet {
  std::vector<DefId> defs;
  bool foreign = false;  ///< may hold nodes of another instance

  void add(DefId def) {
    if (std::find(defs.begin(), defs.end(), def) == defs.end()) defs.push_back(def);
  }
};

/// How a path walks, for the decision whether it leads to one node of the question's own instances.
struct Walk {
  bool single = true;  ///< only plain steps to one definition
  bool absolute = false;
  DefId scope = 0;  ///< the innermost block that is certainly the question's own
};

class Binder {
 public:
  Binder(FormModel& model, const BoundExpression& bound)
      : model_(model),
        code_(model.code),
        root_(bound.root),
        context_(bound.context),
        first_read_(model.reads.size()) {}

  void run() {
    DefSet here;
    here.add(context_);
    analyze(root_, here, true, true);
  }

 private:
  const Def& def(DefId id) const { return model_.defs[id]; }

  bool is_block_of_context(DefId id) const {
    const DefKind kind = def(id).kind;
    return (kind == DefKind::Repeat || kind == DefKind::Root) && is_within(model_, context_, id);
  }

  void read(DefId id, DefId scope) {
    if (id == kDocument) return;
    for (std::size_t i = first_read_; i < model_.reads.size(); ++i) {
      Dependency& known = model_.reads[i];
      if (known.def != id) continue;
      // The outer of two scopes covers both.
      if (is_within(model_, known.scope, scope)) known.scope = scope;
      return;
    }
    model_.reads.push_back({id, scope});
  }

  /// Gives the definitions of a node-set expression, none for a value. `top`: "." is the question itself
  /// there. `contextual`: an absolute path into a repeat around the question means the question's own
  /// instance.
  DefSet analyze(ExprId id, const DefSet& here, bool top, bool contextual) {
    const ExprNode node = code_.nodes[id];
    switch (node.op) {
      case Op::Number:
      case Op::Text:
        return {};
      case Op::Path:
        return analyze_path(node.a, here, top, contextual);
      case Op::Call:
        return analyze_call(node, here, top, contextual);
      case Op::Negate:
        return read_value(node.a, here, top, contextual);
      case Op::Union: {
        DefSet both = analyze(node.a, here, top, contextual);
        const DefSet right = analyze(node.b, here, top, contextual);
        for (const DefId other : right.defs) both.add(other);
        both.foreign = both.foreign || right.foreign;
        return both;
      }
      default:
        read_value(node.a, here, top, contextual);
        return read_value(node.b, here, top, contextual);
    }
  }

  DefSet read_value(ExprId id, const DefSet& here, bool top, bool contextual) {
    analyze(id, here, top, contextual);
    return {};
  }

  DefSet analyze_call(const ExprNode& node, const DefSet& here, bool top, bool contextual) {
    if (node.function == kUnknownFunction) return {};
    const std::string_view name = function_row(node.function).name;
    if (name == "current") {
      DefSet self;
      self.add(context_);
      return self;
    }
    DefSet result;
    for (std::uint32_t i = 0; i < node.b; ++i) {
      // indexed-repeat() names its instances itself: there a path means all of them.
      const bool names_instances = name == "indexed-repeat" && (i == 0 || i % 2 == 1);
      const DefSet argument = analyze(code_.arguments[node.a + i], here, top, contextual && !names_instances);
      if (name == "randomize" && i == 0) result = argument;
      if (name == "indexed-repeat" && i == 0) result = argument;
    }
    if (name == "instance" || name == "id") result.foreign = true;
    if ((name == "sum" || name == "count") && node.b == 1)
      note_collection(code_.nodes[code_.arguments[node.a]]);
    return result;
  }

  /// A path of names from the root to one node of every instance of an outermost repeat.
  void note_collection(const ExprNode& argument) {
    if (argument.op != Op::Path) return;
    Path& path = code_.paths[argument.a];
    if (path.start != PathStart::Root || path.direct != kNoDef || path.start_def != kNoDef ||
        path.step_count == 0)
      return;
    DefId at = kDocument;
    for (std::uint32_t i = 0; i < path.step_count; ++i) {
      const Step& step = code_.steps[path.first_step + i];
      if (step.predicate_count > 0 || step.axis != Axis::Child || step.test != NodeTest::Name) return;
      at = at == kDocument ? (named(step, 0) ? 0 : kNoDef) : only_child(at, step);
      if (at == kNoDef) return;
    }
    const DefId repeat = def(at).block;
    if (repeat == 0 || def(def(repeat).parent).block != 0) return;
    Def& noted = model_.defs[at];
    if (noted.collection == kNoCollection) {
      noted.collection = static_cast<std::uint32_t>(model_.collections.size());
      model_.collections.push_back(at);
    }
    path.collection = noted.collection;
  }

  DefSet path_start(Path& path, const DefSet& here, bool top, bool contextual, Walk& walk) {
    DefSet set;
    switch (path.start) {
      case PathStart::Root:
        walk.absolute = true;
        set.add(kDocument);
        return set;
      case PathStart::Context:
        walk.single = top;
        walk.scope = top ? def(context_).block : 0;
        return here;
      case PathStart::Expression:
        break;
    }
    const ExprNode& start = code_.nodes[path.start_expression];
    const bool is_current = start.op == Op::Call && start.function != kUnknownFunction &&
                            function_row(start.function).name == "current" && path.predicate_count == 0;
    set = analyze(path.start_expression, here, top, contextual);
    analyze_predicates(path.first_predicate, path.predicate_count, set);
    walk.single = is_current;
    walk.scope = is_current ? def(context_).block : 0;
    return set;
  }

  void analyze_predicates(std::uint32_t first, std::uint32_t count, const DefSet& set) {
    for (std::uint32_t i = first; i < first + count; ++i) analyze(code_.predicates[i], set, false, true);
  }

  /// Most paths are names from the root or from the question: the one node such a path leads to in the
  /// question's own instances, kNoDef when it is not so plain.
  DefId plain_target(const Path& path, bool top, bool contextual) const {
    const bool absolute = path.start == PathStart::Root;
    if (absolute ? !contextual || path.step_count == 0 : path.start != PathStart::Context || !top)
      return kNoDef;
    DefId at = absolute ? kDocument : context_;
    for (std::uint32_t i = 0; i < path.step_count; ++i) {
      const Step& step = code_.steps[path.first_step + i];
      if (step.predicate_count > 0) return kNoDef;
      if (step.axis == Axis::Parent && step.test == NodeTest::AnyNode) {
        at = at == kDocument ? kNoDef : def(at).parent;
      } else if (step.axis == Axis::Child && step.test == NodeTest::Name) {
        at = at == kDocument ? (named(step, 0) ? 0 : kNoDef) : only_child(at, step);
        const bool last = i + 1 == path.step_count;
        if (at != kNoDef && def(at).kind == DefKind::Repeat &&
            (!absolute || last || !is_block_of_context(at)))
          return kNoDef;
      } else if (step.axis != Axis::Self || step.test != NodeTest::AnyNode) {
        return kNoDef;
      }
      if (at == kNoDef) return kNoDef;
    }
    return at;
  }

  DefId only_child(DefId parent, const Step& step) const {
    const DefId found = model_.children.first(parent, step.local);
    const bool only = found != kNoDef && model_.children.next(found) == kNoDef && named(step, found);
    return only ? found : kNoDef;
  }

  DefSet analyze_path(std::uint32_t index, const DefSet& here, bool top, bool contextual) {
    if (const DefId plain = plain_target(code_.paths[index], top, contextual); plain != kNoDef) {
      code_.paths[index].direct = plain;
      code_.paths[index].holds_truth = def(plain).data_type == DataType::Boolean;
      read(plain, def(plain).block);
      return {{plain}, false};
    }
    Walk walk;
    DefSet set = path_start(code_.paths[index], here, top, contextual, walk);
    const Path path = code_.paths[index];
    std::uint32_t own_steps = 0;
    DefId own_start = kNoDef;
    bool plain = walk.absolute && contextual;
    for (std::uint32_t i = 0; i < path.step_count; ++i) {
      const Step step = code_.steps[path.first_step + i];
      set = apply(step, set);
      analyze_predicates(step.first_predicate, step.predicate_count, set);
      plain = plain && step.axis == Axis::Child && step.predicate_count == 0 && set.defs.size() == 1;
      const bool last = i + 1 == path.step_count;
      if (plain && !last && is_block_of_context(set.defs[0]) && def(set.defs[0]).kind == DefKind::Repeat) {
        own_start = set.defs[0];
        own_steps = i + 1;
        walk.scope = own_start;
      }
      follow(step, set, walk, contextual && !last);
    }
    Path& out = code_.paths[index];
    if (walk.single && !set.foreign && set.defs.size() == 1 && set.defs[0] != kDocument) {
      out.direct = set.defs[0];
      out.holds_truth = def(out.direct).data_type == DataType::Boolean;
      walk.scope = def(out.direct).block;
    } else if (own_start != kNoDef) {
      out.start_def = own_start;
      out.skip_steps = own_steps;
    }
    for (const DefId id : set.defs) read(id, walk.scope);
    return set;
  }

  /// Whether the walk still leads to exactly one node after this step.
  void follow(const Step& step, const DefSet& set, Walk& walk, bool own_instance_meant) {
    const bool plain = step.predicate_count == 0 && set.defs.size() == 1 && !set.foreign;
    const bool up = step.axis == Axis::Parent || step.axis == Axis::Self;
    const bool down = step.axis == Axis::Child || step.axis == Axis::Attribute;
    if (!plain || (!up && !down)) walk.single = false;
    if (!walk.single) {
      const bool inward = down || step.axis == Axis::Self || step.axis == Axis::Descendant ||
                          step.axis == Axis::DescendantOrSelf;
      if (step.axis == Axis::Parent && set.defs.size() == 1 && set.defs[0] != kDocument)
        narrow(walk, set.defs[0]);
      else if (!inward)
        walk.scope = 0;
      return;
    }
    const DefId reached = set.defs[0];
    if (reached == kDocument) return;
    if (down && def(reached).kind == DefKind::Repeat) {
      // Going down into a repeat meets all its instances, unless an absolute path means the one around the
      // question.
      walk.single = walk.absolute && own_instance_meant && is_block_of_context(reached);
      if (!walk.single && !walk.absolute) narrow(walk, def(reached).parent);
      return;
    }
    narrow(walk, reached);
  }

  /// Going up leaves inner instances: from there on only the outer block is shared.
  void narrow(Walk& walk, DefId reached) const {
    const DefId block = def(reached).block;
    if (is_within(model_, walk.scope, block)) walk.scope = block;
  }

  bool named(const Step& step, DefId id) const {
    const Def& candidate = def(id);
    if ((step.axis == Axis::Attribute) != (candidate.kind == DefKind::Attribute)) return false;
    switch (step.test) {
      case NodeTest::AnyNode:
      case NodeTest::AnyName:
        return true;
      case NodeTest::Name:
        return candidate.local == step.local && (step.any_namespace || candidate.uri == step.uri);
      case NodeTest::AnyInNamespace:
        return step.any_namespace || candidate.uri == step.uri;
      default:
        return false;
    }
  }

  void add_children(const Step& step, DefId id, DefSet& out) const {
    if (id == kDocument) {
      if (named(step, 0)) out.add(0);
      return;
    }
    if (step.test == NodeTest::Name) {
      for (DefId child = model_.children.first(id, step.local); child != kNoDef;
           child = model_.children.next(child)) {
        if (named(step, child)) out.add(child);
      }
      return;
    }
    for (DefId child = id + 1; child < def(id).end; child = def(child).end) {
      if (named(step, child)) out.add(child);
    }
  }

  void add_descendants(const Step& step, DefId id, DefSet& out) const {
    const DefId first = id == kDocument ? 0 : id + 1;
    const DefId end = id == kDocument ? static_cast<DefId>(model_.defs.size()) : def(id).end;
    for (DefId below = first; below < end; ++below) {
      if (named(step, below)) out.add(below);
    }
  }

  DefSet apply(const Step& step, const DefSet& from) const {
    DefSet out;
    out.foreign = from.foreign;
    for (const DefId id : from.defs) {
      switch (step.axis) {
        case Axis::Child:
        case Axis::Attribute:
          add_children(step, id, out);
          break;
        case Axis::Self:
          if (id == kDocument || named(step, id)) out.add(id);
          break;
        case Axis::Parent:
          if (id != kDocument) out.add(def(id).parent == kNoDef ? kDocument : def(id).parent);
          break;
        case Axis::DescendantOrSelf:
          out.add(id);
          if (step.test == NodeTest::AnyNode && id == kDocument) out.add(0);
          add_descendants(step, id, out);
          break;
        case Axis::Descendant:
          add_descendants(step, id, out);
          break;
        case Axis::Ancestor:
        case Axis::AncestorOrSelf: {
          if (id == kDocument) break;
          const DefId first = step.axis == Axis::Ancestor ? def(id).parent : id;
          for (DefId up = first; up != kNoDef; up = def(up).parent) {
            if (named(step, up)) out.add(up);
          }
          break;
        }
        default:
          // Siblings and what follows: rare enough that reading the whole form is good enough.
          add_descendants(step, kDocument, out);
      }
    }
    return out;
  }

  FormModel& model_;
  ExpressionCode& code_;
  ExprId root_;
  DefId context_;
  std::size_t first_read_;
};

}  // namespace

bool is_within(const FormModel& model, DefId inner, DefId outer) {
  return inner >= outer && inner < model.defs[outer].end;
}

namespace {

/// jr:choice-name() of a question that offers no choices can never name one.
std::string choice_fault(const FormModel& model, const ExprNode& node) {
  if (node.op != Op::Call || node.function == kUnknownFunction || node.b != 2) return {};
  if (function_row(node.function).name != "jr:choice-name") return {};
  const ExprNode& path = model.code.nodes[model.code.arguments[node.a + 1]];
  if (path.op != Op::Text) return {};
  const std::string_view written = trimmed(model.code.texts[path.a]);
  const DefId asked = def_at_path(model, written);
  if (asked == kNoDef || model.defs[asked].control == kNoControl) return {};
  const Control& control = model.controls[model.defs[asked].control];
  if (!control.choices.empty() || control.itemset) return {};
  return "jr:choice-name(): '" + std::string(written) + "' offers no choices.";
}

}  // namespace

void bind_expressions(FormModel& model, std::vector<std::string>& faults) {
  for (ExpressionId id = 0; id < model.expressions.size(); ++id) {
    BoundExpression& bound = model.expressions[id];
    bound.first_read = static_cast<std::uint32_t>(model.reads.size());
    Binder(model, bound).run();
    bound.read_end = static_cast<std::uint32_t>(model.reads.size());
    std::vector<std::string> found = call_faults(model.code, bound.first_node, bound.node_end);
    for (ExprId node = bound.first_node; node < bound.node_end; ++node) {
      if (std::string fault = choice_fault(model, model.code.nodes[node]); !fault.empty())
        found.push_back(std::move(fault));
    }
    for (const std::string& fault : found) {
      faults.push_back("Question '" + model.defs[bound.context].path + "', expression '" +
                       std::string(model.text_of(id)) + "': " + fault);
    }
  }
}

}  // namespace terreno::forms
