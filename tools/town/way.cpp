#include "tools/town/way.hpp"

#include <algorithm>
#include <limits>
#include <queue>

namespace terreno::town {
namespace {

constexpr double kEasiest = 0.6;  ///< of a metre's usual cost; keeps the estimate below the truth

/// What a metre costs.
double cost_of(StreetClass street_class, Travel travel) {
  if (travel == Travel::OnFoot) return street_class == StreetClass::Highway ? 1.3 : 1.0;
  return street_class == StreetClass::Street ? 1.0 : kEasiest;
}

class Search {
 public:
  Search(const Network& network, const StreetPlan& plan, const Curb& from, const Curb& to, Travel travel)
      : network_(network),
        plan_(plan),
        from_(from),
        to_(to),
        travel_(travel),
        goal_(network.point_on(to.edge, to.share)) {
    best_.assign(network.nodes.size(), {});
  }

  Line run() {
    const Point start = network_.point_on(from_.edge, from_.share);
    if (from_.edge == to_.edge) return {start, goal_};
    const auto& first = network_.edges[from_.edge];
    const double per_m = cost(from_.edge);
    reach(first.from, from_.share * first.length_m * per_m, kNone);
    reach(first.to, (1 - from_.share) * first.length_m * per_m, kNone);
    explore();
    return walked_back(start);
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  struct Best {
    double cost = std::numeric_limits<double>::max();
    std::uint32_t before = kNone;
    bool done = false;
  };
  struct Open {
    double estimate;
    std::uint32_t node;
    bool operator>(const Open& other) const { return estimate > other.estimate; }
  };

  double cost(std::uint32_t edge) const {
    return cost_of(plan_.streets[network_.edges[edge].street].street_class, travel_);
  }

  void reach(std::uint32_t node, double at_cost, std::uint32_t before) {
    if (at_cost >= best_[node].cost) return;
    best_[node] = {at_cost, before, false};
    open_.push({at_cost + kEasiest * distance(network_.nodes[node].at, goal_), node});
  }

  void explore() {
    const auto& last = network_.edges[to_.edge];
    while (!open_.empty()) {
      const auto node = open_.top().node;
      open_.pop();
      if (best_[node].done) continue;
      best_[node].done = true;
      // Both ends of the last edge are enough: the better one is chosen on the way back.
      if (best_[last.from].done && best_[last.to].done) return;
      for (const auto edge : network_.nodes[node].edges)
        reach(network_.edges[edge].other(node), best_[node].cost + network_.edges[edge].length_m * cost(edge),
              node);
    }
  }

  Line walked_back(Point start) const {
    const auto& last = network_.edges[to_.edge];
    const double per_m = cost(to_.edge);
    const double by_from = best_[last.from].cost + to_.share * last.length_m * per_m;
    const double by_to = best_[last.to].cost + (1 - to_.share) * last.length_m * per_m;
    Line way{goal_};
    for (auto node = by_from <= by_to ? last.from : last.to; node != kNone; node = best_[node].before)
      way.push_back(network_.nodes[node].at);
    way.push_back(start);
    std::reverse(way.begin(), way.end());
    return way;
  }

  const Network& network_;
  const StreetPlan& plan_;
  const Curb from_, to_;
  const Travel travel_;
  const Point goal_;
  std::vector<Best> best_;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;
};

}  // namespace

Line find_way(const Network& network, const StreetPlan& plan, const Curb& from, const Curb& to,
              Travel travel) {
  return Search(network, plan, from, to, travel).run();
}

Curb nearest_curb(const Network& network, Point point) {
  Curb best;
  double best_m = std::numeric_limits<double>::max();
  for (std::uint32_t edge = 0; edge < network.edges.size(); ++edge) {
    const auto& ends = network.edges[edge];
    const Nearest near = nearest_on_segment(network.nodes[ends.from].at, network.nodes[ends.to].at, point);
    if (near.distance_m < best_m) best = {edge, near.share};
    best_m = std::min(best_m, near.distance_m);
  }
  return best;
}

}  // namespace terreno::town
