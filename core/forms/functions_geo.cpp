// Distances and areas of ODK's geo texts: points "lat lon alt accuracy" joined by ';'. The Earth is a sphere
// of 6,378,100 m, as every other client has it, so that the figures of a form agree between them.
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "core/forms/functions.hpp"

namespace terreno::forms {
namespace {

constexpr double kEarthRadius_m = 6'378'100.0;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Point {
  double lat;  ///< degrees
  double lon;
};
using Points = std::vector<Point>;

double radians(double degrees) { return degrees * std::numbers::pi / 180.0; }
double to_centimetres(double value) { return std::round(value * 100) / 100; }

std::optional<Point> parse_point(std::string_view text) {
  text = trimmed(text);
  std::array<double, 2> parts{};
  for (double& part : parts) {
    const std::size_t gap = std::min(text.find(' '), text.size());
    part = text_to_number(text.substr(0, gap), 0);
    text = trimmed(text.substr(gap));
  }
  const bool valid = std::fabs(parts[0]) <= 90 && std::fabs(parts[1]) <= 180;
  return valid ? std::optional(Point{parts[0], parts[1]}) : std::nullopt;
}

/// Nothing when one of the points is not one.
std::optional<Points> parse_points(std::string_view text) {
  Points points;
  for (std::string_view rest = trimmed(text); !rest.empty();) {
    const std::size_t mark = std::min(rest.find(';'), rest.size());
    const std::optional<Point> point = parse_point(rest.substr(0, mark));
    if (!point) return std::nullopt;
    points.push_back(*point);
    rest = trimmed(rest.substr(std::min(mark + 1, rest.size())));
  }
  return points;
}

/// All points of the arguments, in order: texts, or one point per node.
std::optional<Points> points_of(Call& call, std::size_t first, std::size_t end) {
  Points all;
  for (std::size_t i = first; i < end; ++i) {
    const Value found = call.value(i);
    std::vector<std::string> texts;
    if (found.kind == ValueKind::Nodes) {
      for (const NodeRef node : found.nodes) texts.push_back(call.evaluator().text_of(node));
    } else {
      texts.push_back(call.evaluator().to_text(found));
    }
    for (const std::string& text : texts) {
      const std::optional<Points> points = parse_points(text);
      if (!points || points->empty()) return std::nullopt;
      all.insert(all.end(), points->begin(), points->end());
    }
  }
  return all;
}

/// Great circle by the haversine formula, which keeps its precision over a few metres.
double distance_m(Point a, Point b) {
  const double lat = std::sin((radians(b.lat) - radians(a.lat)) / 2);
  const double lon = std::sin((radians(b.lon) - radians(a.lon)) / 2);
  const double chord = lat * lat + std::cos(radians(a.lat)) * std::cos(radians(b.lat)) * lon * lon;
  return 2 * kEarthRadius_m * std::asin(std::min(1.0, std::sqrt(chord)));
}

Value distance(Call& call) {
  const std::optional<Points> points = points_of(call, 0, call.count());
  if (!points || points->empty()) return Value::of_number(kNaN);
  double total = 0;
  for (std::size_t i = 1; i < points->size(); ++i) total += distance_m((*points)[i - 1], (*points)[i]);
  return Value::of_number(to_centimetres(total));
}

/// Area of a polygon on a sphere, R. G. Chamberlain and W. H. Duquette, "Some algorithms for polygons on a
/// sphere", 2007.
Value area(Call& call) {
  const std::optional<Points> points = points_of(call, 0, 1);
  if (!points) return Value::of_number(kNaN);
  if (points->size() < 3) return Value::of_number(0);
  double total = 0;
  for (std::size_t i = 0; i < points->size(); ++i) {
    const Point a = (*points)[i];
    const Point b = (*points)[(i + 1) % points->size()];
    total += radians(b.lon - a.lon) * (2 + std::sin(radians(a.lat)) + std::sin(radians(b.lat)));
  }
  return Value::of_number(to_centimetres(std::fabs(total * kEarthRadius_m * kEarthRadius_m / 2)));
}

/// Whether a point lies in a closed polygon: a ray to the east crosses its edges an odd number of times.
Value geofence(Call& call) {
  const std::string point_text = call.text(0);
  const std::string area_text = call.text(1);
  const std::optional<Point> point = parse_point(point_text);
  const std::optional<Points> ring = parse_points(area_text);
  if (!point || !ring || ring->size() < 4) return Value::of_boolean(false);
  const bool closed = ring->front().lat == ring->back().lat && ring->front().lon == ring->back().lon;
  if (!closed) return Value::of_boolean(false);
  bool inside = false;
  for (std::size_t i = 1; i < ring->size(); ++i) {
    const Point a = (*ring)[i - 1];
    const Point b = (*ring)[i];
    const bool spans = (a.lat > point->lat) != (b.lat > point->lat);
    if (spans && point->lon < (b.lon - a.lon) * (point->lat - a.lat) / (b.lat - a.lat) + a.lon)
      inside = !inside;
  }
  return Value::of_boolean(inside);
}

constexpr std::array kRows{
    FunctionRow{"distance", 1, kManyArguments, distance},
    FunctionRow{"area", 1, 1, area},
    FunctionRow{"enclosed-area", 1, 1, area},
    FunctionRow{"geofence", 2, 2, geofence},
};

}  // namespace

std::span<const FunctionRow> geo_functions() { return kRows; }

}  // namespace terreno::forms
