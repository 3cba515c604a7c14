#include "tools/field_day/life.hpp"

#include <algorithm>
#include <filesystem>

namespace terreno::field_day {
namespace {

constexpr int kOfficeBeforeStart_min = 10;

}  // namespace

PhoneOptions phone_options(const DaySettings& settings, const Gestor& gestor, const Pace& pace) {
  const std::string database = settings.folder + "/phones/" + gestor.login + ".db";
  const WallMs morning =
      settings.first_day_ms + (settings.start_minute - kOfficeBeforeStart_min) * kMinute_ms;
  const WallMs on_at = std::filesystem::exists(database) ? std::max(morning, pace.now_ms()) : morning;
  return {database, settings.server, gestor.platform, gestor.phone_model, gestor.seed, on_at};
}

std::string ledger_path(const DaySettings& settings, const Gestor& gestor) {
  return settings.folder + "/ledgers/" + gestor.login + ".txt";
}

void sync_at_office(SimPhone& phone) {
  for (int attempt = 0; attempt < 200 && phone.core().cases({}).empty(); ++attempt) {
    phone.sync(true);
    phone.pass(5);
  }
}

}  // namespace terreno::field_day
