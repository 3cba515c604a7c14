#include "tools/town/plane.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace terreno::town {

double length(Point a) { return std::hypot(a.x, a.y); }
double distance(Point a, Point b) { return length(b - a); }

Point unit(Point a) {
  const double size = length(a);
  return size > 0 ? a * (1 / size) : Point{1, 0};
}

double length(const Line& line) {
  double sum = 0;
  for (std::size_t i = 1; i < line.size(); ++i) sum += distance(line[i - 1], line[i]);
  return sum;
}

double area(const Polygon& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i)
    twice += cross(polygon[i], polygon[(i + 1) % polygon.size()]);
  return twice / 2;
}

Point centroid(const Polygon& polygon) {
  Point sum;
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point& a = polygon[i];
    const Point& b = polygon[(i + 1) % polygon.size()];
    const double weight = cross(a, b);
    sum = sum + (a + b) * weight;
    twice += weight;
  }
  return twice == 0 ? polygon.front() : sum * (1 / (3 * twice));
}

bool contains(const Polygon& polygon, Point point) {
  bool inside = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const Point& a = polygon[i];
    const Point& b = polygon[j];
    if ((a.y > point.y) != (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x)
      inside = !inside;
  }
  return inside;
}

Nearest nearest_on_segment(Point a, Point b, Point from) {
  const Point along = b - a;
  const double size = dot(along, along);
  const double share = size > 0 ? std::clamp(dot(from - a, along) / size, 0.0, 1.0) : 0.0;
  const Point point = a + along * share;
  return {distance(point, from), share, point};
}

double distance_to(const Line& line, Point from) {
  double best = distance(line.front(), from);
  for (std::size_t i = 1; i < line.size(); ++i)
    best = std::min(best, nearest_on_segment(line[i - 1], line[i], from).distance_m);
  return best;
}

std::optional<Crossing> crossing(Point a1, Point a2, Point b1, Point b2) {
  const Point a = a2 - a1;
  const Point b = b2 - b1;
  const double denominator = cross(a, b);
  if (std::abs(denominator) < 1e-9) return std::nullopt;
  const Crossing found{cross(b1 - a1, b) / denominator, cross(b1 - a1, a) / denominator};
  if (found.share_a < 0 || found.share_a > 1 || found.share_b < 0 || found.share_b > 1) return std::nullopt;
  return found;
}

Polygon without_straight_points(const Polygon& polygon, double degrees) {
  const double least_sine = std::sin(degrees * std::numbers::pi / 180);
  Polygon kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point before = kept.empty() ? polygon[(i + polygon.size() - 1) % polygon.size()] : kept.back();
    const Point in = unit(polygon[i] - before);
    const Point out = unit(polygon[(i + 1) % polygon.size()] - polygon[i]);
    if (std::abs(cross(in, out)) >= least_sine || dot(in, out) < 0) kept.push_back(polygon[i]);
  }
  return kept;
}

namespace {

struct OffsetSide {
  Point from;
  Point direction;
};

std::vector<OffsetSide> offset_sides(const Polygon& polygon, const std::vector<double>& margins) {
  std::vector<OffsetSide> sides;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point direction = unit(polygon[(i + 1) % polygon.size()] - polygon[i]);
    sides.push_back({polygon[i] + left_of(direction) * margins[i], direction});
  }
  return sides;
}

Point meeting(const OffsetSide& a, const OffsetSide& b) {
  const double denominator = cross(a.direction, b.direction);
  if (std::abs(denominator) < 0.02) return b.from;
  return a.from + a.direction * (cross(b.from - a.from, b.direction) / denominator);
}

/// The side that the inset has turned around, if any: it has vanished.
std::optional<std::size_t> vanished_side(const std::vector<OffsetSide>& sides, const Polygon& corners) {
  for (std::size_t i = 0; i < sides.size(); ++i) {
    if (dot(corners[(i + 1) % corners.size()] - corners[i], sides[i].direction) <= 0) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Polygon> inset(Polygon polygon, std::vector<double> margins) {
  auto sides = offset_sides(polygon, margins);
  while (sides.size() >= 3) {
    Polygon corners;
    for (std::size_t i = 0; i < sides.size(); ++i)
      corners.push_back(meeting(sides[(i + sides.size() - 1) % sides.size()], sides[i]));
    const auto vanished = vanished_side(sides, corners);
    if (!vanished) return area(corners) > 0 ? std::optional(corners) : std::nullopt;
    sides.erase(sides.begin() + static_cast<std::ptrdiff_t>(*vanished));
  }
  return std::nullopt;
}

}  // namespace terreno::town
