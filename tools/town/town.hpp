#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/geo/distance.hpp"
#include "tools/town/network.hpp"

namespace terreno::town {

enum class BuildingUse { House, Church, Market, School, Hospital };
enum class GreenUse { Park, Riverside, Sport };

struct Building {
  Polygon footprint;
  BuildingUse use = BuildingUse::House;
  std::string name;  ///< of the special ones
};

struct Block {
  Polygon outline;
  std::vector<Building> houses;
};

struct Green {
  Polygon outline;
  GreenUse use = GreenUse::Park;
  std::string name;
};

struct Colonia {
  std::string name;
  Point centre;
};

/// A spot on a street.
struct Curb {
  std::uint32_t edge = 0;
  double share = 0;  ///< 0..1 from the edge's first node
};

struct Address {
  Point home;  ///< inside the lot
  Point door;  ///< in front of it, at the façade
  Curb curb;
  std::uint32_t street = 0;
  std::uint32_t colonia = 0;
  int number = 0;
  bool on_avenue = false;
};

/// A town that does not exist, complete enough to walk in: a map to look at, a graph to find ways in, and
/// addresses. The same seed gives the same town. Nothing changes after it is made.
struct Town {
  std::string name;
  geo::LocalFrame frame;  ///< origin at the plaza
  StreetPlan plan;
  Network network;
  std::vector<Block> blocks;
  std::vector<Green> greens;
  Polygon plaza;
  std::vector<Building> landmarks;
  std::vector<Colonia> colonias;
  std::vector<Address> addresses;

  GeoPoint to_geo(Point point) const { return frame.to_point({point.x, point.y}); }
  Point to_plane(const GeoPoint& point) const {
    const auto xy = frame.to_xy(point);
    return {xy.x_m, xy.y_m};
  }
  const PlannedStreet& street(std::uint32_t index) const { return plan.streets[index]; }
  /// "Calle Jacarandas 214, Col. La Huerta, Santa Rosalba del Llano"
  std::string address_text(const Address& address) const;
};

Town build_town(std::uint64_t seed);

}  // namespace terreno::town
