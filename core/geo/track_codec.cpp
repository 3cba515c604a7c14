#include "core/geo/track_codec.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "core/geo/residual_coder.hpp"

namespace terreno::geo {
namespace {

// A chunk is: version (4 bits), order of the position's prediction (2 bits), counts, the first fix's time and
// place, then column after column what the prediction from the fixes before left over.

constexpr std::uint64_t kVersion = 1;

constexpr std::int64_t kMostSeconds = std::int64_t{1} << 40;  ///< keeps every difference far from overflow
constexpr std::int64_t kMicrodegrees = 1'000'000;
constexpr std::int64_t kMostLat = 90 * kMicrodegrees, kMostLon = 180 * kMicrodegrees;
constexpr std::int64_t kMostAccuracy = 65'535;
constexpr std::int64_t kMostSpeed = 10'000;  ///< tenths of m/s
constexpr std::int64_t kLeastAltitude = -12'000, kMostAltitude = 100'000;

enum Flag : std::int64_t {
  kNone = 0,
  kHasSpeed = 1,
  kHasBearing = 2,
  kHasAltitude = 4,
  kMock = 8,
  kAllFlags = 15
};

/// A fix in the codec's units.
struct Units {
  std::int64_t time_s = 0;
  std::int64_t mono_offset_s =
      0;  ///< monotonic less wall: changes only when a clock jumps or a fix comes late
  std::int64_t lat = 0, lon = 0;
  std::int64_t accuracy = 1;
  std::int64_t flags = 0;
  std::int64_t speed = 0, bearing = 0, altitude = 0;
};

std::int64_t rounded(double value, std::int64_t least, std::int64_t most) {
  if (std::isnan(value)) return std::clamp<std::int64_t>(0, least, most);
  const double kept = std::clamp(value, static_cast<double>(least), static_cast<double>(most));
  return static_cast<std::int64_t>(std::round(kept));
}

std::int64_t whole_seconds(std::int64_t ms) {
  const std::int64_t rest = ms % 1000;
  const std::int64_t nearest = ms / 1000 + (rest >= 500 ? 1 : rest < -500 ? -1 : 0);
  return std::clamp(nearest, -kMostSeconds, kMostSeconds);
}

std::int64_t accuracy_units(double accuracy_m) {
  if (std::isnan(accuracy_m)) return kMostAccuracy;  // the cautious reading of a number that is none
  return rounded(std::ceil(accuracy_m), 1, kMostAccuracy);
}

std::int64_t bearing_units(double bearing_deg) {
  if (!std::isfinite(bearing_deg)) return 0;
  const auto turned = static_cast<std::int64_t>(std::round(std::fmod(bearing_deg, 360.0)));
  return (turned + 360) % 360;
}

Units to_units(const Fix& fix) {
  Units u;
  u.time_s = whole_seconds(fix.captured_at_ms);
  u.mono_offset_s = whole_seconds(fix.mono_ms) - u.time_s;
  u.lat = rounded(fix.point.lat * kMicrodegrees, -kMostLat, kMostLat);
  u.lon = rounded(fix.point.lon * kMicrodegrees, -kMostLon, kMostLon);
  u.accuracy = accuracy_units(fix.accuracy_m);
  u.flags = (fix.speed_mps ? kHasSpeed : kNone) | (fix.bearing_deg ? kHasBearing : kNone) |
            (fix.altitude_m ? kHasAltitude : kNone) | (fix.mock ? kMock : kNone);
  if (fix.speed_mps) u.speed = rounded(*fix.speed_mps * 10, 0, kMostSpeed);
  if (fix.bearing_deg) u.bearing = bearing_units(*fix.bearing_deg);
  if (fix.altitude_m) u.altitude = rounded(*fix.altitude_m, kLeastAltitude, kMostAltitude);
  return u;
}

Fix to_fix(const Units& u) {
  Fix fix;
  fix.captured_at_ms = u.time_s * 1000;
  fix.mono_ms = (u.time_s + u.mono_offset_s) * 1000;
  fix.point = {static_cast<double>(u.lat) / kMicrodegrees, static_cast<double>(u.lon) / kMicrodegrees};
  fix.accuracy_m = static_cast<double>(u.accuracy);
  if (u.flags & kHasSpeed) fix.speed_mps = static_cast<double>(u.speed) / 10;
  if (u.flags & kHasBearing) fix.bearing_deg = static_cast<double>(u.bearing);
  if (u.flags & kHasAltitude) fix.altitude_m = static_cast<double>(u.altitude);
  fix.mock = (u.flags & kMock) != 0;
  return fix;
}

bool in_range(const Units& u) {
  const auto within = [](std::int64_t v, std::int64_t least, std::int64_t most) {
    return v >= least && v <= most;
  };
  const std::int64_t mono_s = static_cast<std::int64_t>(static_cast<std::uint64_t>(u.time_s) +
                                                        static_cast<std::uint64_t>(u.mono_offset_s));
  return within(u.time_s, -kMostSeconds, kMostSeconds) && within(mono_s, -kMostSeconds, kMostSeconds) &&
         within(u.lat, -kMostLat, kMostLat) && within(u.lon, -kMostLon, kMostLon) &&
         within(u.accuracy, 1, kMostAccuracy) && within(u.flags, 0, kAllFlags) &&
         within(u.speed, 0, kMostSpeed) && within(u.bearing, 0, 359) &&
         within(u.altitude, kLeastAltitude, kMostAltitude);
}

// Bytes from outside can make any number of a column, so sums and differences wrap instead of overflowing.
std::int64_t plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

/// How much of the last step is expected again: none of it suits a phone that lies still or scatters, all of
/// it one that rides.
enum class Order : std::uint64_t { Stay = 0, HalfStep = 1, FullStep = 2 };

std::int64_t predicted(Order order, std::int64_t last, std::int64_t before) {
  const std::int64_t step = minus(last, before);
  switch (order) {
    case Order::Stay:
      return last;
    case Order::HalfStep:
      return plus(last, step / 2);
    case Order::FullStep:
      break;
  }
  return plus(last, step);
}

/// Turns a column into residuals and back, one number at a time.
class Predictor {
 public:
  Predictor(Order order, std::int64_t first) : order_(order), last_(first), before_(first) {}
  std::int64_t residual_of(std::int64_t value) {
    const std::int64_t residual = minus(value, predicted(order_, last_, before_));
    move_to(value);
    return residual;
  }
  std::int64_t value_of(std::int64_t residual) {
    const std::int64_t value = plus(predicted(order_, last_, before_), residual);
    move_to(value);
    return value;
  }

 private:
  void move_to(std::int64_t value) {
    before_ = last_;
    last_ = value;
  }
  Order order_;
  std::int64_t last_, before_;
};

/// The shorter way round the circle.
std::int64_t turn(std::int64_t degrees) { return (degrees % 360 + 540) % 360 - 180; }

using Column = std::vector<std::int64_t>;

// From São Paulo and Bay Area phones: what a column's first numbers tend to be.
constexpr ColumnPrior kTimePrior{0, 3}, kMonoPrior{1, 0}, kFlagsPrior{4, 1}, kPositionPrior{0, 7};
constexpr ColumnPrior kAccuracyPrior{0, 4}, kSpeedPrior{0, 4}, kBearingPrior{0, 5}, kAltitudePrior{0, 3};
constexpr ColumnPrior kBatteryTimePrior{0, 6}, kPercentPrior{1, 0}, kChargingPrior{3, 0};

/// A number that not every fix has, predicted from the last fix that had it.
struct OptionalField {
  Flag flag;
  std::int64_t Units::*value;
  ColumnPrior prior;
};
constexpr OptionalField kOptionalFields[] = {{kHasSpeed, &Units::speed, kSpeedPrior},
                                             {kHasBearing, &Units::bearing, kBearingPrior},
                                             {kHasAltitude, &Units::altitude, kAltitudePrior}};

Column position_residuals(std::span<const Units> fixes, Order order) {
  Column column;
  column.reserve(2 * fixes.size());
  Predictor lat(order, fixes[0].lat), lon(order, fixes[0].lon);
  // Side by side, since both grow and shrink together with the phone's speed.
  for (const Units& u : fixes.subspan(1)) {
    column.push_back(lat.residual_of(u.lat));
    column.push_back(lon.residual_of(u.lon));
  }
  return column;
}

unsigned cost_bits(const Column& column) {
  unsigned bits = 0;
  for (const std::int64_t value : column) {
    const auto magnitude = static_cast<std::uint64_t>(value < 0 ? -value : value);
    bits += static_cast<unsigned>(std::bit_width(magnitude));
  }
  return bits;
}

template <std::int64_t Units::*Field>
void write_column(BitWriter& out, std::span<const Units> fixes, Order order, ColumnPrior prior) {
  Column column;
  column.reserve(fixes.size());
  Predictor predictor(order, fixes[0].*Field);
  for (const Units& u : fixes.subspan(1)) column.push_back(predictor.residual_of(u.*Field));
  write_residuals(out, column, prior);
}

template <std::int64_t Units::*Field>
void read_column(BitReader& in, std::span<Units> fixes, Order order, ColumnPrior prior) {
  Column column(fixes.size() - 1);
  read_residuals(in, column, prior);
  Predictor predictor(order, fixes[0].*Field);
  for (std::size_t i = 1; i < fixes.size(); ++i) fixes[i].*Field = predictor.value_of(column[i - 1]);
}

void write_optional(BitWriter& out, std::span<const Units> fixes, const OptionalField& field) {
  Column column;
  std::int64_t last = 0;
  for (const Units& u : fixes) {
    if (!(u.flags & field.flag)) continue;
    const std::int64_t step = u.*field.value - last;
    column.push_back(field.flag == kHasBearing ? turn(step) : step);
    last = u.*field.value;
  }
  write_residuals(out, column, field.prior);
}

void read_optional(BitReader& in, std::span<Units> fixes, const OptionalField& field) {
  const auto has = [&](const Units& u) { return (u.flags & field.flag) != 0; };
  Column column(static_cast<std::size_t>(std::count_if(fixes.begin(), fixes.end(), has)));
  read_residuals(in, column, field.prior);
  std::int64_t last = 0;
  std::size_t next = 0;
  for (Units& u : fixes) {
    if (!has(u)) continue;
    last = plus(last, column[next++]);
    if (field.flag == kHasBearing) last = (last % 360 + 360) % 360;
    u.*field.value = last;
  }
}

void write_fixes(BitWriter& out, std::span<const Units> fixes, Order order, const Column& positions) {
  const Units& first = fixes[0];
  for (const std::int64_t value :
       {first.time_s, first.mono_offset_s, first.lat, first.lon, first.accuracy, first.flags}) {
    out.write_varint(value);
  }
  out.write(static_cast<std::uint64_t>(order), 2);
  write_column<&Units::flags>(out, fixes, Order::Stay, kFlagsPrior);
  write_column<&Units::time_s>(out, fixes, Order::FullStep, kTimePrior);
  write_column<&Units::mono_offset_s>(out, fixes, Order::Stay, kMonoPrior);
  write_residuals(out, positions, kPositionPrior);
  write_column<&Units::accuracy>(out, fixes, Order::Stay, kAccuracyPrior);
  for (const OptionalField& field : kOptionalFields) write_optional(out, fixes, field);
}

void read_positions(BitReader& in, std::span<Units> fixes, Order order) {
  Column column(2 * (fixes.size() - 1));
  read_residuals(in, column, kPositionPrior);
  Predictor lat(order, fixes[0].lat), lon(order, fixes[0].lon);
  for (std::size_t i = 1; i < fixes.size(); ++i) {
    fixes[i].lat = lat.value_of(column[2 * i - 2]);
    fixes[i].lon = lon.value_of(column[2 * i - 1]);
  }
}

void read_fixes(BitReader& in, std::span<Units> fixes) {
  Units& first = fixes[0];
  for (std::int64_t* value :
       {&first.time_s, &first.mono_offset_s, &first.lat, &first.lon, &first.accuracy, &first.flags}) {
    *value = in.read_varint();
  }
  const std::uint64_t order_bits = in.read(2);
  if (order_bits > static_cast<std::uint64_t>(Order::FullStep)) return in.fail();
  read_column<&Units::flags>(in, fixes, Order::Stay, kFlagsPrior);
  read_column<&Units::time_s>(in, fixes, Order::FullStep, kTimePrior);
  read_column<&Units::mono_offset_s>(in, fixes, Order::Stay, kMonoPrior);
  read_positions(in, fixes, static_cast<Order>(order_bits));
  read_column<&Units::accuracy>(in, fixes, Order::Stay, kAccuracyPrior);
  for (const OptionalField& field : kOptionalFields) read_optional(in, fixes, field);
}

/// `start_s`: the first fix's time, near which the battery was read too.
void write_battery(BitWriter& out, std::span<const BatterySample> samples, std::int64_t start_s) {
  Column times, percents, charging;
  Predictor time(Order::Stay, start_s), percent(Order::Stay, 0), plugged(Order::Stay, 0);
  for (const BatterySample& sample : samples) {
    times.push_back(time.residual_of(whole_seconds(sample.at_ms)));
    percents.push_back(percent.residual_of(std::min<std::int64_t>(sample.percent, 100)));
    charging.push_back(plugged.residual_of(sample.charging ? 1 : 0));
  }
  write_residuals(out, times, kBatteryTimePrior);
  write_residuals(out, percents, kPercentPrior);
  write_residuals(out, charging, kChargingPrior);
}

void read_battery(BitReader& in, std::span<BatterySample> samples, std::int64_t start_s) {
  Column times(samples.size()), percents(samples.size()), charging(samples.size());
  read_residuals(in, times, kBatteryTimePrior);
  read_residuals(in, percents, kPercentPrior);
  read_residuals(in, charging, kChargingPrior);
  Predictor time(Order::Stay, start_s), percent(Order::Stay, 0), plugged(Order::Stay, 0);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::int64_t at_s = time.value_of(times[i]), level = percent.value_of(percents[i]);
    const std::int64_t plug = plugged.value_of(charging[i]);
    if (at_s < -kMostSeconds || at_s > kMostSeconds || level < 0 || level > 100 || plug < 0 || plug > 1) {
      return in.fail();
    }
    samples[i] = {at_s * 1000, static_cast<std::uint8_t>(level), plug == 1};
  }
}

Error malformed(const char* what) {
  return Error{ErrorCode::MalformedBytes, std::string("Track chunk: ") + what};
}

}  // namespace

Fix quantised(const Fix& fix) { return to_fix(to_units(fix)); }

BatterySample quantised(const BatterySample& sample) {
  return {whole_seconds(sample.at_ms) * 1000, std::min<std::uint8_t>(sample.percent, 100), sample.charging};
}

Bytes pack_track(std::span<const Fix> fixes, std::span<const BatterySample> battery) {
  if (fixes.size() > kMaxFixesPerChunk || battery.size() > kMaxBatteryPerChunk) {
    throw Error{ErrorCode::TooLarge, "A track chunk holds at most " + std::to_string(kMaxFixesPerChunk) +
                                         " fixes and as many battery samples; seal it earlier"};
  }
  std::vector<Units> units;
  units.reserve(fixes.size());
  for (const Fix& fix : fixes) units.push_back(to_units(fix));
  BitWriter out;
  out.write(kVersion, 8);
  out.write_varint(static_cast<std::int64_t>(fixes.size()));
  out.write_varint(static_cast<std::int64_t>(battery.size()));
  if (!units.empty()) {
    Order best = Order::Stay;
    Column positions = position_residuals(units, best);
    for (const Order order : {Order::HalfStep, Order::FullStep}) {
      Column other = position_residuals(units, order);
      if (cost_bits(other) >= cost_bits(positions)) continue;
      positions = std::move(other);
      best = order;
    }
    write_fixes(out, units, best, positions);
  }
  write_battery(out, battery, units.empty() ? 0 : units[0].time_s);
  return out.finish();
}

Result<Track> unpack_track(ByteView packed) {
  BitReader in(packed);
  const std::uint64_t version = in.read(8);
  if (in.failed()) return malformed("empty");
  if (version != kVersion) {
    return Error{ErrorCode::UnsupportedVersion, "Track chunk of version " + std::to_string(version)};
  }
  const std::int64_t fix_count = in.read_varint(), battery_count = in.read_varint();
  if (in.failed() || fix_count < 0 || battery_count < 0) return malformed("bad counts");
  if (fix_count > static_cast<std::int64_t>(kMaxFixesPerChunk) ||
      battery_count > static_cast<std::int64_t>(kMaxBatteryPerChunk)) {
    return Error{ErrorCode::TooLarge, "Track chunk: more fixes or battery samples than a chunk may hold"};
  }
  std::vector<Units> units(static_cast<std::size_t>(fix_count));
  Track track;
  track.battery.resize(static_cast<std::size_t>(battery_count));
  if (!units.empty()) read_fixes(in, units);
  if (in.failed() || !std::all_of(units.begin(), units.end(), in_range))
    return malformed("a fix out of range");
  read_battery(in, track.battery, units.empty() ? 0 : units[0].time_s);
  if (!in.at_clean_end()) return malformed("cut short, too long or a battery sample out of range");
  track.fixes.reserve(units.size());
  for (const Units& u : units) track.fixes.push_back(to_fix(u));
  return track;
}

}  // namespace terreno::geo
