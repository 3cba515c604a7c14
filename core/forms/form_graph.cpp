// Puts everything that is computed into an order in which each reads only what came before.
#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "core/forms/form_model.hpp"
#include "core/forms/functions.hpp"

namespace terreno::forms {
namespace {

constexpr std::uint32_t kNoCell = 0xFFFFFFFFU;

/// Lists of numbers behind each other, one list per owner.
class Lists {
 public:
  /// Pairs of owner and member; the members of one owner keep their order.
  Lists(std::size_t owners, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs)
      : begins_(owners + 1), members_(pairs.size()) {
    for (const auto& [owner, member] : pairs) ++begins_[owner + 1];
    for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
    std::vector<std::uint32_t> at(begins_.begin(), begins_.end() - 1);
    for (const auto& [owner, member] : pairs) members_[at[owner]++] = member;
  }
  std::span<const std::uint32_t> of(std::uint32_t owner) const {
    return std::span(members_).subspan(begins_[owner], begins_[owner + 1] - begins_[owner]);
  }
  std::vector<std::uint32_t> take_begins() { return std::move(begins_); }
  std::vector<std::uint32_t> take_members() { return std::move(members_); }

 private:
  std::vector<std::uint32_t> begins_;
  std::vector<std::uint32_t> members_;
};
using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

class Graph {
 public:
  explicit Graph(FormModel& model) : model_(model), cell_of_(model.defs.size()) {}

  void run(std::vector<std::string>& faults) {
    collect();
    // A repeat may grow by what it holds ("add one while the last says yes"). Then the counts run last, and
    // what they change runs again. Two questions may also show each other; then their conditions run until
    // nothing changes.
    connect(Waits::ForAll);
    if (!sort()) {
      connect(Waits::NotForCounts);
      if (!sort()) {
        connect(Waits::NotForConditions);
        if (!sort()) faults.push_back(describe_cycle());
      }
    }
    publish();
  }

 private:
  enum class Waits : std::uint8_t { ForAll, NotForCounts, NotForConditions };

  struct CellsOfDef {
    std::uint32_t relevant = kNoCell;
    std::uint32_t calculate = kNoCell;
    std::uint32_t count = kNoCell;
    DefId gated = kNoDef;  ///< the nearest definition, itself or above, with a condition or a count
  };

  std::uint32_t add(CellKind kind, DefId def, ExpressionId expression) {
    if (expression == kNoExpression) return kNoCell;
    // A repeat is counted by the block around it.
    const DefId home =
        kind == CellKind::Count ? model_.defs[model_.defs[def].parent].block : model_.defs[def].block;
    cells_.push_back({kind, def, expression, home, 0});
    return static_cast<std::uint32_t>(cells_.size() - 1);
  }

  void collect() {
    for (DefId id = 0; id < model_.defs.size(); ++id) {
      const Def& def = model_.defs[id];
      CellsOfDef& cells = cell_of_[id];
      cells.count = add(CellKind::Count, id, def.repeat_count);
      cells.relevant = add(CellKind::Relevant, id, def.relevant);
      cells.calculate = add(CellKind::Calculate, id, def.calculate);
      // Nobody waits for this one: two questions may leave each other's choice out.
      if (def.control != kNoControl && model_.controls[def.control].itemset)
        add(CellKind::Choices, id, model_.controls[def.control].itemset->nodeset);
      const bool gates = cells.count != kNoCell || cells.relevant != kNoCell;
      cells.gated = gates ? id : def.parent == kNoDef ? kNoDef : cell_of_[def.parent].gated;
    }
  }

  /// A reader of a definition needs its value, the relevance of all that holds it and the number of instances
  /// around it.
  void connect(Waits waits) {
    Pairs pairs;
    pairs.reserve(cells_.size());
    waiting_.assign(cells_.size(), 0);
    needed_by_.assign(cells_.size(), kNoCell);
    for (std::uint32_t reader = 0; reader < cells_.size(); ++reader) {
      const std::size_t before = pairs.size();
      for (const Dependency& read : model_.reads_of(cells_[reader].expression))
        need_of(reader, read.def, waits, pairs);
      waiting_[reader] = static_cast<std::uint32_t>(pairs.size() - before);
    }
    readers_.emplace(cells_.size(), pairs);
  }

  void need(std::uint32_t reader, std::uint32_t source, Pairs& pairs) {
    if (source == kNoCell || needed_by_[source] == reader) return;
    needed_by_[source] = reader;
    pairs.emplace_back(source, reader);
  }

  void need_of(std::uint32_t reader, DefId read, Waits waits, Pairs& pairs) {
    const Cell& cell = cells_[reader];
    const bool reads_itself = cell.kind == CellKind::Calculate && cell.def == read;
    if (!reads_itself) need(reader, cell_of_[read].calculate, pairs);
    if (waits == Waits::NotForConditions && cell.kind == CellKind::Relevant) return;
    for (DefId up = cell_of_[read].gated; up != kNoDef;) {
      const bool around_reader = is_within(model_, cell.def, up) && up != cell.def;
      need(reader, cell_of_[up].relevant, pairs);
      // Who stands inside an instance exists only once the instances are made, so that order is given
      // already.
      if (waits == Waits::ForAll && !around_reader) need(reader, cell_of_[up].count, pairs);
      const DefId above = model_.defs[up].parent;
      up = above == kNoDef ? kNoDef : cell_of_[above].gated;
    }
  }

  /// False when some cells wait for each other.
  bool sort() {
    std::vector<std::uint32_t> ready;
    ready.reserve(cells_.size());
    for (std::uint32_t cell = 0; cell < cells_.size(); ++cell) {
      if (waiting_[cell] == 0) ready.push_back(cell);
    }
    for (std::size_t i = 0; i < ready.size(); ++i) {
      for (const std::uint32_t reader : readers_->of(ready[i])) {
        if (--waiting_[reader] == 0) ready.push_back(reader);
      }
    }
    order_ = std::move(ready);
    return order_.size() == cells_.size();
  }

  std::string name_of(std::uint32_t cell) const {
    const char* const what = cells_[cell].kind == CellKind::Relevant    ? "the condition of "
                             : cells_[cell].kind == CellKind::Calculate ? "the calculation of "
                                                                        : "the repeat count of ";
    return what + ("'" + model_.defs[cells_[cell].def].path + "'");
  }

  /// Walks from an unsorted cell to one it waits for until it meets itself.
  std::string describe_cycle() const {
    std::uint32_t at = 0;
    while (waiting_[at] == 0) ++at;
    std::vector<std::uint32_t> way;
    while (std::find(way.begin(), way.end(), at) == way.end()) {
      way.push_back(at);
      at = awaited_by(at);
    }
    way.erase(way.begin(), std::find(way.begin(), way.end(), at));
    std::string message = "These depend on each other in a circle: ";
    for (const std::uint32_t cell : way) message += name_of(cell) + " needs ";
    return message + name_of(way.front()) + ".";
  }

  std::uint32_t awaited_by(std::uint32_t waiter) const {
    for (std::uint32_t source = 0; source < cells_.size(); ++source) {
      if (waiting_[source] == 0) continue;
      const auto readers = readers_->of(source);
      if (std::find(readers.begin(), readers.end(), waiter) != readers.end()) return source;
    }
    return waiter;
  }

  void publish() {
    Pairs by_block;
    Pairs by_read;
    std::vector<Dependent> found;
    model_.cells.reserve(order_.size());
    by_block.reserve(order_.size());
    by_read.reserve(model_.reads.size());
    found.reserve(model_.reads.size());
    for (const std::uint32_t old : order_) {
      Cell cell = cells_[old];
      if (cell.home != 0) cell.repeated = ++model_.repeated_cells;
      const auto index = static_cast<std::uint32_t>(model_.cells.size());
      model_.cells.push_back(cell);
      by_block.emplace_back(cell.home, index);
      for (const Dependency& read : model_.reads_of(cell.expression)) {
        const bool reads_itself =
            (cell.kind == CellKind::Calculate || cell.kind == CellKind::Choices) && cell.def == read.def;
        if (reads_itself) continue;
        by_read.emplace_back(read.def, static_cast<std::uint32_t>(found.size()));
        found.push_back({index, read.scope});
      }
    }
    Lists blocks(model_.defs.size(), by_block);
    model_.block_cells_of = blocks.take_begins();
    model_.block_cells = blocks.take_members();
    Lists dependents(model_.defs.size(), by_read);
    model_.dependents_of = dependents.take_begins();
    model_.dependents.reserve(found.size());
    for (const std::uint32_t place : dependents.take_members()) model_.dependents.push_back(found[place]);
  }

  FormModel& model_;
  std::vector<CellsOfDef> cell_of_;
  std::vector<Cell> cells_;
  std::optional<Lists> readers_;          ///< by cell: who waits for it
  std::vector<std::uint32_t> waiting_;    ///< by cell: for how many it waits
  std::vector<std::uint32_t> needed_by_;  ///< by cell: the last reader that was connected to it
  std::vector<std::uint32_t> order_;
};

}  // namespace

namespace {

/// Calls a function whose text differs from language to language.
bool is_worded(const FormModel& model, const BoundExpression& expression) {
  for (ExprId id = expression.first_node; id < expression.node_end; ++id) {
    const ExprNode& node = model.code.nodes[id];
    if (node.op != Op::Call || node.function == kUnknownFunction) continue;
    const std::string_view name = function_row(node.function).name;
    if (name == "jr:itext" || name == "jr:choice-name" || name.starts_with("format-date")) return true;
  }
  return false;
}

}  // namespace

void order_cells(FormModel& model, std::vector<std::string>& faults) {
  Graph(model).run(faults);
  for (DefId id = 0; id < model.defs.size(); ++id) {
    if (model.defs[id].kind == DefKind::Repeat) model.repeats.push_back(id);
    if (!model.defs[id].preload.empty()) model.preloaded.push_back(id);
  }
  for (std::uint32_t cell = 0; cell < model.cells.size(); ++cell) {
    if (is_worded(model, model.expressions[model.cells[cell].expression])) model.worded_cells.push_back(cell);
  }
  for (const Action& action : model.actions) {
    model.has_new_repeat_actions = model.has_new_repeat_actions || action.on_new_repeat;
    if (action.on_new_repeat || action.on_value_changed || action.sets_location)
      model.defs[action.target].set_by_actions = true;
  }
  if (!model.languages.empty()) model.default_tag = language_tag(model.languages.front());
}

}  // namespace terreno::forms
