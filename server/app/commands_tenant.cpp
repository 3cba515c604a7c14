#include <iostream>

#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"

namespace terreno::server {
namespace {

constexpr std::uintmax_t kMaxBasemapBytes = 32 * 1024 * 1024;

}  // namespace

int tenant_policy(const Words& words) {
  const Arguments arguments(
      words, {"data", "tenant", "sync-interval-s", "chunk-interval-s", "utc-offset-minutes", "currency"}, {});
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  TenantPolicy policy = tenant.policy;
  policy.sync_interval_s =
      static_cast<std::int32_t>(arguments.number("sync-interval-s", policy.sync_interval_s, 10, 86'400));
  policy.chunk_interval_s =
      static_cast<std::int32_t>(arguments.number("chunk-interval-s", policy.chunk_interval_s, 10, 3'600));
  policy.utc_offset_minutes =
      static_cast<std::int32_t>(arguments.number("utc-offset-minutes", policy.utc_offset_minutes, -840, 840));
  policy.currency = arguments.get("currency", policy.currency);
  storage->set_policy(tenant.id, policy);
  std::cout << cli_text("cli.policy_set", {{"tenant", tenant.name}}) << "\n";
  return 0;
}

int tenant_basemap(const Words& words) {
  const Arguments arguments(words, {"data", "tenant"}, {});
  const std::string file = arguments.only_word("FILE.geojson");
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  write_file(data.basemap_of(tenant.id), read_file(file, kMaxBasemapBytes));
  std::cout << cli_text("cli.basemap_set", {{"tenant", tenant.name}}) << "\n";
  return 0;
}

}  // namespace terreno::server
