#include "server/api/metrics.hpp"

#include <algorithm>
#include <cstdio>

namespace terreno::server {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void append_line(std::string& out, std::string_view name, std::string_view labels, const std::string& value) {
  out.append(name).append("{").append(labels).append("} ").append(value).append("\n");
}

void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void append_single(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                   std::uint64_t value) {
  append_head(out, name, type, help);
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

}  // namespace

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

std::string Metrics::to_text(const Readings& readings) const {
  std::string out;
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
      append_line(out, "terreno_request_seconds_bucket", label + ",le=\"" + number(kBounds[i]) + "\"",
                  std::to_string(below));
    }
    below += histogram.buckets.back();
    append_line(out, "terreno_request_seconds_bucket", label + ",le=\"+Inf\"", std::to_string(below));
    append_line(out, "terreno_request_seconds_sum", label, number(histogram.sum_s));
    append_line(out, "terreno_request_seconds_count", label, std::to_string(below));
  }
  append_single(out, "terreno_requests_in_flight", "gauge",
                "Requests waiting for their answer, the commit's queue too.",
                static_cast<std::uint64_t>(std::max<std::int64_t>(0, in_flight_)));
  append_single(out, "terreno_live_connections", "gauge", "Consoles that watch live.",
                readings.live_connections);
  append_single(out, "terreno_commits_total", "counter", "Durable commits.", readings.commits);
  append_single(out, "terreno_writes_total", "counter",
                "Writes, sync batches among them; many share a commit.", readings.writes);
  append_single(out, "terreno_writes_failed_total", "counter", "Writes that were rolled back.",
                readings.failed_writes);
  append_single(out, "terreno_writes_queued", "gauge", "Writes waiting for a commit.",
                readings.queued_writes);
  return out;
}

}  // namespace terreno::server
