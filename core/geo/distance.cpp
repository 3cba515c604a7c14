#include "core/geo/distance.hpp"

#include <GeographicLib/Geocentric.hpp>
#include <GeographicLib/Geodesic.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace terreno::geo {
namespace {

using GeographicLib::Geocentric;
using GeographicLib::Geodesic;

double turned_to_circle(double degrees) {
  if (!std::isfinite(degrees)) return 0;
  const double turned = std::fmod(degrees, 360.0);
  return turned < 0 ? turned + 360.0 : turned;
}

std::array<double, 3> earth_centred(const GeoPoint& point) {
  std::array<double, 3> v{};
  Geocentric::WGS84().Forward(point.lat, point.lon, 0, v[0], v[1], v[2]);
  return v;
}

double dot(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

Course course(const GeoPoint& from, const GeoPoint& to) {
  Course result;
  double azimuth_there = 0;
  Geodesic::WGS84().Inverse(from.lat, from.lon, to.lat, to.lon, result.distance_m, result.bearing_deg,
                            azimuth_there);
  // GeographicLib gives 180° for coincident points, which would read as 'south'.
  result.bearing_deg = result.distance_m == 0 ? 0 : turned_to_circle(result.bearing_deg);
  return result;
}

double geodesic_m(const GeoPoint& from, const GeoPoint& to) {
  double distance = 0;
  Geodesic::WGS84().Inverse(from.lat, from.lon, to.lat, to.lon, distance);
  return distance;
}

double bearing_deg(const GeoPoint& from, const GeoPoint& to) { return course(from, to).bearing_deg; }

LocalFrame::LocalFrame(const GeoPoint& origin) : origin_(origin), centre_(earth_centred(origin)) {
  const double phi = origin.lat * std::numbers::pi / 180, lambda = origin.lon * std::numbers::pi / 180;
  const double sin_phi = std::sin(phi), cos_phi = std::cos(phi);
  const double sin_lambda = std::sin(lambda), cos_lambda = std::cos(lambda);
  east_ = {-sin_lambda, cos_lambda, 0};
  north_ = {-sin_phi * cos_lambda, -sin_phi * sin_lambda, cos_phi};
  const double a = Geocentric::WGS84().EquatorialRadius(), f = Geocentric::WGS84().Flattening();
  const double e2 = f * (2 - f), w2 = 1 - e2 * sin_phi * sin_phi;
  const double prime_vertical = a / std::sqrt(w2);
  const double meridian = prime_vertical * (1 - e2) / w2;
  radius_m_ = (meridian + prime_vertical) / 2;
}

LocalFrame::Xy LocalFrame::to_xy(const GeoPoint& point) const {
  const Vector there = earth_centred(point);
  const Vector way{there[0] - centre_[0], there[1] - centre_[1], there[2] - centre_[2]};
  const double x = dot(way, east_), y = dot(way, north_);
  const double planar = std::hypot(x, y), chord = std::sqrt(dot(way, way));
  // The chord goes through the earth; the arc above it is what a person walks.
  const double arc = 2 * radius_m_ * std::asin(std::min(1.0, chord / (2 * radius_m_)));
  if (planar == 0) return {0, arc};  // the origin itself, or the antipode, which lies in every direction
  return {x * arc / planar, y * arc / planar};
}

GeoPoint LocalFrame::to_point(const Xy& xy) const {
  GeoPoint point;
  const double azimuth = std::atan2(xy.x_m, xy.y_m) * 180 / std::numbers::pi;
  Geodesic::WGS84().Direct(origin_.lat, origin_.lon, azimuth, std::hypot(xy.x_m, xy.y_m), point.lat,
                           point.lon);
  return point;
}

double LocalFrame::distance_m(const GeoPoint& point) const {
  const Xy xy = to_xy(point);
  return std::hypot(xy.x_m, xy.y_m);
}

std::string_view compass_key(double bearing) {
  static constexpr std::array<std::string_view, 8> kKeys{"direction.n",  "direction.ne", "direction.e",
                                                         "direction.se", "direction.s",  "direction.sw",
                                                         "direction.w",  "direction.nw"};
  return kKeys[static_cast<std::size_t>(turned_to_circle(bearing) / 45.0 + 0.5) % 8];
}

}  // namespace terreno::geo
