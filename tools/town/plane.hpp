#pragma once

#include <optional>
#include <vector>

namespace terreno::town {

/// Metres east and north of the plaza.
struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(Point a, double k) { return {a.x * k, a.y * k}; }
inline double dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
inline double cross(Point a, Point b) { return a.x * b.y - a.y * b.x; }
double length(Point a);
double distance(Point a, Point b);
/// Of length 1; (1, 0) for a vector of no length.
Point unit(Point a);
/// Turned by 90° to the left.
inline Point left_of(Point a) { return {-a.y, a.x}; }
inline Point between(Point a, Point b, double share) { return a + (b - a) * share; }

using Line = std::vector<Point>;
/// Closed; the first point is not repeated; counter-clockwise where it bounds something.
using Polygon = std::vector<Point>;

double length(const Line& line);
/// Positive when counter-clockwise.
double area(const Polygon& polygon);
Point centroid(const Polygon& polygon);
bool contains(const Polygon& polygon, Point point);

struct Nearest {
  double distance_m = 0;
  double share = 0;  ///< 0..1 along the segment
  Point point;
};
Nearest nearest_on_segment(Point a, Point b, Point from);
/// To the nearest point of a line with at least one point.
double distance_to(const Line& line, Point from);

/// Where two segments cross, as shares of each; nothing when they are parallel or do not meet.
struct Crossing {
  double share_a = 0;
  double share_b = 0;
};
std::optional<Crossing> crossing(Point a1, Point a2, Point b1, Point b2);

/// A counter-clockwise polygon without points that hardly turn (under `degrees`).
Polygon without_straight_points(const Polygon& polygon, double degrees);
/// Moves side i (from point i to i + 1) inwards by margins[i]. Nothing when no room is left.
std::optional<Polygon> inset(Polygon polygon, std::vector<double> margins);

}  // namespace terreno::town
