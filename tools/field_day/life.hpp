#pragma once

#include <string>

#include "tools/field_day/visitor.hpp"

namespace terreno::field_day {

/// What all gestores of a run share.
struct DaySettings {
  std::string folder;  ///< databases of the phones, ledgers, enrolment codes
  std::string server;
  WallMs first_day_ms = 0;  ///< midnight of the first day, tenant's time
  std::int32_t utc_offset_minutes = -360;
  int start_minute = 8 * 60 + 30;  ///< of the day
  int end_minute = 18 * 60;
  double fragility = 0.01;  ///< share of visits in which the phone dies
  double hurry = 1;         ///< divides pauses; a test's people are quick
  bool always_online = false;
};

/// One gestor with a phone, day after day.
class Life {
 public:
  virtual ~Life() = default;
  /// Enrols at first. Until the pace is stopped: throws Stopped then, or Error when the phone or the server
  /// breaks a promise.
  virtual void run(const std::string& enrolment_code) = 0;
  virtual SimPhone& phone() = 0;
  virtual Visitor& visitor() = 0;
};

/// The phone that a gestor carries, as it is switched on: its first moment is the first morning or, when it
/// has lived before, where the demo's time stands.
PhoneOptions phone_options(const DaySettings& settings, const Gestor& gestor, const Pace& pace);
std::string ledger_path(const DaySettings& settings, const Gestor& gestor);
/// In the office there is network, and without cases nobody sets off.
void sync_at_office(SimPhone& phone);

inline constexpr std::int64_t kMinute_ms = 60'000;
inline constexpr std::int64_t kDay_ms = 86'400'000;

}  // namespace terreno::field_day
