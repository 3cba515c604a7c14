#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/app/field_core.hpp"
#include "tools/field_day/http_client.hpp"
#include "tools/field_day/pace.hpp"
#include "tools/field_day/phone_clock.hpp"
#include "tools/field_day/sensors.hpp"
#include "tools/field_day/tally.hpp"

namespace terreno::field_day {

/// Who carries a phone: says what its location service and battery give between two moments.
class Carrier {
 public:
  virtual ~Carrier() = default;
  /// Appends the fixes of (from, to], oldest first; mono_ms is filled in by the phone.
  virtual void sense(WallMs from_ms, WallMs to_ms, std::vector<Fix>& fixes) = 0;
  virtual BatterySample battery(WallMs at_ms) = 0;
};

struct PhoneOptions {
  std::string database_path;
  std::string server;  ///< "http://127.0.0.1:8080"
  Platform platform = Platform::Android;
  std::string model;
  std::uint64_t seed = 0;
  WallMs switched_on_at_ms = 0;
};

/// A real core in a simulated phone: its own database file, its own clock, a network that comes and goes.
/// Time passes only in pass() and power_cycle(). One thread at a time.
class SimPhone {
 public:
  SimPhone(PhoneOptions options, Pace& pace, Tally& tally);

  FieldCore& core() { return *core_; }
  PhoneClock& clock() { return clock_; }
  WallMs now_ms() const { return clock_.wall_ms(); }
  void carry(Carrier& carrier) { carrier_ = &carrier; }

  /// Asks the server until it says yes or no, as a person at the office would. Throws the server's Error.
  void enrol(const std::string& code);
  /// Lives on: senses every ten seconds, syncs when the core has something to send. Throws Stopped.
  void pass(double seconds);
  void pass_until(WallMs at_ms);
  /// The phone lies switched off at home: nothing is sensed or sent.
  void rest_until(WallMs at_ms);
  /// Gives the core what the sensors have gathered.
  void flush();
  /// Sends all that is due; with `eager` asks the server in any case.
  void sync(bool eager = false);
  /// The battery was taken out: the object is destroyed as it stands, and comes back later in a new boot.
  void power_cycle(double off_seconds);
  const Traffic& traffic() const { return client_.traffic(); }
  /// Whether there is network now; false networks are the day's own.
  void always_online() { always_online_ = true; }

 private:
  void step(WallMs to_ms);
  bool exchange(const HttpRequest& request);

  PhoneOptions options_;
  Pace& pace_;
  Tally& tally_;
  town::Dice dice_;
  PhoneClock clock_;
  HttpClient client_;
  Reception reception_;
  Carrier* carrier_ = nullptr;
  std::unique_ptr<FieldCore> core_;
  std::vector<Fix> gathered_;
  WallMs battery_due_ms_ = 0;
  WallMs sync_due_ms_ = 0;
  /// A phone that lives through a past morning sends its visits when it has arrived in the present: sent on
  /// the way, they would look to the server as if its clock were hours late.
  WallMs quiet_until_ms_;
  bool always_online_ = false;
};

}  // namespace terreno::field_day
