#pragma once

#include <array>
#include <string_view>

#include "core/model/location.hpp"

namespace terreno::geo {

// Distances and directions on the WGS 84 ellipsoid. Everything in core/geo is pure and may be called from any
// thread; coordinates must be finite.

/// Length of the geodesic, metres (Karney 2013, as GeographicLib solves it). About 0.6 µs.
double geodesic_m(const GeoPoint& from, const GeoPoint& to);

/// Azimuth of the geodesic at `from`, 0..360 clockwise from north; 0 when both points coincide.
double bearing_deg(const GeoPoint& from, const GeoPoint& to);

/// Both of the above for the price of one.
struct Course {
  double distance_m = 0;
  double bearing_deg = 0;
};
Course course(const GeoPoint& from, const GeoPoint& to);

/// East and north of an origin, metres: the plane in which fixes are fused and fences are judged. Distances
/// from the origin are right within 1 mm at 10 km and stay in order as far as the antipode; the antimeridian
/// and the poles are places like any other. Points are taken through earth-centred coordinates, so one
/// conversion takes some tens of nanoseconds.
class LocalFrame {
 public:
  struct Xy {
    double x_m = 0;  ///< east
    double y_m = 0;  ///< north
    bool operator==(const Xy&) const = default;
  };

  explicit LocalFrame(const GeoPoint& origin);

  const GeoPoint& origin() const noexcept { return origin_; }
  Xy to_xy(const GeoPoint& point) const;
  GeoPoint to_point(const Xy& xy) const;
  /// From the origin, planar.
  double distance_m(const GeoPoint& point) const;

 private:
  using Vector = std::array<double, 3>;
  GeoPoint origin_;
  Vector centre_{};  ///< of the origin, earth-centred
  Vector east_{}, north_{};
  double radius_m_;  ///< mean of the meridian's and the prime vertical's radius at the origin
};

/// Key of the text for the nearest of eight directions: "direction.n", "direction.ne"... Any bearing; what is
/// not finite is north.
std::string_view compass_key(double bearing_deg);

}  // namespace terreno::geo
