#pragma once

#include <cstdint>
#include <vector>

#include "tools/town/street_plan.hpp"

namespace terreno::town {

/// The streets as a planar graph: a node at every crossing and bend, an edge between neighbours.
struct Network {
  struct Node {
    Point at;
    std::vector<std::uint32_t> edges;
  };
  struct Edge {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t street = 0;  ///< index in StreetPlan::streets
    double length_m = 0;
    bool bridge = false;

    std::uint32_t other(std::uint32_t node) const { return node == from ? to : from; }
  };
  std::vector<Node> nodes;
  std::vector<Edge> edges;

  Point point_on(std::uint32_t edge, double share) const {
    return between(nodes[edges[edge].from].at, nodes[edges[edge].to].at, share);
  }
};

/// Splits the streets where they meet. Short stubs and whatever the plaza cannot be reached from are left
/// out.
Network build_network(const StreetPlan& plan);

/// What streets enclose, counter-clockwise.
struct Face {
  std::vector<std::uint32_t> nodes;
  std::vector<std::uint32_t> edges;  ///< edges[i] joins nodes[i] and its successor
};

/// All bounded faces; dead ends are not counted as walls.
std::vector<Face> find_faces(const Network& network);

}  // namespace terreno::town
