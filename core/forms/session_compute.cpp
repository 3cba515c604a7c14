// Recomputation: what changed marks the cells that read it, and settle() runs them in the order of the model,
// each only in the instances that can see the change.
#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "core/forms/dates.hpp"
#include "core/forms/limits.hpp"
#include "core/forms/session_state.hpp"

namespace terreno::forms {

Evaluator FormSession::State::evaluator(ExpressionId id, NodeId node) {
  random_node_ = node;
  random_expression_ = id;
  random_draws_ = 0;
  return Evaluator(model_.code, model_.expressions[id].root, *this, {0, node});
}

void FormSession::State::mark(std::uint32_t cell, BlockId scope) {
  const std::uint64_t bit = std::uint64_t{1} << (cell % 64);
  const std::size_t word = cell / 64;
  if ((everywhere_[word] & bit) != 0) return;
  if (const std::uint32_t repeated = model_.cells[cell].repeated; scope != 0 && repeated != 0) {
    std::vector<BlockId>& scopes = pending_[repeated];
    if (scopes.empty() || scopes.back() != scope) scopes.push_back(scope);
  } else {
    everywhere_[word] |= bit;
  }
  dirty_[word] |= bit;
  lowest_dirty_ = std::min(lowest_dirty_, word);
}

/// Everything inside a new block must run once.
void FormSession::State::mark_block(BlockId block) {
  for (const std::uint32_t cell : model_.cells_of_block(filling_.blocks[block].def)) mark(cell, block);
}

void FormSession::State::fire(NodeId node) {
  const DefId def = filling_.defs_of[node];
  const BlockId block = filling_.blocks_of[node];
  if (model_.defs[def].collection != kNoCollection) forget_running(def, filling_.blocks[block].position);
  for (const Dependent& dependent : model_.dependents_on(def)) {
    const BlockId scope = block == 0 ? 0 : enclosing(block, dependent.scope);
    mark(dependent.cell, scope == kNoBlock ? 0 : scope);
  }
}

/// A repeat got or lost an instance: whoever reads anything in it from outside must look again.
void FormSession::State::fire_structure(DefId repeat, BlockId around) {
  for (DefId def = repeat; def < model_.defs[repeat].end; ++def) {
    for (const Dependent& dependent : model_.dependents_on(def)) {
      if (is_within(model_, dependent.scope, repeat)) continue;
      const BlockId scope = enclosing(around, dependent.scope);
      mark(dependent.cell, scope == kNoBlock ? 0 : scope);
    }
  }
}

/// Drops what is known of a collection from its instance `from` (0 is the first) on.
void FormSession::State::forget_running(DefId def, std::size_t from) {
  const std::uint32_t collection = model_.defs[def].collection;
  if (collection == kNoCollection) return;
  Running& running = running_[collection];
  if (running.sums.size() > from) running.sums.resize(from);
  if (running.counts.size() > from) running.counts.resize(from);
}

void FormSession::State::settle() {
  // The order of cells makes one pass enough; only a repeat that counts what it makes itself, and questions
  // that show each other, could go on, and stop here.
  constexpr std::size_t kMostCountRuns = 200;  // in one settling
  const std::size_t most_runs = 10 * kMaxRepeatInstances + 100 * model_.cells.size();
  std::size_t runs = 0;
  std::size_t count_runs = 0;
  while (lowest_dirty_ < dirty_.size() && runs < most_runs) {
    std::uint64_t& word = dirty_[lowest_dirty_];
    if (word == 0) {
      ++lowest_dirty_;
      continue;
    }
    const auto bit = static_cast<std::uint32_t>(std::countr_zero(word));
    word &= word - 1;
    const std::uint32_t cell = static_cast<std::uint32_t>(lowest_dirty_ * 64) + bit;
    if (model_.cells[cell].kind == CellKind::Count && ++count_runs > kMostCountRuns) continue;
    run_cell(cell);
    ++runs;
  }
  // Instances that the form counted out are new repeats too.
  while (form_ && !counted_out_.empty()) {
    const std::vector<BlockId> made = std::exchange(counted_out_, {});
    for (const BlockId block : made) {
      const Block& found = filling_.blocks[block];
      if (found.alive) run_actions(&Action::on_new_repeat, found.def, found.base);
    }
    settle();
  }
}

void FormSession::State::run_cell(std::uint32_t index) {
  const Cell& cell = model_.cells[index];
  const std::uint64_t bit = std::uint64_t{1} << (index % 64);
  const bool everywhere = (everywhere_[index / 64] & bit) != 0;
  everywhere_[index / 64] &= ~bit;
  asked_context_ = false;
  if (!form_ && waits_for_context(cell)) {
    asked_context_ = true;
  } else if (cell.repeated == 0) {
    run_in(cell, 0);
  } else {
    std::vector<BlockId> scopes;
    scopes.swap(pending_[cell.repeated]);
    if (everywhere) run_in(cell, 0);
    for (std::size_t i = 0; i < scopes.size() && !everywhere; ++i) {
      if (filling_.blocks[scopes[i]].alive) run_in(cell, scopes[i]);
    }
  }
  if (!form_ && asked_context_) context_cells_.push_back(index);
}

/// A calculation that reads its own value must run once in a filling, so it cannot run before it begins.
bool FormSession::State::waits_for_context(const Cell& cell) {
  if (cell.kind == CellKind::Count) return model_.has_new_repeat_actions;
  if (cell.kind != CellKind::Calculate) return false;
  const auto reads = model_.reads_of(cell.expression);
  return std::any_of(reads.begin(), reads.end(),
                     [&](const Dependency& read) { return read.def == cell.def; });
}

void FormSession::State::run_in(const Cell& cell, BlockId scope) {
  switch (cell.kind) {
    case CellKind::Calculate:
      if (cell.repeated == 0) return run_calculation(cell, node_in(0, cell.def));
      return each_node(cell.def, scope, [&](NodeId node) { run_calculation(cell, node); });
    case CellKind::Relevant:
      if (cell.repeated == 0) return run_relevance(cell, node_in(0, cell.def));
      return each_node(cell.def, scope, [&](NodeId node) { run_relevance(cell, node); });
    case CellKind::Choices:
      return each_node(cell.def, scope, [&](NodeId node) { keep_offered(node); });
    case CellKind::Count: {
      const BlockId own = enclosing(scope, cell.home);
      if (own != kNoBlock) return run_count(cell, own);
      return each_block(cell.home, scope, [&](BlockId around) { run_count(cell, around); });
    }
  }
}

std::string FormSession::State::as_stored(const Value& value, DataType type) const {
  switch (value.kind) {
    case ValueKind::Boolean:
      return value.boolean ? "true" : "false";
    case ValueKind::Number:
      if (std::isnan(value.number)) return {};
      if (type == DataType::Date) return iso_date(value.number, utc_offset_minutes());
      if (type == DataType::DateTime) return iso_date_time(value.number, utc_offset_minutes());
      return number_to_text(type == DataType::Integer ? std::trunc(value.number) : value.number);
    case ValueKind::Date:
      if (type == DataType::Date) return iso_date(value.number, utc_offset_minutes());
      if (type == DataType::DateTime) return iso_date_time(value.number, utc_offset_minutes());
      return iso_shortest(value.number, utc_offset_minutes());
    default:
      break;
  }
  std::string text = value.kind == ValueKind::Text ? value.text : std::string();
  if (value.kind == ValueKind::Nodes && !value.nodes.empty()) {
    const NodeTree& source = tree(value.nodes.front().tree);
    if (source.is_relevant(value.nodes.front().node)) text = source.string_value(value.nodes.front().node);
  }
  if (type == DataType::Date && text.size() > 10) {
    if (const auto days = parse_date_time(text, utc_offset_minutes()))
      return iso_date(*days, utc_offset_minutes());
  }
  if (type == DataType::Integer) {
    double number = 0;
    if (!plain_number(text, number)) number = text_to_number(text, utc_offset_minutes());
    if (!std::isnan(number)) return number_to_text(std::trunc(number));
  }
  return text.size() > kMaxTextBytes ? std::string() : text;
}

// While the start is made, what asked for the context leaves everything as it is: it runs in each filling.

void FormSession::State::run_calculation(const Cell& cell, NodeId node) {
  const Result<Value> value = evaluator(cell.expression, node).run();
  std::string stored = value ? as_stored(*value, model_.defs[cell.def].data_type) : std::string();
  if (form_ || !asked_context_) set_value(node, std::move(stored));
}

void FormSession::State::run_count(const Cell& cell, BlockId around) {
  const NodeId parent = node_in(around, model_.defs[cell.def].parent);
  const double wanted = evaluator(cell.expression, parent).run_number();
  if (std::isnan(wanted) || (!form_ && asked_context_)) return;  // a blank count changes nothing
  const double most = static_cast<double>(kMaxRepeatInstances);
  const std::size_t count = wanted > 0 ? static_cast<std::size_t>(std::min(wanted, most)) : 0;
  set_instance_count({cell.def, around}, count);
}

void FormSession::State::run_relevance(const Cell& cell, NodeId node) {
  const bool relevant = evaluator(cell.expression, node).run_boolean();
  if (!form_ && asked_context_) return;
  filling_.own_relevant[node] = relevant;
  spread_relevance(node);
}

/// Choices that the filter no longer lets through leave the answer.
void FormSession::State::keep_offered(NodeId node) {
  const std::string& value = tree_.value(node);
  if (value.empty()) return;
  const std::vector<std::string> offered = choice_values(node);
  if (!form_ && asked_context_) return;
  const bool one = model_.controls[model_.defs[filling_.defs_of[node]].control].kind == ControlKind::Select1;
  std::string kept;
  for (std::string_view rest = trimmed(value); !rest.empty();) {
    const std::size_t end = one ? rest.size() : std::min(rest.find(' '), rest.size());
    const std::string_view item = rest.substr(0, end);
    rest = trimmed(rest.substr(end));
    if (std::find(offered.begin(), offered.end(), item) == offered.end()) continue;
    if (!kept.empty()) kept += ' ';
    kept += item;
  }
  set_value(node, std::move(kept));
}

/// What stands inside something hidden is hidden.
void FormSession::State::spread_relevance(NodeId node) {
  const NodeId parent = tree_[node].parent;
  const bool relevant = filling_.own_relevant[node] && (parent == kNoNode || tree_.is_relevant(parent));
  if (tree_.is_relevant(node) == relevant) return;
  tree_.set_relevant(node, relevant);
  fire(node);
  for (NodeId a = tree_[node].first_attribute; a != kNoNode; a = tree_[a].next) spread_relevance(a);
  for (NodeId child = tree_[node].first_child; child != kNoNode; child = tree_[child].next)
    spread_relevance(child);
}

void FormSession::State::set_value(NodeId node, std::string value) {
  if (tree_.value(node) == value) return;
  tree_.value(node) = std::move(value);
  fire(node);
}

void FormSession::State::set_and_settle(NodeId node, std::string value) {
  if (tree_.value(node) == value) return;
  set_value(node, std::move(value));
  settle();
  run_value_changed(node);
}

void FormSession::State::run_value_changed(NodeId node) {
  run_actions(&Action::on_value_changed, filling_.defs_of[node], node);
  settle();
}

void FormSession::State::run_new_repeat(NodeId instance) {
  settle();
  run_actions(&Action::on_new_repeat, filling_.defs_of[instance], instance);
  settle();
}

void FormSession::State::write_end(std::int64_t now_ms) {
  each_element([&](NodeId node) {
    const Def& def = model_.defs[filling_.defs_of[node]];
    if (def.preload != "timestamp" || def.preload_parameters != "end") return;
    set_value(node, iso_date_time(days_from_ms(now_ms), context_.utc_offset_minutes));
  });
  settle();
}

/// Runs the actions of one event. `at` is the node that changed or the new instance; targets are its
/// neighbours.
void FormSession::State::run_actions(bool Action::*event, DefId trigger, NodeId at) {
  for (const Action& action : model_.actions) {
    if (!(action.*event)) continue;
    if (event == &Action::on_value_changed && action.trigger != trigger) continue;
    if (event == &Action::on_new_repeat && action.repeat != trigger) continue;
    if (action.target_path != kNoExpression) {
      const Result<Value> found = evaluator(action.target_path, at == 0 ? filling_.blocks[0].base : at).run();
      if (!found || found->kind != ValueKind::Nodes) continue;
      for (const NodeRef node : found->nodes) {
        if (node.tree == 0) perform(action, node.node);
      }
      continue;
    }
    const BlockId from = at == 0 ? 0 : filling_.blocks_of[at];
    const BlockId own = enclosing(from, model_.defs[action.target].block);
    if (own != kNoBlock)
      perform(action, node_in(own, action.target));
    else
      each_node(action.target, from, [&](NodeId node) { perform(action, node); });
  }
}

void FormSession::State::perform(const Action& action, NodeId node) {
  if (!tree_.is_relevant(node)) return;
  if (action.sets_location) return set_value(node, context_.location);
  std::string value = action.literal;
  if (action.value != kNoExpression) {
    const Result<Value> made = evaluator(action.value, node).run();
    value = made ? as_stored(*made, model_.defs[action.target].data_type) : std::string();
  }
  set_value(node, std::move(value));
}

}  // namespace terreno::forms
