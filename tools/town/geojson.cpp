#include "tools/town/geojson.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace terreno::town {
namespace {

std::string_view class_of(StreetClass street_class) {
  switch (street_class) {
    case StreetClass::Highway:
      return "highway";
    case StreetClass::Avenue:
      return "avenue";
    case StreetClass::Street:
      return "street";
  }
  return "street";
}

std::string_view class_of(BuildingUse use) {
  switch (use) {
    case BuildingUse::House:
      return "house";
    case BuildingUse::Church:
      return "church";
    case BuildingUse::Market:
      return "market";
    case BuildingUse::School:
      return "school";
    case BuildingUse::Hospital:
      return "hospital";
  }
  return "house";
}

std::string_view class_of(GreenUse use) {
  switch (use) {
    case GreenUse::Park:
      return "park";
    case GreenUse::Riverside:
      return "riverside";
    case GreenUse::Sport:
      return "sport";
  }
  return "park";
}

class Writer {
 public:
  explicit Writer(const Town& town) : town_(town) {}

  std::string write() {
    out_ = "{\"type\":\"FeatureCollection\",\"name\":" + json_string(town_.name) + ",\"features\":[";
    for (const Block& block : town_.blocks) polygon("block", "", "", block.outline);
    for (const Green& green : town_.greens) polygon("park", class_of(green.use), green.name, green.outline);
    polygon("plaza", "plaza", "Plaza Principal", town_.plaza);
    polygon("river", "river", "Río Colorín", river_banks());
    for (std::uint32_t street = 0; street < town_.plan.streets.size(); ++street) streets(street);
    for (const Block& block : town_.blocks) houses(block);
    for (const Building& building : town_.landmarks)
      polygon("building", class_of(building.use), building.name, building.footprint);
    place_names();
    out_ += "\n]}\n";
    return std::move(out_);
  }

 private:
  void begin(std::string_view kind, std::string_view type_class, std::string_view name, bool bridge = false) {
    out_ += features_++ == 0 ? "\n" : ",\n";
    out_ += "{\"type\":\"Feature\",\"properties\":{\"kind\":" + json_string(kind);
    if (!type_class.empty()) out_ += ",\"class\":" + json_string(type_class);
    if (!name.empty()) out_ += ",\"name\":" + json_string(name);
    if (bridge) out_ += ",\"bridge\":true";
    out_ += "},\"geometry\":";
  }
  void end() { out_ += '}'; }

  void coordinates(Point point) {
    const GeoPoint at = town_.to_geo(point);
    char text[48];
    const int size = std::snprintf(text, sizeof text, "[%.5f,%.5f]", at.lon, at.lat);
    out_.append(text, static_cast<std::size_t>(size));
  }
  void line(const Line& points) {
    out_ += '[';
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (i > 0) out_ += ',';
      coordinates(points[i]);
    }
    out_ += ']';
  }
  void ring(const Polygon& polygon) {
    Line closed = polygon;
    closed.push_back(polygon.front());
    out_ += '[';
    line(closed);
    out_ += ']';
  }
  void polygon(std::string_view kind, std::string_view type_class, std::string_view name,
               const Polygon& outline) {
    if (outline.size() < 3) return;
    begin(kind, type_class, name);
    out_ += "{\"type\":\"Polygon\",\"coordinates\":";
    ring(outline);
    out_ += '}';
    end();
  }

  Polygon river_banks() const {
    const Line& centre = town_.plan.river.centre;
    Polygon banks;
    for (const double side : {-1.0, 1.0}) {
      Line bank;
      for (std::size_t i = 0; i < centre.size(); ++i) {
        const Point along = unit(centre[std::min(i + 1, centre.size() - 1)] - centre[i > 0 ? i - 1 : 0]);
        const double half = town_.plan.river.half_width_m * (0.92 + 0.08 * static_cast<double>((i * 7) % 3));
        bank.push_back(centre[i] + left_of(along) * (side * half));
      }
      if (side > 0) std::reverse(bank.begin(), bank.end());
      banks.insert(banks.end(), bank.begin(), bank.end());
    }
    return banks;
  }

  /// One feature for all of a street on the ground and one for its bridges.
  void streets(std::uint32_t street) {
    for (const bool bridge : {false, true}) {
      const auto lines = lines_of(street, bridge);
      if (lines.empty()) continue;
      begin("street", class_of(town_.street(street).street_class), town_.street(street).name, bridge);
      out_ += "{\"type\":\"MultiLineString\",\"coordinates\":[";
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) out_ += ',';
        line(lines[i]);
      }
      out_ += "]}";
      end();
    }
  }

  /// Chains the street's edges of the network, which stand there in their order along the street.
  std::vector<Line> lines_of(std::uint32_t street, bool bridge) const {
    std::vector<Line> lines;
    std::uint32_t tail = 0;
    for (const auto& edge : town_.network.edges) {
      if (edge.street != street || edge.bridge != bridge) continue;
      if (lines.empty() || tail != edge.from) lines.push_back({town_.network.nodes[edge.from].at});
      lines.back().push_back(town_.network.nodes[edge.to].at);
      tail = edge.to;
    }
    for (Line& each : lines) each = thinned(each);
    return lines;
  }
  /// Without the points that a map reader could not tell from a straight line.
  static Line thinned(const Line& line) {
    Line kept{line.front()};
    for (std::size_t i = 1; i + 1 < line.size(); ++i) {
      if (nearest_on_segment(kept.back(), line[i + 1], line[i]).distance_m > 0.6) kept.push_back(line[i]);
    }
    kept.push_back(line.back());
    return kept;
  }

  void houses(const Block& block) {
    if (block.houses.empty()) return;
    begin("building", "house", "");
    out_ += "{\"type\":\"MultiPolygon\",\"coordinates\":[";
    for (std::size_t i = 0; i < block.houses.size(); ++i) {
      if (i > 0) out_ += ',';
      ring(block.houses[i].footprint);
    }
    out_ += "]}";
    end();
  }

  void place_names() {
    const auto name = [&](std::string_view type_class, std::string_view text, Point at) {
      begin("place_name", type_class, text);
      out_ += "{\"type\":\"Point\",\"coordinates\":";
      coordinates(at);
      out_ += '}';
      end();
    };
    name("town", town_.name, {0, 0});
    for (const Colonia& colonia : town_.colonias) name("colonia", colonia.name, colonia.centre);
  }

  const Town& town_;
  std::string out_;
  std::size_t features_ = 0;
};

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string to_geojson(const Town& town) { return Writer(town).write(); }

}  // namespace terreno::town
