#include "tools/town/network.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

namespace terreno::town {
namespace {

constexpr double kCell_m = 160;
constexpr double kSnap_m = 6;   ///< crossings nearer than this are one
constexpr double kStub_m = 28;  ///< shorter dead ends are no streets

using CellKey = std::int64_t;
CellKey cell_key(std::int64_t column, std::int64_t row) { return column * 1'000'003 + row; }

struct Segment {
  Point a, b;
  std::uint32_t street;
  std::vector<double> cuts;  ///< shares at which it is split
};

/// Finds what lies near without looking at everything.
class SegmentGrid {
 public:
  void add(std::uint32_t index, const Segment& segment) {
    const auto low = [](double a, double b) {
      return static_cast<std::int64_t>(std::floor(std::min(a, b) / kCell_m));
    };
    const auto high = [](double a, double b) {
      return static_cast<std::int64_t>(std::floor(std::max(a, b) / kCell_m));
    };
    for (auto column = low(segment.a.x, segment.b.x); column <= high(segment.a.x, segment.b.x); ++column)
      for (auto row = low(segment.a.y, segment.b.y); row <= high(segment.a.y, segment.b.y); ++row)
        cells_[cell_key(column, row)].push_back(index);
  }
  const std::unordered_map<CellKey, std::vector<std::uint32_t>>& cells() const { return cells_; }

 private:
  std::unordered_map<CellKey, std::vector<std::uint32_t>> cells_;
};

/// Gives one node to all points that lie within kSnap_m of it.
class NodeMaker {
 public:
  explicit NodeMaker(Network& network) : network_(network) {}

  std::uint32_t at(Point point) {
    const auto column = static_cast<std::int64_t>(std::floor(point.x / kSnap_m));
    const auto row = static_cast<std::int64_t>(std::floor(point.y / kSnap_m));
    for (auto c = column - 1; c <= column + 1; ++c) {
      for (auto r = row - 1; r <= row + 1; ++r) {
        const auto found = nodes_.find(cell_key(c, r));
        if (found == nodes_.end()) continue;
        for (const auto node : found->second)
          if (distance(network_.nodes[node].at, point) < kSnap_m) return node;
      }
    }
    const auto node = static_cast<std::uint32_t>(network_.nodes.size());
    network_.nodes.push_back({point, {}});
    nodes_[cell_key(column, row)].push_back(node);
    return node;
  }

 private:
  Network& network_;
  std::unordered_map<CellKey, std::vector<std::uint32_t>> nodes_;
};

std::vector<Segment> segments_of(const StreetPlan& plan) {
  std::vector<Segment> segments;
  for (std::uint32_t street = 0; street < plan.streets.size(); ++street) {
    for (const Line& line : plan.streets[street].lines)
      for (std::size_t i = 1; i < line.size(); ++i) segments.push_back({line[i - 1], line[i], street, {}});
  }
  return segments;
}

void cut_at_crossings(std::vector<Segment>& segments) {
  SegmentGrid grid;
  for (std::uint32_t i = 0; i < segments.size(); ++i) grid.add(i, segments[i]);
  for (const auto& [key, members] : grid.cells()) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t j = i + 1; j < members.size(); ++j) {
        Segment& first = segments[members[i]];
        Segment& second = segments[members[j]];
        if (const auto found = crossing(first.a, first.b, second.a, second.b)) {
          first.cuts.push_back(found->share_a);
          second.cuts.push_back(found->share_b);
        }
      }
    }
  }
}

void join(Network& network, std::set<std::pair<std::uint32_t, std::uint32_t>>& known, std::uint32_t from,
          std::uint32_t to, std::uint32_t street, const River& river) {
  if (from == to || !known.insert(std::minmax(from, to)).second) return;
  const Point a = network.nodes[from].at;
  const Point b = network.nodes[to].at;
  const bool bridge = distance_to(river.centre, between(a, b, 0.5)) < river.half_width_m + 6;
  network.edges.push_back({from, to, street, distance(a, b), bridge});
}

void list_edges(Network& network) {
  for (auto& node : network.nodes) node.edges.clear();
  for (std::uint32_t i = 0; i < network.edges.size(); ++i) {
    network.nodes[network.edges[i].from].edges.push_back(i);
    network.nodes[network.edges[i].to].edges.push_back(i);
  }
}

/// Follows a dead end back to where it branches off; its length, and the edges it consists of.
double measure_dead_end(const Network& network, std::uint32_t tip, std::vector<std::uint32_t>& edges) {
  double total = 0;
  std::uint32_t node = tip;
  std::uint32_t edge = network.nodes[tip].edges.front();
  for (;;) {
    edges.push_back(edge);
    total += network.edges[edge].length_m;
    node = network.edges[edge].other(node);
    if (network.nodes[node].edges.size() != 2) return total;
    const auto& both = network.nodes[node].edges;
    edge = both[0] == edge ? both[1] : both[0];
  }
}

template <typename Keep>
void keep_edges(Network& network, Keep keep) {
  std::vector<Network::Edge> kept;
  for (std::uint32_t i = 0; i < network.edges.size(); ++i)
    if (keep(i)) kept.push_back(network.edges[i]);
  network.edges = std::move(kept);
  list_edges(network);
}

void drop_stubs(Network& network) {
  std::set<std::uint32_t> doomed;
  for (std::uint32_t node = 0; node < network.nodes.size(); ++node) {
    if (network.nodes[node].edges.size() != 1) continue;
    std::vector<std::uint32_t> edges;
    if (measure_dead_end(network, node, edges) < kStub_m) doomed.insert(edges.begin(), edges.end());
  }
  keep_edges(network, [&](std::uint32_t edge) { return !doomed.contains(edge); });
}

void keep_reachable(Network& network) {
  std::uint32_t start = 0;
  for (std::uint32_t i = 0; i < network.nodes.size(); ++i) {
    if (!network.nodes[i].edges.empty() && length(network.nodes[i].at) < length(network.nodes[start].at))
      start = i;
  }
  std::vector<bool> reached(network.nodes.size());
  std::vector<std::uint32_t> open{start};
  reached[start] = true;
  while (!open.empty()) {
    const auto node = open.back();
    open.pop_back();
    for (const auto edge : network.nodes[node].edges) {
      const auto next = network.edges[edge].other(node);
      if (!reached[next]) open.push_back(next);
      reached[next] = true;
    }
  }
  keep_edges(network, [&](std::uint32_t edge) { return reached[network.edges[edge].from]; });
}

/// Edges that are left when every dead end is taken away, again and again.
std::vector<bool> walls(const Network& network) {
  std::vector<bool> wall(network.edges.size(), true);
  std::vector<std::size_t> degree(network.nodes.size());
  std::vector<std::uint32_t> tips;
  for (std::uint32_t i = 0; i < network.nodes.size(); ++i) {
    degree[i] = network.nodes[i].edges.size();
    if (degree[i] == 1) tips.push_back(i);
  }
  while (!tips.empty()) {
    const auto tip = tips.back();
    tips.pop_back();
    for (const auto edge : network.nodes[tip].edges) {
      if (!wall[edge]) continue;
      wall[edge] = false;
      const auto next = network.edges[edge].other(tip);
      if (--degree[next] == 1) tips.push_back(next);
    }
  }
  return wall;
}

/// Around each node, its wall edges in the order of their direction.
std::vector<std::vector<std::uint32_t>> wall_fans(const Network& network) {
  const auto wall = walls(network);
  std::vector<std::vector<std::uint32_t>> fans(network.nodes.size());
  for (std::uint32_t node = 0; node < network.nodes.size(); ++node) {
    auto& fan = fans[node];
    for (const auto edge : network.nodes[node].edges)
      if (wall[edge]) fan.push_back(edge);
    const auto angle = [&](std::uint32_t edge) {
      const Point out = network.nodes[network.edges[edge].other(node)].at - network.nodes[node].at;
      return std::atan2(out.y, out.x);
    };
    std::sort(fan.begin(), fan.end(), [&](auto a, auto b) { return angle(a) < angle(b); });
  }
  return fans;
}

}  // namespace

Network build_network(const StreetPlan& plan) {
  std::vector<Segment> segments = segments_of(plan);
  cut_at_crossings(segments);
  Network network;
  NodeMaker nodes(network);
  std::set<std::pair<std::uint32_t, std::uint32_t>> known;
  for (Segment& segment : segments) {
    segment.cuts.push_back(0);
    segment.cuts.push_back(1);
    std::sort(segment.cuts.begin(), segment.cuts.end());
    std::uint32_t before = nodes.at(segment.a);
    for (const double share : segment.cuts) {
      const auto here = nodes.at(between(segment.a, segment.b, share));
      join(network, known, before, here, segment.street, plan.river);
      before = here;
    }
  }
  list_edges(network);
  drop_stubs(network);
  keep_reachable(network);
  return network;
}

std::vector<Face> find_faces(const Network& network) {
  const auto fans = wall_fans(network);
  std::set<std::pair<std::uint32_t, std::uint32_t>> walked;  // (edge, node it leaves from)
  std::vector<Face> faces;
  for (std::uint32_t start = 0; start < network.nodes.size(); ++start) {
    for (const auto first : fans[start]) {
      Face face;
      std::uint32_t node = start;
      std::uint32_t edge = first;
      while (walked.insert({edge, node}).second) {
        face.nodes.push_back(node);
        face.edges.push_back(edge);
        node = network.edges[edge].other(node);
        // The sharpest turn to the left keeps the face on the left.
        const auto& fan = fans[node];
        const auto came = static_cast<std::size_t>(std::find(fan.begin(), fan.end(), edge) - fan.begin());
        edge = fan[(came + fan.size() - 1) % fan.size()];
      }
      if (face.nodes.size() < 3) continue;
      Polygon outline;
      for (const auto corner : face.nodes) outline.push_back(network.nodes[corner].at);
      if (area(outline) > 0) faces.push_back(std::move(face));
    }
  }
  return faces;
}

}  // namespace terreno::town
