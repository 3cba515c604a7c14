// The nodes of a filling: blocks of repeats, paths, the first values.
#include <algorithm>
#include <charconv>

#include "core/forms/dates.hpp"
#include "core/forms/functions.hpp"
#include "core/forms/limits.hpp"
#include "core/forms/session_state.hpp"

namespace terreno::forms {

FormSession::State::State(const FormModel& model) : model_(model) {
  if (!model_.languages.empty()) default_tag_ = model_.default_tag;
  prepare_cells();
  filling_.defs_of.push_back(kNoDef);  // the document
  filling_.blocks_of.push_back(0);
  filling_.own_relevant.push_back(true);
  filling_.touched.push_back(false);
  const BlockId root = make_block(0, kNoBlock);
  tree_.append_child(0, filling_.blocks[root].base);
  fill_from_primary(model_.primary.document_element(), 0, root);
  settle();
}

FillingStart FormSession::State::take_start() && {
  std::sort(context_cells_.begin(), context_cells_.end());
  context_cells_.erase(std::unique(context_cells_.begin(), context_cells_.end()), context_cells_.end());
  return {std::move(filling_), std::move(context_cells_)};
}

FillingStart make_start(const FormModel& model) { return FormSession::State(model).take_start(); }

FormSession::State::State(std::shared_ptr<const CompiledForm> form, FormContext context)
    : form_(std::move(form)),
      model_(form_->model()),
      context_(std::move(context)),
      default_tag_(model_.default_tag),
      filling_(form_->start().filling) {
  prepare_cells();
  for (const std::uint32_t cell : form_->start().context_cells) mark(cell, 0);
  for (const DefId def : model_.preloaded) {
    each_node(def, 0, [this](NodeId node) { preload(node); });
  }
  settle();
  run_actions(&Action::on_first_load, kNoDef, 0);
  settle();
}

void FormSession::State::prepare_cells() {
  pending_.resize(model_.repeated_cells + 1);
  dirty_.resize(model_.cells.size() / 64 + 1);
  everywhere_.resize(dirty_.size());
  lowest_dirty_ = dirty_.size();
  running_.resize(model_.collections.size());
}

void FormSession::State::build_case() {
  case_.emplace();
  auto name_of = [this](std::string_view name) { return model_.names.find(name); };
  const NodeId root = case_->make(NodeKind::Element, name_of("root"), kNoName, name_of("root"));
  case_->append_child(0, root);
  for (const auto& [name, value] : context_.prefill) {
    const NodeId node = case_->make(NodeKind::Element, name_of(name), kNoName, name_of(name));
    case_->value(node) = value;
    case_->append_child(root, node);
  }
}

BlockId FormSession::State::make_block(DefId def, BlockId parent) {
  const auto id = static_cast<BlockId>(filling_.blocks.size());
  const Def& top = model_.defs[def];
  Block& block = filling_.blocks.emplace_back();
  block.def = def;
  block.parent = parent;
  block.base = tree_.size();
  block.slots.resize(top.slot_count);
  const NodeId base = block.base;
  if (def == 0)
    tree_.reserve(top.block_size + 1);  // one reservation an instance would copy them all each time
  for (DefId at = def; at < top.end; at = model_.defs[at].block == def ? at + 1 : model_.defs[at].end) {
    const Def& source = model_.defs[at];
    if (source.block != def) continue;
    const bool is_attribute = source.kind == DefKind::Attribute;
    const NodeId node = tree_.make(is_attribute ? NodeKind::Attribute : NodeKind::Element, source.local,
                                   source.uri, source.qualified);
    tree_.value(node) = source.default_value;
    filling_.defs_of.push_back(at);
    filling_.blocks_of.push_back(id);
    filling_.own_relevant.push_back(true);
    filling_.touched.push_back(false);
    if (at == def) continue;
    const NodeId above = base + model_.defs[source.parent].offset;
    if (is_attribute)
      tree_.append_attribute(above, node);
    else
      tree_.append_child(above, node);
  }
  mark_block(id);
  return id;
}

/// The node behind which the first instance of a repeat belongs.
NodeId FormSession::State::node_before_slot(DefId repeat, BlockId around) const {
  const DefId parent = model_.defs[repeat].parent;
  NodeId before = kNoNode;
  for (DefId child = parent + 1; child < repeat; child = model_.defs[child].end) {
    const Def& sibling = model_.defs[child];
    if (sibling.kind == DefKind::Attribute) continue;
    if (sibling.kind != DefKind::Repeat) {
      before = node_in(around, child);
    } else if (const auto& instances = filling_.blocks[around].slots[sibling.slot]; !instances.empty()) {
      before = filling_.blocks[instances.back()].base;
    }
  }
  return before;
}

/// An instance that was taken away and may serve again; kNoBlock when there is none.
BlockId FormSession::State::reusable_block(DefId repeat) {
  auto& unused = filling_.free_blocks;
  const auto found = std::find_if(unused.rbegin(), unused.rend(),
                                  [&](BlockId block) { return filling_.blocks[block].def == repeat; });
  if (found == unused.rend()) return kNoBlock;
  const BlockId block = *found;
  unused.erase(std::next(found).base());
  return block;
}

BlockId FormSession::State::add_instance(RepeatPlace place) {
  const Def& def = model_.defs[place.repeat];
  BlockId made = reusable_block(place.repeat);
  if (made == kNoBlock) {
    made = make_block(place.repeat, place.around);
  } else {
    filling_.blocks[made].parent = place.around;
    reset_block(made);
  }
  ++filling_.instance_count;
  auto& instances = filling_.blocks[place.around].slots[def.slot];
  const NodeId after = instances.empty() ? node_before_slot(place.repeat, place.around)
                                         : filling_.blocks[instances.back()].base;
  const NodeId parent = node_in(place.around, def.parent);
  tree_.insert_child(parent, filling_.blocks[made].base, after);
  filling_.blocks[made].position = static_cast<std::uint32_t>(instances.size());
  instances.push_back(made);
  if (!tree_[parent].relevant) spread_relevance(filling_.blocks[made].base);
  fire_structure(place.repeat, place.around);
  return made;
}

void FormSession::State::reset_block(BlockId id) {
  Block& block = filling_.blocks[id];
  block.alive = true;
  const NodeId end = block.base + model_.defs[block.def].block_size;
  for (NodeId node = block.base; node < end; ++node) {
    tree_.value(node) = model_.defs[filling_.defs_of[node]].default_value;
    tree_.set_relevant(node, true);
    filling_.own_relevant[node] = true;
    filling_.touched[node] = false;
  }
  mark_block(id);
}

void FormSession::State::release_block(BlockId id) {
  filling_.blocks[id].alive = false;
  --filling_.instance_count;
  for (auto& slot : filling_.blocks[id].slots) {
    for (const BlockId inner : slot) {
      tree_.unlink(filling_.blocks[inner].base);
      release_block(inner);
    }
    slot.clear();
  }
  filling_.free_blocks.push_back(id);
}

void FormSession::State::remove_instance(RepeatPlace place, std::size_t index) {
  auto& instances = instances_of(place);
  const BlockId gone = instances[index];
  tree_.unlink(filling_.blocks[gone].base);
  instances.erase(instances.begin() + static_cast<std::ptrdiff_t>(index));
  release_block(gone);
  if (!running_.empty()) {
    for (DefId def = place.repeat; def < model_.defs[place.repeat].end; ++def) forget_running(def, index);
  }
  fire_structure(place.repeat, place.around);
  // Those behind it have a new position.
  for (std::size_t i = index; i < instances.size(); ++i) {
    filling_.blocks[instances[i]].position = static_cast<std::uint32_t>(i);
    fire(filling_.blocks[instances[i]].base);
  }
}

/// The index-th instance of a repeat that the form's author wrote, kNoNode when there are fewer. Only of a
/// repeat that stands in no other.
NodeId FormSession::State::written_instance(DefId repeat, std::size_t index) const {
  const Def& def = model_.defs[repeat];
  if (model_.defs[def.parent].block != 0) return kNoNode;
  std::vector<DefId> way;
  for (DefId up = def.parent; up != 0; up = model_.defs[up].parent) way.push_back(up);
  auto named = [this](NodeId child, DefId wanted) {
    while (child != kNoNode && (model_.primary[child].qualified != model_.defs[wanted].qualified ||
                                is_template(model_.primary, model_.names, child)))
      child = model_.primary[child].next;
    return child;
  };
  NodeId at = model_.primary.document_element();
  for (std::size_t i = way.size(); i-- > 0 && at != kNoNode;)
    at = named(model_.primary[at].first_child, way[i]);
  if (at == kNoNode) return kNoNode;
  NodeId child = named(model_.primary[at].first_child, repeat);
  for (; child != kNoNode && index > 0; --index) child = named(model_.primary[child].next, repeat);
  return child;
}

void FormSession::State::set_instance_count(RepeatPlace place, std::size_t count) {
  while (instances_of(place).size() > count) remove_instance(place, instances_of(place).size() - 1);
  while (instances_of(place).size() < count && filling_.instance_count < kMaxRepeatInstances) {
    const std::size_t index = instances_of(place).size();
    const BlockId made = add_instance(place);
    if (model_.defs[place.repeat].repeat_count == kNoExpression) continue;
    if (model_.has_new_repeat_actions) counted_out_.push_back(made);
    if (const NodeId written = written_instance(place.repeat, index); written != kNoNode)
      fill_from_primary(written, place.repeat, made);
  }
}

DefId FormSession::State::child_def(DefId parent, NodeId primary_node) const {
  const Node node = model_.primary[primary_node];
  return model_.children.exact(model_, parent, model_.names.text(node.qualified),
                               node.kind == NodeKind::Attribute);
}

/// Copies the values that the form's author wrote, and makes the instances of repeats that stand there.
/// Definitions and nodes come in the same order, so that each child's definition is near the last one's.
void FormSession::State::fill_from_primary(NodeId source, DefId def, BlockId block) {
  tree_.value(node_in(block, def)) = model_.primary.value(source);
  for (NodeId a = model_.primary[source].first_attribute; a != kNoNode; a = model_.primary[a].next) {
    if (const DefId id = child_def(def, a); id != kNoDef)
      tree_.value(node_in(block, id)) = model_.primary.value(a);
  }
  DefId next = def + 1;
  for (NodeId child = model_.primary[source].first_child; child != kNoNode;
       child = model_.primary[child].next) {
    while (next < model_.defs[def].end && model_.defs[next].kind == DefKind::Attribute) ++next;
    const bool in_order =
        next < model_.defs[def].end && model_.defs[next].qualified == model_.primary[child].qualified;
    const DefId id = in_order ? next : child_def(def, child);
    if (id == kNoDef) continue;
    next = model_.defs[id].end;
    if (model_.defs[id].kind != DefKind::Repeat) {
      fill_from_primary(child, id, block);
    } else if (!is_template(model_.primary, model_.names, child) &&
               filling_.instance_count < kMaxRepeatInstances) {
      fill_from_primary(child, id, add_instance({id, block}));
    }
  }
}

void FormSession::State::preload(NodeId node) {
  const Def& def = model_.defs[filling_.defs_of[node]];
  if (def.preload.empty() || def.calculate != kNoExpression) return;  // a calculation has the last word
  const double now = days_from_ms(context_.now_ms);
  const std::int32_t offset = context_.utc_offset_minutes;
  std::string value;
  if (def.preload == "timestamp" && def.preload_parameters == "start") value = iso_date_time(now, offset);
  if (def.preload == "date") value = iso_date(now, offset);
  if (def.preload == "uid") {
    random_node_ = node;
    random_expression_ = kNoExpression;
    random_draws_ = 0;
    value = "uuid:" + random_uuid(*this);
  }
  if (def.preload == "property") value = form_property(def.preload_parameters);
  if (!value.empty()) set_value(node, std::move(value));
}

BlockId FormSession::State::enclosing(BlockId block, DefId block_def) const {
  while (block != kNoBlock && filling_.blocks[block].def != block_def) block = filling_.blocks[block].parent;
  return block;
}

DefId FormSession::State::step_towards(DefId block_def, DefId outer) const {
  DefId step = block_def;
  while (step != 0) {
    const DefId around = model_.defs[model_.defs[step].parent].block;
    if (around == outer) return step;
    step = around;
  }
  return kNoDef;
}

std::string FormSession::State::path_of(NodeId node) const {
  const DefId id = filling_.defs_of[node];
  const BlockId own = filling_.blocks_of[node];
  if (own == 0 || id == kNoDef) return id == kNoDef ? std::string() : model_.defs[id].path;
  const Block& block = filling_.blocks[own];
  const Def& repeat = model_.defs[block.def];
  std::string path = path_of(filling_.blocks[block.parent].base);
  // What stands between the two blocks, and between the instance and the node, is the same in all instances.
  const std::size_t above = model_.defs[filling_.blocks[block.parent].def].path.size();
  path += std::string_view(repeat.path).substr(path.empty() ? 0 : above);
  path += '[' + std::to_string(block.position + 1) + ']';
  path += std::string_view(model_.defs[id].path).substr(repeat.path.size());
  return path;
}

namespace {

struct PathPart {
  std::string_view name;
  std::size_t index = 0;  ///< 0 when none is written
};

std::optional<PathPart> take_part(std::string_view& path) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  PathPart part{path.substr(0, slash), 0};
  path = path.substr(std::min(slash + 1, path.size()));
  if (part.name.empty()) return std::nullopt;
  if (!part.name.ends_with(']')) return part;
  const std::size_t open = part.name.find('[');
  if (open == std::string_view::npos) return std::nullopt;
  const char* const last = part.name.data() + part.name.size() - 1;
  const auto read = std::from_chars(part.name.data() + open + 1, last, part.index);
  if (read.ec != std::errc{} || read.ptr != last || part.index == 0) return std::nullopt;
  part.name = part.name.substr(0, open);
  return part;
}

}  // namespace

FormSession::State::RepeatPlace FormSession::State::repeat_at(std::string_view path) const {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const NodeId parent =
      slash == std::string_view::npos ? filling_.blocks[0].base : node_at(path.substr(0, slash));
  if (parent == kNoNode) return {};
  const DefId repeat = model_.children.exact(model_, filling_.defs_of[parent], name, false);
  if (repeat == kNoDef || model_.defs[repeat].kind != DefKind::Repeat) return {};
  return {repeat, filling_.blocks_of[parent]};
}

NodeId FormSession::State::node_at(std::string_view path) const {
  DefId def = 0;
  BlockId block = 0;
  while (!path.empty()) {
    const auto part = take_part(path);
    if (!part) return kNoNode;
    const bool is_attribute = part->name.starts_with('@');
    const DefId found =
        model_.children.exact(model_, def, is_attribute ? part->name.substr(1) : part->name, is_attribute);
    if (found == kNoDef) return kNoNode;
    def = found;
    if (model_.defs[def].kind == DefKind::Repeat) {
      const auto& instances = filling_.blocks[block].slots[model_.defs[def].slot];
      const std::size_t index = part->index == 0 ? 1 : part->index;  // "people/age" means the first
      if (index > instances.size()) return kNoNode;
      block = instances[index - 1];
    } else if (part->index > 1) {
      return kNoNode;
    }
  }
  return node_in(block, def);
}

}  // namespace terreno::forms
