#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "core/base/scaled_clock.hpp"
#include "tools/field_day/company.hpp"

namespace terreno::field_day {

struct Options {
  std::string command;
  std::string folder;
  CompanySpec company;
  std::string terreno;  ///< the server's program; empty: only files are written
  std::string data;     ///< the server's data folder
  std::string server;
  std::optional<TimePlan> clock;
  std::set<std::string> only;  ///< logins; empty: all
  int sync_interval_s = 120;
  int utc_offset_minutes = -360;
  int start_minute = 8 * 60 + 30;
  int end_minute = 18 * 60;
  int at_minute = 12 * 60;
  double speed = 10;
  double hurry = 1;
  double fragility = 0.01;
  int until_visits = 0;
  bool drain = false;
  bool always_online = false;
};

/// Throws Error InvalidArgument with what to write.
Options read_options(int argc, char** argv);
extern const char* const kUsage;

void write_spec(const std::string& folder, const CompanySpec& spec);
/// Throws Error when prepare has not been run there.
CompanySpec read_spec(const std::string& folder);

/// The plan of a demo that shows `at_minute` of today (tenant's time) at this moment, runs at `speed` and
/// leaps from half an hour after the day's end to ten minutes before its start.
TimePlan plan_from(const Options& options, WallMs real_ms);
/// Midnight, tenant's time, of the day that the plan begins with; today without a plan.
WallMs first_midnight(const Options& options, WallMs real_ms);

}  // namespace terreno::field_day
