#include "server/api/metrics.hpp"

#include <algorithm>

#include "server/api/metrics_text.hpp"
#include "server/live/record_json.hpp"

namespace terreno::server {
namespace {

constexpr std::array<std::string_view, kEntryOutcomes> kOutcomes{"applied", "quarantined", "duplicate"};

void append_storage(std::string& out, const StorageCounters& counters) {
  append_single(out, "terreno_commits_total", "counter", "Durable commits.", counters.commits);
  append_single(out, "terreno_writes_total", "counter",
                "Writes, sync batches among them; many share a commit.", counters.writes);
  append_single(out, "terreno_writes_failed_total", "counter", "Writes that were rolled back.",
                counters.failed);
  append_single(out, "terreno_writes_queued", "gauge", "Writes waiting for a commit.", counters.queued);
  append_single(out, "terreno_chain_forks_total", "counter",
                "Batches that did not continue the journal held: a phone was restored or cloned.",
                counters.forks);
  append_head(out, "terreno_entries_total", "counter",
              "Journal entries that phones sent, by kind and what became of them.");
  for (std::size_t kind = 0; kind <= kEntryKinds; ++kind) {
    for (std::size_t outcome = 0; outcome < kOutcomes.size(); ++outcome) {
      std::string labels = "kind=\"";
      labels.append(name_of(static_cast<EntryKind>(kind)))
          .append("\",outcome=\"")
          .append(kOutcomes[outcome])
          .append("\"");
      append_line(out, "terreno_entries_total", labels, std::to_string(counters.entries.of[kind][outcome]));
    }
  }
}

void append_fleet(std::string& out, const FleetCounts& fleet) {
  append_head(out, "terreno_devices", "gauge", "Phones enrolled.");
  append_line(out, "terreno_devices", R"(state="in_service")", std::to_string(fleet.devices));
  append_line(out, "terreno_devices", R"(state="revoked")", std::to_string(fleet.devices_revoked));
  append_single(out, "terreno_gestores", "gauge", "Active gestores.", fleet.gestores);
  append_single(out, "terreno_gestores_on_shift", "gauge", "Gestores with an open shift.", fleet.on_shift);
  append_head(out, "terreno_gestores_heard", "gauge", "Gestores whose phone has synced within a time.");
  append_line(out, "terreno_gestores_heard", R"(within="15m")", std::to_string(fleet.heard_within_15_min));
  append_line(out, "terreno_gestores_heard", R"(within="1h")", std::to_string(fleet.heard_within_1_h));
  append_line(out, "terreno_gestores_heard", R"(within="24h")", std::to_string(fleet.heard_within_24_h));
  append_single(out, "terreno_entries_quarantined", "gauge", "Journal entries held that wait for people.",
                fleet.quarantined);
}

}  // namespace

std::string_view name_of(RefusedAt at) noexcept {
  switch (at) {
    case RefusedAt::Connection:
      return "connection";
    case RefusedAt::Handshake:
      return "handshake";
    case RefusedAt::Request:
      return "request";
    case RefusedAt::Answer:
      break;
  }
  return "answer";
}

void Metrics::refused(RefusedAt at, int status) {
  const std::lock_guard lock(mutex_);
  ++refusals_[{at, status}];
}

void Metrics::request_ended(std::string_view method, std::string_view route, int status, double seconds) {
  --in_flight_;
  std::string labels = "method=\"";
  labels.append(method).append("\",route=\"").append(route).append("\",status=\"");
  labels.append(std::to_string(status)).append("\"");
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  const std::lock_guard lock(mutex_);
  ++requests_[std::move(labels)];
  Histogram& histogram = seconds_[std::string(route)];
  ++histogram.buckets[static_cast<std::size_t>(bound - kBounds.begin())];
  histogram.sum_s += seconds;
}

void Metrics::append_requests(std::string& out) const {
  append_head(out, "terreno_requests_total", "counter", "Requests answered, by route and status.");
  const std::lock_guard lock(mutex_);
  for (const auto& [labels, count] : requests_) {
    append_line(out, "terreno_requests_total", labels, std::to_string(count));
  }
  append_head(out, "terreno_request_seconds", "histogram", "Time from the whole request to its answer.");
  for (const auto& [route, histogram] : seconds_) {
    const std::string label = "route=\"" + route + "\"";
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < kBounds.size(); ++i) {
      below += histogram.buckets[i];
      append_line(out, "terreno_request_seconds_bucket", label + ",le=\"" + metric_number(kBounds[i]) + "\"",
                  std::to_string(below));
    }
    below += histogram.buckets.back();
    append_line(out, "terreno_request_seconds_bucket", label + ",le=\"+Inf\"", std::to_string(below));
    append_line(out, "terreno_request_seconds_sum", label, metric_number(histogram.sum_s));
    append_line(out, "terreno_request_seconds_count", label, std::to_string(below));
  }
  append_head(out, "terreno_refusals_total", "counter",
              "What was refused before a route or in its stead, by how far it had come and status.");
  for (const auto& [refusal, count] : refusals_) {
    std::string labels = "at=\"";
    labels.append(name_of(refusal.first)).append("\",status=\"").append(std::to_string(refusal.second));
    append_line(out, "terreno_refusals_total", labels.append("\""), std::to_string(count));
  }
  append_single(out, "terreno_requests_in_flight", "gauge",
                "Requests waiting for their answer, the commit's queue too.",
                static_cast<std::uint64_t>(std::max<std::int64_t>(0, in_flight_)));
}

std::string Metrics::to_text(const Readings& readings) const {
  std::string out;
  append_requests(out);
  append_single(out, "terreno_live_connections", "gauge", "Consoles that watch live.",
                readings.live_connections);
  append_storage(out, readings.storage);
  append_fleet(out, readings.fleet);
  append_single(out, "terreno_disk_free_bytes", "gauge", "Free where the evidence is kept.",
                readings.disk_free_bytes);
  append_process(out);
  return out;
}

}  // namespace terreno::server
