#include "tools/town/town.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "tools/town/houses.hpp"
#include "tools/town/names.hpp"

namespace terreno::town {
namespace {

constexpr double kSmallestBlock_m2 = 700;
constexpr double kLargestBlock_m2 = 34'000;
constexpr double kColoniaSpacing_m = 640;

/// High plain in the middle of Mexico without a town at this spot.
GeoPoint origin_of(Dice dice) { return {20.58 + dice.uniform(0, 0.02), -101.63 + dice.uniform(0, 0.02)}; }

std::vector<Colonia> place_colonias(const Polygon& outline, Dice dice) {
  std::vector<Colonia> colonias{{colonia_names().front(), {0, 0}}};
  for (int attempt = 0; attempt < 4000 && colonias.size() < colonia_names().size(); ++attempt) {
    const Point spot{dice.uniform(-2100, 2100), dice.uniform(-1700, 1700)};
    const bool crowded = std::any_of(colonias.begin(), colonias.end(), [&](const Colonia& other) {
      return distance(other.centre, spot) < kColoniaSpacing_m;
    });
    if (!crowded && contains(outline, spot) && distance_to(outline, spot) > 180)
      colonias.push_back({colonia_names()[colonias.size()], spot});
  }
  return colonias;
}

std::uint32_t nearest_colonia(const std::vector<Colonia>& colonias, Point spot) {
  const auto nearest = std::min_element(colonias.begin(), colonias.end(), [&](const auto& a, const auto& b) {
    return distance(a.centre, spot) < distance(b.centre, spot);
  });
  return static_cast<std::uint32_t>(nearest - colonias.begin());
}

/// Numbers of houses along a street grow with the distance from its beginning; the left side has the odd
/// ones.
class HouseNumbers {
 public:
  explicit HouseNumbers(const StreetPlan& plan) : plan_(plan) {}

  int at(std::uint32_t street, Point on_street, Point home) const {
    double before = 0, best = std::numeric_limits<double>::max(), along = 0;
    bool left = false;
    for (const Line& line : plan_.streets[street].lines) {
      for (std::size_t i = 1; i < line.size(); ++i) {
        const Nearest near = nearest_on_segment(line[i - 1], line[i], on_street);
        const double size = distance(line[i - 1], line[i]);
        if (near.distance_m < best) {
          best = near.distance_m;
          along = before + near.share * size;
          left = cross(line[i] - line[i - 1], home - line[i - 1]) > 0;
        }
        before += size;
      }
    }
    return 101 + 2 * static_cast<int>(along / 9) - (left ? 0 : 1);
  }

 private:
  const StreetPlan& plan_;
};

class Builder {
 public:
  Builder(Town& town, const Dice& dice) : town_(town), dice_(dice.child("blocks")), numbers_(town.plan) {}

  void build() {
    for (const Face& face : find_faces(town_.network)) use_face(face);
  }

 private:
  struct Shape {
    Polygon axis;     ///< along the middle of the streets around
    Polygon outline;  ///< where the façades stand
  };

  std::optional<Shape> shape_of(const Face& face) const {
    Polygon corners;
    for (const auto node : face.nodes) corners.push_back(town_.network.nodes[node].at);
    const Polygon axis = without_straight_points(corners, 4);
    if (axis.size() < 3) return std::nullopt;
    std::vector<double> margins;
    for (std::size_t i = 0; i < axis.size(); ++i) {
      const auto edge = nearest_edge(face, between(axis[i], axis[(i + 1) % axis.size()], 0.5));
      margins.push_back(half_width_m(town_.street(town_.network.edges[edge].street).street_class));
    }
    auto outline = inset(axis, std::move(margins));
    if (!outline || area(*outline) < kSmallestBlock_m2) return std::nullopt;
    return Shape{axis, std::move(*outline)};
  }

  std::uint32_t nearest_edge(const Face& face, Point spot) const {
    std::uint32_t best = face.edges.front();
    double best_m = std::numeric_limits<double>::max();
    for (const auto edge : face.edges) {
      const double away = nearest_on_edge(edge, spot).distance_m;
      if (away < best_m) best = edge;
      best_m = std::min(best_m, away);
    }
    return best;
  }
  Nearest nearest_on_edge(std::uint32_t edge, Point spot) const {
    const auto& ends = town_.network.edges[edge];
    return nearest_on_segment(town_.network.nodes[ends.from].at, town_.network.nodes[ends.to].at, spot);
  }

  void use_face(const Face& face) {
    const auto shape = shape_of(face);
    if (!shape) return;
    const Point middle = centroid(shape->outline);
    const auto& river = town_.plan.river;
    if (contains(shape->axis, {0, 0})) {
      town_.plaza = shape->outline;
    } else if (contains(shape->axis, town_.plan.park)) {
      town_.greens.push_back({shape->outline, GreenUse::Park, "Alameda Central"});
    } else if (contains(shape->axis, town_.plan.stadium)) {
      town_.greens.push_back({shape->outline, GreenUse::Sport, "Unidad Deportiva"});
    } else if (distance_to(river.centre, middle) < river.half_width_m + 14) {
      town_.greens.push_back({shape->axis, GreenUse::Riverside, ""});
    } else if (area(shape->outline) > kLargestBlock_m2) {
      if (distance_to(river.centre, middle) < 220) return;
      town_.greens.push_back({shape->outline, GreenUse::Park, "Parque " + park_name()});
    } else {
      fill_block(face, *shape);
    }
  }

  std::string park_name() {
    static const std::vector<std::string> names = {"de los Fresnos", "Las Acequias",  "del Maestro",
                                                   "Los Cazahuates", "de la Familia", "El Mezquital"};
    return names[parks_++ % names.size()];
  }

  void fill_block(const Face& face, const Shape& shape) {
    Block block{shape.outline, {}};
    const Point middle = centroid(shape.outline);
    if (auto landmark = landmark_at(shape.axis, middle)) {
      town_.landmarks.push_back(std::move(*landmark));
      town_.blocks.push_back(std::move(block));
      return;
    }
    if (area(shape.outline) > 5'000 && length(middle) > 500 && dice_.chance(0.03)) {
      town_.greens.push_back({shape.outline, GreenUse::Park, "Jardín " + park_name()});
      return;
    }
    const double outwards = std::hypot(middle.x / 2150, middle.y / 1720);
    for (House& house : build_houses(shape.outline, outwards, dice_)) {
      for (const Point& facade : house.facades) add_address(face, house, facade);
      block.houses.push_back({std::move(house.footprint), BuildingUse::House, ""});
    }
    town_.blocks.push_back(std::move(block));
  }

  /// The few buildings that every town has, each in the block that covers its spot.
  std::optional<Building> landmark_at(const Polygon& axis, Point middle) {
    static const struct {
      Point spot;
      BuildingUse use;
      const char* name;
    } landmarks[] = {{{88, 14}, BuildingUse::Church, "Parroquia de Santa Rosalba"},
                     {{-176, -100}, BuildingUse::Market, "Mercado Municipal"},
                     {{-700, 520}, BuildingUse::School, "Preparatoria Regional"},
                     {{900, -250}, BuildingUse::Hospital, "Hospital General"},
                     {{-1150, -180}, BuildingUse::Church, "Templo del Carmen"},
                     {{300, 980}, BuildingUse::School, "Escuela Primaria Benito Juárez"},
                     {{1250, 420}, BuildingUse::Church, "Capilla de la Santa Cruz"}};
    for (const auto& landmark : landmarks) {
      if (!contains(axis, landmark.spot)) continue;
      return Building{landmark_shape(landmark.use, axis, middle), landmark.use, landmark.name};
    }
    return std::nullopt;
  }

  void add_address(const Face& face, const House& house, Point facade) {
    const auto edge = nearest_edge(face, facade);
    const Nearest curb = nearest_on_edge(edge, facade);
    if (curb.distance_m > 30 || town_.network.edges[edge].bridge) return;
    const Point inwards = unit(facade - curb.point);
    Address address;
    address.door = facade - inwards * 0.8;
    address.home = facade + inwards * std::min(6.0, house.depth_m / 2);
    address.curb = {edge, curb.share};
    address.street = town_.network.edges[edge].street;
    address.on_avenue = town_.street(address.street).street_class != StreetClass::Street;
    address.colonia = nearest_colonia(town_.colonias, facade);
    address.number = numbers_.at(address.street, curb.point, facade);
    town_.addresses.push_back(address);
  }

  Town& town_;
  Dice dice_;
  HouseNumbers numbers_;
  std::size_t parks_ = 0;
};

}  // namespace

std::string Town::address_text(const Address& address) const {
  const std::string& colonia = colonias[address.colonia].name;
  const bool has_kind = colonia == "Centro" || colonia.starts_with("Barrio");
  return street(address.street).name + " " + std::to_string(address.number) + ", " +
         (has_kind ? "" : "Col. ") + colonia + ", " + name;
}

Town build_town(std::uint64_t seed) {
  Dice dice(seed);
  Town town{.name = dice.child("name").pick(town_names()),
            .frame = geo::LocalFrame(origin_of(dice.child("origin"))),
            .plan = plan_streets(dice),
            .network = {},
            .blocks = {},
            .greens = {},
            .plaza = {},
            .landmarks = {},
            .colonias = {},
            .addresses = {}};
  town.network = build_network(town.plan);
  town.colonias = place_colonias(town.plan.outline, dice.child("colonias"));
  Builder(town, dice).build();
  return town;
}

}  // namespace terreno::town
