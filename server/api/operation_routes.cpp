#include "server/api/metrics.hpp"
#include "server/api/readiness.hpp"
#include "server/api/routes.hpp"

namespace terreno::server {

Response show_health(Call&) { return json_response({{"status", "ok"}}); }

Response show_readiness(Call& call) {
  if (!call.services.readiness.ready()) {
    Response response = error_response(ErrorCode::Unavailable, call.say("server.api.internal"));
    response.headers.emplace_back("Retry-After", "5");
    return response;
  }
  return json_response({{"status", "ready"}});
}

Response show_metrics(Call& call) {
  const Services& services = call.services;
  Metrics::Readings readings;
  readings.live_connections = services.hub.subscriber_count();
  readings.disk_free_bytes = services.files.free_bytes();
  readings.storage = services.storage.counters();
  readings.fleet = services.storage.fleet(services.clock.wall_ms());
  Response response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = call.services.metrics.to_text(readings);
  return response;
}

Response show_basemap(Call& call) {
  const auto& folder = call.services.options.basemap_dir;
  const auto path = folder / (call.tenant.id.to_string() + ".geojson");
  std::error_code ignored;
  if (folder.empty() || !std::filesystem::is_regular_file(path, ignored)) {
    return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
  }
  Response response;
  response.file = path.string();
  response.headers.emplace_back("Content-Type", "application/geo+json");
  response.headers.emplace_back("Cache-Control", "private, max-age=300");
  return response;
}

}  // namespace terreno::server
