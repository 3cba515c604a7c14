// Puts everything that is computed into an order in which each reads only what came before.
#include <algorithm>
#include <set>

#include "core/forms/form_model.hpp"

namespace terreno::forms {
namespace {

constexpr std::uint32_t kNoCell = 0xFFFFFFFFU;

class Graph {
 public:
  explicit Graph(FormModel& model) : model_(model), cell_of_(model.defs.size()) {}

  void run(std::vector<std::string>& faults) {
    collect();
    connect(true);
    // A repeat may grow by what it holds ("add one while the last says yes"). Then the counts run last, and
    // what they change runs again.
    if (!sort()) connect(false);
    if (order_.size() < cells_.size() && !sort()) faults.push_back(describe_cycle());
    publish();
  }

 private:
  struct CellsOfDef {
    std::uint32_t relevant = kNoCell;
    std::uint32_t calculate = kNoCell;
    std::uint32_t count = kNoCell;
  };

  std::uint32_t add(CellKind kind, DefId def, ExpressionId expression) {
    if (expression == kNoExpression) return kNoCell;
    cells_.push_back({kind, def, expression});
    return static_cast<std::uint32_t>(cells_.size() - 1);
  }

  void collect() {
    for (DefId id = 0; id < model_.defs.size(); ++id) {
      const Def& def = model_.defs[id];
      cell_of_[id].count = add(CellKind::Count, id, def.repeat_count);
      cell_of_[id].relevant = add(CellKind::Relevant, id, def.relevant);
      cell_of_[id].calculate = add(CellKind::Calculate, id, def.calculate);
    }
  }

  /// A reader of a definition needs its value, the relevance of all that holds it and the number of instances
  /// around it.
  void connect(bool counts_first) {
    readers_.assign(cells_.size(), {});
    waiting_.assign(cells_.size(), 0);
    for (std::uint32_t reader = 0; reader < cells_.size(); ++reader) {
      std::set<std::uint32_t> needed;
      for (const Dependency& read : model_.expressions[cells_[reader].expression].reads)
        need_of(reader, read.def, counts_first, needed);
      for (const std::uint32_t source : needed) readers_[source].push_back(reader);
      waiting_[reader] = needed.size();
    }
  }

  void need_of(std::uint32_t reader, DefId read, bool counts_first, std::set<std::uint32_t>& needed) const {
    const Cell& cell = cells_[reader];
    const bool reads_itself = cell.kind == CellKind::Calculate && cell.def == read;
    if (!reads_itself && cell_of_[read].calculate != kNoCell) needed.insert(cell_of_[read].calculate);
    for (DefId up = read; up != kNoDef; up = model_.defs[up].parent) {
      const bool around_reader = is_within(model_, cell.def, up) && up != cell.def;
      if (cell_of_[up].relevant != kNoCell) needed.insert(cell_of_[up].relevant);
      // Who stands inside an instance exists only once the instances are made, so that order is given
      // already.
      if (counts_first && cell_of_[up].count != kNoCell && !around_reader) needed.insert(cell_of_[up].count);
    }
  }

  /// False when some cells wait for each other.
  bool sort() {
    std::vector<std::uint32_t> ready;
    for (std::uint32_t cell = 0; cell < cells_.size(); ++cell) {
      if (waiting_[cell] == 0) ready.push_back(cell);
    }
    for (std::size_t i = 0; i < ready.size(); ++i) {
      for (const std::uint32_t reader : readers_[ready[i]]) {
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
      if (std::find(readers_[source].begin(), readers_[source].end(), waiter) != readers_[source].end())
        return source;
    }
    return waiter;
  }

  void publish() {
    model_.dependents.resize(model_.defs.size());
    model_.cells_of_block.resize(model_.defs.size());
    for (const std::uint32_t old : order_) {
      const auto cell = static_cast<std::uint32_t>(model_.cells.size());
      model_.cells.push_back(cells_[old]);
      // A repeat is counted by the block around it.
      const bool counts = cells_[old].kind == CellKind::Count;
      const DefId home = counts ? model_.defs[cells_[old].def].parent : cells_[old].def;
      model_.cells_of_block[model_.defs[home].block].push_back(cell);
      for (const Dependency& read : model_.expressions[cells_[old].expression].reads) {
        const bool reads_itself = cells_[old].kind == CellKind::Calculate && cells_[old].def == read.def;
        if (!reads_itself) model_.dependents[read.def].push_back({cell, read.scope});
      }
    }
  }

  FormModel& model_;
  std::vector<CellsOfDef> cell_of_;
  std::vector<Cell> cells_;
  std::vector<std::vector<std::uint32_t>> readers_;
  std::vector<std::size_t> waiting_;
  std::vector<std::uint32_t> order_;
};

}  // namespace

void order_cells(FormModel& model, std::vector<std::string>& faults) { Graph(model).run(faults); }

}  // namespace terreno::forms
