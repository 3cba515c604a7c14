// Recomputation: what changed marks the cells that read it, and settle() runs them in the order of the model,
// each only in the instances that can see the change.
#include <bit>
#include <cmath>

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
  std::vector<BlockId>& scopes = pending_[cell];
  if (!scopes.empty() && (scopes.front() == 0 || scopes.back() == scope)) return;
  if (scope == 0) scopes.clear();  // the root's block covers all others
  scopes.push_back(scope);
  dirty_[cell / 64] |= std::uint64_t{1} << (cell % 64);
  lowest_dirty_ = std::min<std::size_t>(lowest_dirty_, cell / 64);
}

/// Everything inside a new block must run once.
void FormSession::State::mark_block(BlockId block) {
  for (const std::uint32_t cell : model_.cells_of_block(blocks_[block].def)) mark(cell, block);
}

void FormSession::State::fire(NodeId node) {
  for (const Dependent& dependent : model_.dependents_on(defs_of_[node])) {
    const BlockId scope = enclosing(blocks_of_[node], dependent.scope);
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

void FormSession::State::settle() {
  // The order of cells makes one pass enough; only a repeat that counts what it makes itself could go on, and
  // stops here.
  constexpr std::size_t kMostRuns = 10'000'000;
  std::size_t runs = 0;
  while (lowest_dirty_ < dirty_.size() && runs < kMostRuns) {
    std::uint64_t& word = dirty_[lowest_dirty_];
    if (word == 0) {
      ++lowest_dirty_;
      continue;
    }
    const auto bit = static_cast<std::uint32_t>(std::countr_zero(word));
    word &= word - 1;
    run_cell(static_cast<std::uint32_t>(lowest_dirty_ * 64) + bit);
    ++runs;
  }
}

void FormSession::State::run_cell(std::uint32_t index) {
  const Cell& cell = model_.cells[index];
  std::vector<BlockId> scopes;
  scopes.swap(pending_[index]);
  for (const BlockId scope : scopes) {
    if (!blocks_[scope].alive) continue;
    switch (cell.kind) {
      case CellKind::Calculate:
        each_node(cell.def, scope, [&](NodeId node) { run_calculation(cell, node); });
        break;
      case CellKind::Relevant:
        each_node(cell.def, scope, [&](NodeId node) { run_relevance(cell, node); });
        break;
      case CellKind::Count: {
        const DefId home = model_.defs[model_.defs[cell.def].parent].block;
        const BlockId own = enclosing(scope, home);
        if (own != kNoBlock)
          run_count(cell, own);
        else
          each_block(home, scope, [&](BlockId around) { run_count(cell, around); });
        break;
      }
    }
  }
}

std::string FormSession::State::as_stored(const Value& value, DataType type) const {
  const std::int32_t offset = context_.utc_offset_minutes;
  switch (value.kind) {
    case ValueKind::Boolean:
      return value.boolean ? "true" : "false";
    case ValueKind::Number:
      if (std::isnan(value.number)) return {};
      if (type == DataType::Date) return iso_date(value.number, offset);
      if (type == DataType::DateTime) return iso_date_time(value.number, offset);
      return number_to_text(type == DataType::Integer ? std::trunc(value.number) : value.number);
    case ValueKind::Date:
      if (type == DataType::Date) return iso_date(value.number, offset);
      if (type == DataType::DateTime) return iso_date_time(value.number, offset);
      return iso_shortest(value.number, offset);
    default:
      break;
  }
  std::string text = value.kind == ValueKind::Text ? value.text : std::string();
  if (value.kind == ValueKind::Nodes && !value.nodes.empty()) {
    const NodeTree& source = tree(value.nodes.front().tree);
    if (source[value.nodes.front().node].relevant) text = source.string_value(value.nodes.front().node);
  }
  if (type == DataType::Date && text.size() > 10) {
    if (const auto days = parse_date_time(text, offset)) return iso_date(*days, offset);
  }
  if (type == DataType::Integer) {
    const double number = text_to_number(text, offset);
    if (!std::isnan(number)) return number_to_text(std::trunc(number));
  }
  return text.size() > kMaxTextBytes ? std::string() : text;
}

void FormSession::State::run_calculation(const Cell& cell, NodeId node) {
  const Result<Value> value = evaluator(cell.expression, node).run();
  set_value(node, value ? as_stored(*value, model_.defs[cell.def].data_type) : std::string());
}

void FormSession::State::run_count(const Cell& cell, BlockId around) {
  const NodeId parent = node_in(around, model_.defs[cell.def].parent);
  const double wanted = evaluator(cell.expression, parent).run_number();
  if (std::isnan(wanted)) return;  // a blank count changes nothing
  const double most = static_cast<double>(kMaxRepeatInstances);
  const std::size_t count = wanted > 0 ? static_cast<std::size_t>(std::min(wanted, most)) : 0;
  set_instance_count({cell.def, around}, count);
}

void FormSession::State::run_relevance(const Cell& cell, NodeId node) {
  own_relevant_[node] = evaluator(cell.expression, node).run_boolean();
  spread_relevance(node);
}

/// What stands inside something hidden is hidden.
void FormSession::State::spread_relevance(NodeId node) {
  const NodeId parent = tree_[node].parent;
  const bool relevant = own_relevant_[node] && (parent == kNoNode || tree_[parent].relevant);
  if (tree_[node].relevant == relevant) return;
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
  run_actions(&Action::on_value_changed, defs_of_[node], node);
  settle();
}

void FormSession::State::run_new_repeat(NodeId instance) {
  settle();
  run_actions(&Action::on_new_repeat, defs_of_[instance], instance);
  settle();
}

void FormSession::State::write_end(std::int64_t now_ms) {
  each_element([&](NodeId node) {
    const Def& def = model_.defs[defs_of_[node]];
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
    auto perform = [&](NodeId node) {
      if (!tree_[node].relevant) return;
      std::string value = action.literal;
      if (action.value != kNoExpression) {
        const Result<Value> made = evaluator(action.value, node).run();
        value = made ? as_stored(*made, model_.defs[action.target].data_type) : std::string();
      }
      set_value(node, std::move(value));
    };
    const BlockId from = at == 0 ? 0 : blocks_of_[at];
    const BlockId own = enclosing(from, model_.defs[action.target].block);
    if (own != kNoBlock)
      perform(node_in(own, action.target));
    else
      each_node(action.target, from, perform);
  }
}

}  // namespace terreno::forms
