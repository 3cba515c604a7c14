// The nodes of a filling: blocks of repeats, paths, the first values.
#include <algorithm>
#include <charconv>

#include "core/forms/dates.hpp"
#include "core/forms/functions.hpp"
#include "core/forms/limits.hpp"
#include "core/forms/session_state.hpp"

namespace terreno::forms {

FormSession::State::State(std::shared_ptr<const CompiledForm> form, FormContext context)
    : form_(std::move(form)), model_(form_->model()), context_(std::move(context)) {
  if (!model_.languages.empty()) default_tag_ = forms::language_tag(model_.languages.front());
  build_case(context_);
  pending_.resize(model_.cells.size());
  dirty_.resize(model_.cells.size() / 64 + 1);
  free_blocks_.resize(model_.defs.size());
  defs_of_.push_back(kNoDef);  // the document
  blocks_of_.push_back(0);
  own_relevant_.push_back(true);
  touched_.push_back(false);
  const BlockId root = make_block(0, kNoBlock);
  tree_.append_child(0, blocks_[root].base);
  fill_from_primary(model_.primary.document_element(), 0, root);
  each_element([this](NodeId node) { preload(node); });
  settle();
  run_actions(&Action::on_first_load, kNoDef, 0);
  settle();
}

void FormSession::State::build_case(const FormContext& context) {
  auto name_of = [this](std::string_view name) { return model_.names.find(name); };
  const NodeId root = case_.make(NodeKind::Element, name_of("root"), kNoName, name_of("root"));
  case_.append_child(0, root);
  for (const auto& [name, value] : context.prefill) {
    const NodeId node = case_.make(NodeKind::Element, name_of(name), kNoName, name_of(name));
    case_.value(node) = value;
    case_.append_child(root, node);
  }
}

BlockId FormSession::State::make_block(DefId def, BlockId parent) {
  const auto id = static_cast<BlockId>(blocks_.size());
  const Def& top = model_.defs[def];
  Block& block = blocks_.emplace_back();
  block.def = def;
  block.parent = parent;
  block.base = tree_.size();
  block.slots.resize(top.slot_count);
  const NodeId base = block.base;
  tree_.reserve(tree_.size() + top.block_size);
  for (DefId at = def; at < top.end; at = model_.defs[at].block == def ? at + 1 : model_.defs[at].end) {
    const Def& source = model_.defs[at];
    if (source.block != def) continue;
    const bool is_attribute = source.kind == DefKind::Attribute;
    const NodeId node = tree_.make(is_attribute ? NodeKind::Attribute : NodeKind::Element, source.local,
                                   source.uri, source.qualified);
    tree_.value(node) = source.default_value;
    defs_of_.push_back(at);
    blocks_of_.push_back(id);
    own_relevant_.push_back(true);
    touched_.push_back(false);
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
    } else if (const auto& instances = blocks_[around].slots[sibling.slot]; !instances.empty()) {
      before = blocks_[instances.back()].base;
    }
  }
  return before;
}

BlockId FormSession::State::add_instance(RepeatPlace place) {
  const Def& def = model_.defs[place.repeat];
  BlockId made = kNoBlock;
  if (auto& unused = free_blocks_[place.repeat]; !unused.empty()) {
    made = unused.back();
    unused.pop_back();
    blocks_[made].parent = place.around;
    reset_block(made);
  } else {
    made = make_block(place.repeat, place.around);
  }
  ++instance_count_;
  auto& instances = blocks_[place.around].slots[def.slot];
  const NodeId after =
      instances.empty() ? node_before_slot(place.repeat, place.around) : blocks_[instances.back()].base;
  const NodeId parent = node_in(place.around, def.parent);
  tree_.insert_child(parent, blocks_[made].base, after);
  instances.push_back(made);
  if (!tree_[parent].relevant) spread_relevance(blocks_[made].base);
  fire_structure(place.repeat, place.around);
  return made;
}

void FormSession::State::reset_block(BlockId id) {
  Block& block = blocks_[id];
  block.alive = true;
  const NodeId end = block.base + model_.defs[block.def].block_size;
  for (NodeId node = block.base; node < end; ++node) {
    tree_.value(node) = model_.defs[defs_of_[node]].default_value;
    tree_.set_relevant(node, true);
    own_relevant_[node] = true;
    touched_[node] = false;
  }
  mark_block(id);
}

void FormSession::State::release_block(BlockId id) {
  blocks_[id].alive = false;
  --instance_count_;
  for (auto& slot : blocks_[id].slots) {
    for (const BlockId inner : slot) {
      tree_.unlink(blocks_[inner].base);
      release_block(inner);
    }
    slot.clear();
  }
  free_blocks_[blocks_[id].def].push_back(id);
}

void FormSession::State::remove_instance(RepeatPlace place, std::size_t index) {
  auto& instances = instances_of(place);
  const BlockId gone = instances[index];
  tree_.unlink(blocks_[gone].base);
  instances.erase(instances.begin() + static_cast<std::ptrdiff_t>(index));
  release_block(gone);
  fire_structure(place.repeat, place.around);
  // Those behind it have a new position.
  for (std::size_t i = index; i < instances.size(); ++i) fire(blocks_[instances[i]].base);
}

void FormSession::State::set_instance_count(RepeatPlace place, std::size_t count) {
  while (instances_of(place).size() > count) remove_instance(place, instances_of(place).size() - 1);
  while (instances_of(place).size() < count && instance_count_ < kMaxRepeatInstances) add_instance(place);
}

DefId FormSession::State::child_def(DefId parent, NodeId primary_node) const {
  const bool is_attribute = model_.primary[primary_node].kind == NodeKind::Attribute;
  for (DefId child = parent + 1; child < model_.defs[parent].end; child = model_.defs[child].end) {
    const Def& candidate = model_.defs[child];
    if (candidate.qualified == model_.primary[primary_node].qualified &&
        (candidate.kind == DefKind::Attribute) == is_attribute)
      return child;
  }
  return kNoDef;
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
    } else if (!is_template(model_.primary, model_.names, child) && instance_count_ < kMaxRepeatInstances) {
      fill_from_primary(child, id, add_instance({id, block}));
    }
  }
}

void FormSession::State::preload(NodeId node) {
  const Def& def = model_.defs[defs_of_[node]];
  if (def.preload.empty() || !tree_.value(node).empty()) return;
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
  while (block != kNoBlock && blocks_[block].def != block_def) block = blocks_[block].parent;
  return block;
}

void FormSession::State::each_block(DefId block_def, BlockId inside,
                                    const std::function<void(BlockId)>& visit) const {
  if (blocks_[inside].def == block_def) return visit(inside);
  // One step down: the repeat right inside this block that holds the wanted one.
  DefId step = block_def;
  for (;;) {
    const DefId around = model_.defs[model_.defs[step].parent == kNoDef ? 0 : model_.defs[step].parent].block;
    if (around == blocks_[inside].def) break;
    if (step == around || model_.defs[step].parent == kNoDef) return;  // not inside this block at all
    step = around;
  }
  const std::vector<BlockId> instances = blocks_[inside].slots[model_.defs[step].slot];
  for (const BlockId inner : instances) each_block(block_def, inner, visit);
}

void FormSession::State::each_node(DefId def, BlockId block, const std::function<void(NodeId)>& visit) const {
  each_block(model_.defs[def].block, block, [&](BlockId found) { visit(node_in(found, def)); });
}

void FormSession::State::each_element(const std::function<void(NodeId)>& visit) const {
  for (NodeId node = tree_.next_in_document(0, 0); node != kNoNode; node = tree_.next_in_document(node, 0))
    visit(node);
}

std::string FormSession::State::path_of(NodeId node) const {
  std::vector<NodeId> way;
  for (NodeId up = node; up != kNoNode && up != 0; up = tree_[up].parent) way.push_back(up);
  std::string path;
  // The last one is the root, which paths leave out.
  for (std::size_t i = way.size(); i-- > 0;) {
    if (i + 1 == way.size()) continue;
    const NodeId at = way[i];
    if (!path.empty()) path += '/';
    if (tree_[at].kind == NodeKind::Attribute) path += '@';
    path += model_.names.text(tree_[at].qualified);
    const Def& def = model_.defs[defs_of_[at]];
    if (def.kind != DefKind::Repeat) continue;
    const BlockId block = blocks_of_[at];
    const auto& instances = blocks_[blocks_[block].parent].slots[def.slot];
    const auto place = std::find(instances.begin(), instances.end(), block) - instances.begin();
    path += '[' + std::to_string(place + 1) + ']';
  }
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
  const NodeId parent = slash == std::string_view::npos ? blocks_[0].base : node_at(path.substr(0, slash));
  if (parent == kNoNode) return {};
  const DefId above = defs_of_[parent];
  for (DefId child = above + 1; child < model_.defs[above].end; child = model_.defs[child].end) {
    const Def& candidate = model_.defs[child];
    if (candidate.kind == DefKind::Repeat && model_.names.text(candidate.qualified) == name)
      return {child, blocks_of_[parent]};
  }
  return {};
}

NodeId FormSession::State::node_at(std::string_view path) const {
  DefId def = 0;
  BlockId block = 0;
  while (!path.empty()) {
    const auto part = take_part(path);
    if (!part) return kNoNode;
    const bool is_attribute = part->name.starts_with('@');
    const NameId name = model_.names.find(is_attribute ? part->name.substr(1) : part->name);
    if (name == kNoName) return kNoNode;
    DefId found = kNoDef;
    for (DefId child = def + 1; child < model_.defs[def].end && found == kNoDef;
         child = model_.defs[child].end) {
      const Def& candidate = model_.defs[child];
      if (candidate.qualified == name && (candidate.kind == DefKind::Attribute) == is_attribute)
        found = child;
    }
    if (found == kNoDef) return kNoNode;
    def = found;
    if (model_.defs[def].kind == DefKind::Repeat) {
      const auto& instances = blocks_[block].slots[model_.defs[def].slot];
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
