#include "tools/field_day/traces.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "core/base/error.hpp"
#include "core/geo/distance.hpp"
#include "tools/field_day/gzip_csv.hpp"

namespace terreno::field_day {
namespace {

constexpr std::int64_t kDay_ms = 86'400'000;
constexpr double kStopRadius_m = 100;
constexpr std::int64_t kStopLeast_ms = 300'000;
constexpr double kStopAccuracy_m = 100;
constexpr std::size_t kLeastFixes = 120;

/// A set of files with the same meaning.
struct Source {
  const char* folder;
  const char* person;   ///< column that tells whose phone it was
  const char* bearing;  ///< its name differs
  int utc_offset_hours;
};
constexpr Source kSources[] = {{"saopaulo-odc2017", "user", "heading", -3},
                               {"mobilitynet", "phone", "bearing", -7}};

struct DayKey {
  std::string person;
  std::int64_t day = 0;
  auto operator<=>(const DayKey&) const = default;
};
using Days = std::map<DayKey, TraceDay>;

DayKey key_of(const GzipCsv& csv, const Source& source, std::int64_t& of_day_ms) {
  const auto local =
      static_cast<std::int64_t>(csv.number("ts", 0) * 1000) + source.utc_offset_hours * 3'600'000LL;
  of_day_ms = local % kDay_ms;
  return {csv.text(source.person), local / kDay_ms};
}

/// e-mission writes −1 or 0 where the phone told nothing.
std::optional<double> told(double value) { return value > 0 ? std::optional(value) : std::nullopt; }

void read_fixes(const std::string& folder, const Source& source, Days& days) {
  GzipCsv csv(folder + "/location.csv.gz");
  while (csv.next()) {
    std::int64_t of_day = 0;
    const DayKey key = key_of(csv, source, of_day);
    TraceDay& day = days[key];
    const bool ios = csv.text("platform") == "ios" || key.person.find("ios") != std::string::npos;
    day.platform = ios ? Platform::Ios : Platform::Android;
    Fix fix;
    fix.captured_at_ms = of_day;
    fix.point = {csv.number("lat", 0), csv.number("lon", 0)};
    fix.accuracy_m = csv.number("accuracy_m", 0);
    if (const double speed = csv.number("speed_mps", -1); speed >= 0) fix.speed_mps = speed;
    fix.bearing_deg = told(csv.number(source.bearing, 0));
    fix.altitude_m = told(csv.number("altitude", 0));
    if (fix.accuracy_m > 0) day.fixes.push_back(fix);
  }
}

void read_battery(const std::string& folder, const Source& source, Days& days) {
  GzipCsv csv(folder + "/battery.csv.gz");
  while (csv.next()) {
    std::int64_t of_day = 0;
    const auto found = days.find(key_of(csv, source, of_day));
    const double level = csv.number("level_pct", -1);
    if (found == days.end() || level < 0 || level > 100) continue;
    // Android's BATTERY_STATUS_CHARGING is 2, iOS's UIDeviceBatteryStateCharging too.
    found->second.battery.push_back(
        {of_day, static_cast<std::uint8_t>(level), csv.text("battery_status") == "2"});
  }
}

/// The two experiments' rows are in the order of writing, not of time; some stand there twice.
void put_in_order(TraceDay& day) {
  const auto earlier = [](const Fix& a, const Fix& b) { return a.captured_at_ms < b.captured_at_ms; };
  const auto same = [](const Fix& a, const Fix& b) { return a.captured_at_ms == b.captured_at_ms; };
  std::stable_sort(day.fixes.begin(), day.fixes.end(), earlier);
  day.fixes.erase(std::unique(day.fixes.begin(), day.fixes.end(), same), day.fixes.end());
  std::stable_sort(day.battery.begin(), day.battery.end(),
                   [](const auto& a, const auto& b) { return a.at_ms < b.at_ms; });
}

std::vector<TraceDay> usable(Days days, const Source& source, std::int64_t from_ms, std::int64_t to_ms) {
  std::vector<TraceDay> good;
  for (auto& [key, day] : days) {
    put_in_order(day);
    std::erase_if(day.fixes, [&](const Fix& fix) {
      return fix.captured_at_ms < from_ms || fix.captured_at_ms >= to_ms;
    });
    day.stops = find_stops(day.fixes);
    if (day.fixes.size() < kLeastFixes || day.stops.size() < 2) continue;
    day.id = std::string(source.folder) + '/' + key.person + '/' + std::to_string(key.day);
    good.push_back(std::move(day));
  }
  std::stable_sort(good.begin(), good.end(),
                   [](const TraceDay& a, const TraceDay& b) { return a.stops.size() > b.stops.size(); });
  return good;
}

}  // namespace

std::vector<TraceStop> find_stops(const std::vector<Fix>& fixes) {
  std::vector<TraceStop> stops;
  std::size_t first = 0;
  while (first < fixes.size()) {
    if (fixes[first].accuracy_m > kStopAccuracy_m) {
      ++first;
      continue;
    }
    double lat = 0, lon = 0;
    std::size_t counted = 0, next = first;
    std::int64_t last_ms = fixes[first].captured_at_ms;
    const geo::LocalFrame frame(fixes[first].point);
    for (; next < fixes.size(); ++next) {
      if (fixes[next].accuracy_m > kStopAccuracy_m) continue;
      if (frame.distance_m(fixes[next].point) > kStopRadius_m) break;
      lat += fixes[next].point.lat;
      lon += fixes[next].point.lon;
      last_ms = fixes[next].captured_at_ms;
      ++counted;
    }
    // A phone that rests sends nothing: who is still there when it wakes has stayed.
    const bool stayed = last_ms - fixes[first].captured_at_ms >= kStopLeast_ms;
    if (stayed && counted >= 3) {
      const double n = static_cast<double>(counted);
      stops.push_back({fixes[first].captured_at_ms, last_ms, {lat / n, lon / n}, counted});
      first = next;
    } else {
      ++first;
    }
  }
  return stops;
}

std::vector<TraceDay> read_traces(const std::string& folder, std::int64_t from_ms, std::int64_t to_ms) {
  std::vector<TraceDay> all;
  for (const Source& source : kSources) {
    const std::string path = folder + '/' + source.folder;
    if (!std::filesystem::exists(path + "/location.csv.gz"))
      throw Error(ErrorCode::NotFound,
                  "--traces: no real movements at '" + path +
                      "'. They do not belong to the project; put the data there, name its "
                      "folder, or leave --traces out to use the invented town.");
    Days days;
    read_fixes(path, source, days);
    read_battery(path, source, days);
    for (TraceDay& day : usable(std::move(days), source, from_ms, to_ms)) all.push_back(std::move(day));
  }
  return all;
}

}  // namespace terreno::field_day
