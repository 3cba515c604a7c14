#include "core/geo/distance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

namespace terreno::geo {

TEST_CASE("a geodesic between two cities has the published length and direction") {
  const GeoPoint mexico{19.4326, -99.1332}, bogota{4.7110, -74.0721};
  CHECK(geodesic_m(mexico, bogota) == doctest::Approx(3'161'000).epsilon(0.005));
  CHECK(bearing_deg(mexico, bogota) > 90);
  CHECK(bearing_deg(mexico, bogota) < 180);
  CHECK(geodesic_m(mexico, mexico) == 0);
  CHECK(bearing_deg(mexico, mexico) == 0);
}

TEST_CASE("a degree along the equator and along a meridian have the ellipsoid's lengths") {
  CHECK(geodesic_m({0, 0}, {0, 1}) == doctest::Approx(111'319.4908).epsilon(1e-9));
  CHECK(geodesic_m({0, 0}, {1, 0}) == doctest::Approx(110'574.3886).epsilon(1e-9));
  CHECK(bearing_deg({0, 0}, {0, 1}) == doctest::Approx(90));
  CHECK(bearing_deg({0, 0}, {0, -1}) == doctest::Approx(270));
}

TEST_CASE("the local frame keeps distances, also across the antimeridian and at the poles") {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> lat(-90, 90), lon(-180, 180), angle(0, 6.283185307179586);
  for (int i = 0; i < 3000; ++i) {
    GeoPoint origin{lat(random), lon(random)};
    if (i % 4 == 0) origin.lon = i % 8 == 0 ? 180 : -180;
    if (i % 7 == 0) origin.lat = i % 2 == 0 ? 90 : -90;
    const LocalFrame frame(origin);
    for (const double metres : {0.0, 0.5, 50.0, 450.0, 10'000.0}) {
      const double a = angle(random);
      const LocalFrame::Xy xy{metres * std::cos(a), metres * std::sin(a)};
      const GeoPoint point = frame.to_point(xy);
      const LocalFrame::Xy back = frame.to_xy(point);
      const double allowed = metres > 1000 ? 1e-3 : 1e-6;
      CHECK(std::abs(back.x_m - xy.x_m) < allowed);
      CHECK(std::abs(back.y_m - xy.y_m) < allowed);
      CHECK(std::abs(frame.distance_m(point) - geodesic_m(origin, point)) < allowed);
    }
  }
}

TEST_CASE("the antipode is half the earth away, not at the origin") {
  CHECK(LocalFrame({10, 20}).distance_m({-10, -160}) > 19'000'000);
}

TEST_CASE("bearings have the names of eight directions") {
  CHECK(compass_key(0) == "direction.n");
  CHECK(compass_key(359.9) == "direction.n");
  CHECK(compass_key(22.6) == "direction.ne");
  CHECK(compass_key(180) == "direction.s");
  CHECK(compass_key(-90) == "direction.w");
  CHECK(compass_key(1125) == "direction.ne");
  CHECK(compass_key(std::nan("")) == "direction.n");
}

}  // namespace terreno::geo
