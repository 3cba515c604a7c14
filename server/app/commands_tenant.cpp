#include <iostream>

#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"

namespace terreno::server {
namespace {

constexpr std::uintmax_t kMaxBasemapBytes = 32 * 1024 * 1024;

Purpose purpose_named(const std::string& name) {
  if (name == "collection") return Purpose::Collection;
  if (name == "validation") return Purpose::Validation;
  throw UsageError(cli_text("cli.unknown_purpose", {{"purpose", name}}));
}

/// The options of one purpose's location gate; what was not given stays.
void read_gate(const Arguments& arguments, GatePolicy& gate) {
  constexpr double kPercent = 100;
  if (arguments.has("inside-percent")) {
    gate.inside_probability = static_cast<double>(arguments.number("inside-percent", 0, 50, 99)) / kPercent;
  }
  if (arguments.has("outside-percent")) {
    gate.outside_probability = static_cast<double>(arguments.number("outside-percent", 0, 0, 40)) / kPercent;
  }
  gate.max_fix_age_ms = 1000 * arguments.number("max-fix-age-s", gate.max_fix_age_ms / 1000, 5, 600);
  if (arguments.has("unconfirmed")) {
    const std::string word = arguments.get("unconfirmed");
    if (word != "allow" && word != "refuse") throw UsageError(cli_text("cli.allow_or_refuse"));
    gate.inconclusive_allows = word == "allow";
  }
}

}  // namespace

int tenant_policy(const Words& words) {
  const Arguments arguments(
      words,
      {"data", "tenant", "sync-interval-s", "chunk-interval-s", "utc-offset-minutes", "currency", "purpose",
       "inside-percent", "outside-percent", "max-fix-age-s", "unconfirmed"},
      {});
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
  // Without a purpose the gate of both.
  const bool both = !arguments.has("purpose");
  const Purpose purpose = both ? Purpose::Collection : purpose_named(arguments.get("purpose"));
  if (both || purpose == Purpose::Collection) read_gate(arguments, policy.collection_gate);
  if (both || purpose == Purpose::Validation) read_gate(arguments, policy.validation_gate);
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
