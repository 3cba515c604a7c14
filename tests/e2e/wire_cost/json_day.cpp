#include "tests/e2e/wire_cost/json_day.hpp"

#include <cstdio>
#include <type_traits>

#include "core/base/bytes.hpp"
#include "core/geo/track_codec.hpp"

namespace terreno::tests {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string number(double value, int decimals) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string whole(std::int64_t value) { return std::to_string(value); }

std::string fix_json(const Fix& fix) {
  std::string out = "{\"at_ms\":" + whole(fix.captured_at_ms) + ",\"lat\":" + number(fix.point.lat, 6) +
                    ",\"lon\":" + number(fix.point.lon, 6) + ",\"accuracy_m\":" + number(fix.accuracy_m, 0);
  if (fix.speed_mps) out += ",\"speed_mps\":" + number(*fix.speed_mps, 1);
  if (fix.bearing_deg) out += ",\"bearing_deg\":" + number(*fix.bearing_deg, 0);
  if (fix.altitude_m) out += ",\"altitude_m\":" + number(*fix.altitude_m, 0);
  return out + "}";
}

template <typename Items, typename Write>
std::string list(const Items& items, Write write) {
  std::string out = "[";
  for (const auto& item : items) out += (out.size() > 1 ? "," : "") + write(item);
  return out + "]";
}

std::string track_json(const TrackChunk& chunk) {
  const auto track = geo::unpack_track(chunk.packed).value();
  return "{\"type\":\"track\",\"shift_id\":\"" + chunk.shift_id.to_string() +
         "\",\"fixes\":" + list(track.fixes, fix_json) + ",\"battery\":" +
         list(track.battery,
              [](const BatterySample& sample) {
                return "{\"at_ms\":" + whole(sample.at_ms) + ",\"percent\":" + whole(sample.percent) +
                       ",\"charging\":" + (sample.charging ? "true}" : "false}");
              }) +
         "}";
}

std::string outcome_json(const Outcome& outcome) {
  std::string out = "{\"code\":" + quoted(outcome.code);
  if (outcome.promise)
    out += ",\"promise\":{\"amount\":" + whole(outcome.promise->amount) +
           ",\"date\":" + quoted(outcome.promise->date) + ",\"means\":" + quoted(outcome.promise->means) +
           "}";
  if (outcome.payment)
    out += ",\"payment\":{\"amount\":" + whole(outcome.payment->amount) +
           ",\"method\":" + quoted(outcome.payment->method) +
           ",\"receipt\":" + quoted(outcome.payment->receipt) + "}";
  return out + ",\"note\":" + quoted(outcome.note) + "}";
}

std::string verdict_json(const LocationVerdict& verdict) {
  return "{\"answer\":" + whole(static_cast<int>(verdict.answer)) +
         ",\"reason\":" + whole(static_cast<int>(verdict.reason)) +
         ",\"probability\":" + number(verdict.probability, 6) +
         ",\"distance_m\":" + number(verdict.distance_m, 2) +
         ",\"accuracy_m\":" + number(verdict.accuracy_m, 2) +
         ",\"bearing_deg\":" + number(verdict.bearing_deg, 1) +
         ",\"lat\":" + number(verdict.position.lat, 7) + ",\"lon\":" + number(verdict.position.lon, 7) + "}";
}

std::string prefill_json(const std::map<std::string, std::string>& prefill) {
  std::string out;
  for (const auto& [name, value] : prefill) {
    out += (out.empty() ? "{" : ",") + quoted(name) + ":" + quoted(value);
  }
  return (out.empty() ? "{" : out) + "}";
}

std::string visit_json(const VisitFinished& visit) {
  return "{\"type\":\"visit\",\"visit_id\":\"" + visit.visit_id.to_string() + "\",\"case_id\":\"" +
         visit.case_id.to_string() + "\",\"shift_id\":\"" + visit.shift_id.to_string() +
         "\",\"arrived_at_ms\":" + whole(visit.arrived_at_ms) +
         ",\"finished_at_ms\":" + whole(visit.finished_at_ms) + ",\"boot_id\":\"" +
         std::to_string(visit.boot_id) + "\",\"arrived_mono_ms\":" + whole(visit.arrived_mono_ms) +
         ",\"finished_mono_ms\":" + whole(visit.finished_mono_ms) +
         ",\"fence\":{\"lat\":" + number(visit.fence.centre.lat, 7) +
         ",\"lon\":" + number(visit.fence.centre.lon, 7) +
         ",\"radius_m\":" + number(visit.fence.radius_m, 0) +
         "},\"arrival_fixes\":" + list(visit.arrival_fixes, fix_json) +
         ",\"verdict\":" + verdict_json(visit.verdict) + ",\"form_id\":" + quoted(visit.form_id) +
         ",\"form_version\":" + quoted(visit.form_version) +
         ",\"now_ms\":" + whole(visit.form_context.now_ms) + ",\"random_seed\":\"" +
         std::to_string(visit.form_context.random_seed) +
         "\",\"case\":" + prefill_json(visit.form_context.prefill) + ",\"answers\":" +
         list(visit.answers,
              [](const FormAnswer& answer) {
                return "{\"path\":" + quoted(answer.path) + ",\"value\":" + quoted(answer.value) + "}";
              }) +
         ",\"outcome\":" + outcome_json(visit.outcome) + "}";
}

}  // namespace

std::string to_json(const EntryBody& body) {
  return std::visit(
      [](const auto& entry) -> std::string {
        using Entry = std::decay_t<decltype(entry)>;
        if constexpr (std::is_same_v<Entry, TrackChunk>) {
          return track_json(entry);
        } else if constexpr (std::is_same_v<Entry, VisitFinished>) {
          return visit_json(entry);
        } else if constexpr (std::is_same_v<Entry, VisitCancelled>) {
          return "{\"type\":\"cancelled\",\"visit_id\":\"" + entry.visit_id.to_string() +
                 "\",\"reason\":" + quoted(entry.reason) + ",\"verdict\":" + verdict_json(entry.verdict) +
                 "}";
        } else {
          return "{\"type\":\"shift\",\"shift_id\":\"" + entry.shift_id.to_string() +
                 "\",\"at_ms\":" + whole(entry.at_ms) + "}";
        }
      },
      body);
}

}  // namespace terreno::tests
