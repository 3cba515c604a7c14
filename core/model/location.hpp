#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"

namespace terreno {

/// WGS 84 degrees; latitude −90..90, longitude −180..180.
struct GeoPoint {
  double lat = 0;
  double lon = 0;
  bool operator==(const GeoPoint&) const = default;
};

/// What `accuracy_m` of a fix means differs: Android 68 % radius, iOS about 63 %, the web 95 %.
enum class Platform : std::uint8_t { Android = 0, Ios = 1, Web = 2, Desktop = 3 };

/// One position as the phone's location service gave it.
struct Fix {
  WallMs captured_at_ms = 0;  ///< time of the fix, UTC, by the phone's location service
  MonoMs mono_ms = 0;         ///< monotonic clock when it reached the core
  GeoPoint point;
  double accuracy_m = 0;  ///< as the platform claims it; > 0
  std::optional<double> speed_mps;
  std::optional<double> bearing_deg;  ///< 0..360 from north, clockwise
  std::optional<double> altitude_m;
  bool mock = false;  ///< the platform says that an app made this position up
  bool operator==(const Fix&) const = default;
};

struct BatterySample {
  WallMs at_ms = 0;
  std::uint8_t percent = 0;  ///< 0..100
  bool charging = false;
  bool operator==(const BatterySample&) const = default;
};

/// How well a place's pin is known; decides its σ when no better figure was learnt.
enum class PinPrecision : std::uint8_t {
  Verified = 0,
  Rooftop = 1,
  Interpolated = 2,
  Street = 3,
  Approximate = 4
};

/// Where a visit may happen: a circle around the pin.
struct Fence {
  GeoPoint centre;
  double radius_m = 50;
  PinPrecision precision = PinPrecision::Rooftop;
  bool operator==(const Fence&) const = default;
};

enum class GateAnswer : std::uint8_t { Inside = 0, Outside = 1, Inconclusive = 2 };

/// Why the gate answered so; each has a text `gate.<snake_case>` in the catalogue.
enum class GateReason : std::uint8_t {
  Inside = 0,
  Outside = 1,
  WaitBetterFix = 2,
  MoveCloser = 3,
  NoFix = 4,
  StaleFix = 5,
  PinUncertain = 6
};

/// A tenant's thresholds for one purpose.
struct GatePolicy {
  double inside_probability = 0.80;   ///< Inside from here up
  double outside_probability = 0.05;  ///< Outside from here down
  std::int64_t max_fix_age_ms = 30'000;
  bool inconclusive_allows = false;  ///< whether a visit may open when the gate cannot tell
  bool operator==(const GatePolicy&) const = default;
};

/// The location gate's answer with what led to it; the server computes it again from the same fixes.
struct LocationVerdict {
  GateAnswer answer = GateAnswer::Inconclusive;
  GateReason reason = GateReason::NoFix;
  double probability = 0;  ///< of being inside the fence, 0..1
  double distance_m = 0;   ///< geodesic from the fused position to the pin
  double accuracy_m = 0;   ///< radius of 68 % of the fused position
  double bearing_deg = 0;  ///< from the phone to the pin, 0..360
  GeoPoint position;       ///< fused
  bool operator==(const LocationVerdict&) const = default;
};

}  // namespace terreno
