#pragma once

#include <optional>

#include "core/model/location.hpp"
#include "tools/town/dice.hpp"
#include "tools/town/plane.hpp"

namespace terreno::field_day {

/// What a phone's location service makes of where it is. Errors follow DOMAIN.md: Rayleigh with σ 6 m in the
/// open and 18 m between houses, neighbouring fixes alike (0.66 from one to the next), 3 % outliers.
class LocationService {
 public:
  LocationService(town::Dice dice, Platform platform);

  struct Reading {
    town::Point error;  ///< metres east and north of the truth
    double accuracy_m = 0;
  };
  /// `sigma_m`: per axis, of the surroundings; see kOpenSigma_m and kStreetSigma_m.
  Reading read(WallMs at_ms, double sigma_m);

 private:
  town::Dice dice_;
  Platform platform_;
  WallMs last_ms_ = 0;
  town::Point error_;   ///< in σ
  double honesty_ = 1;  ///< how this phone's claims compare with its errors
};

inline constexpr double kOpenSigma_m = 6;
inline constexpr double kStreetSigma_m = 18;

/// A battery over the day: 85 to 100 % in the morning, some 6 % an hour, 1 % for ten photos.
class Battery {
 public:
  explicit Battery(town::Dice dice);
  void pass(double hours);
  void photo() { level_ -= 0.1; }
  /// A power bank at the stops, from when it runs low until it is well filled again.
  bool charging() const { return charging_; }
  std::uint8_t percent() const;

 private:
  double level_;
  double per_hour_;
  bool charging_ = false;
};

/// When there is no network: spells of 25 minutes on average, some 15 % of the day.
class Reception {
 public:
  Reception(town::Dice dice, WallMs from_ms);
  bool online(WallMs at_ms);

 private:
  town::Dice dice_;
  bool online_ = true;
  WallMs until_ms_;
};

}  // namespace terreno::field_day
