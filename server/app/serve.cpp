#include <csignal>
#include <iostream>
#include <memory>

#include "core/base/scaled_clock.hpp"
#include "server/api/application.hpp"
#include "server/api/http_types.hpp"
#include "server/api/phone_routes.hpp"
#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"
#include "server/live/live_hub.hpp"

namespace terreno::server {
namespace {

constexpr std::uint32_t kDrainSeconds = 10;

HttpOptions http_options(const Arguments& arguments) {
  HttpOptions options;
  options.address = arguments.get("address", options.address);
  options.port = static_cast<std::uint16_t>(arguments.number("port", options.port, 0, 65'535));
  options.certificate_file = arguments.get("certificate");
  options.key_file = arguments.get("key");
  options.language = cli_language();
  if (arguments.has("behind-proxy")) options.max_connections_per_address = 0;
  if (options.certificate_file.empty() != options.key_file.empty()) {
    throw UsageError(cli_text("cli.option_needed", {{"option", "--certificate, --key"}}));
  }
  const bool loopback = options.address.starts_with("127.") || options.address == "::1";
  if (!loopback && options.certificate_file.empty() && !arguments.has("behind-proxy")) {
    throw UsageError(cli_text("serve.needs_tls", {{"address", options.address}}));
  }
  return options;
}

std::unique_ptr<Clock> make_clock(const Arguments& arguments) {
  if (!arguments.has("demo-clock")) return std::make_unique<SystemClock>();
  const auto plan = TimePlan::parse(arguments.get("demo-clock"));
  if (!plan) throw UsageError(plan.error().message);
  return std::make_unique<ScaledClock>(*plan);
}

/// The signals that end the server. Blocked before any thread starts, so that they reach this wait alone.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    // A peer that closes while we write is an error code, never the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
  }
  void wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
  }

 private:
  sigset_t set_{};
};

/// The form that a visit was filled under, for checking phones' work.
FormCache::Load form_loader(Storage& storage) {
  return [&storage](const Uuid& tenant_id, std::string_view form_id, std::string_view version) {
    return storage.find_form(tenant_id, form_id, version);
  };
}

}  // namespace

int serve(const Words& words) {
  const Arguments arguments(
      words, {"data", "address", "port", "port-file", "console", "certificate", "key", "demo-clock"},
      {"behind-proxy"});
  const StopSignals stop_signals;
  const std::string data_path = arguments.need("data");
  const HttpOptions http = http_options(arguments);
  const auto clock = make_clock(arguments);
  const DataDir data(data_path, DataDir::Absent::Make);
  const auto storage = data.open_storage();

  EvidenceFiles files(data.evidence());
  FormCache forms(form_loader(*storage));
  LiveHub hub(*storage, *clock);
  const SystemClock real_clock;
  PhoneOptions phone_options;
  phone_options.real_clock = &real_clock;
  PhoneRoutes phones(
      *storage, files, *clock, forms,
      [&hub](const CommittedBatch& batch, const BatchEffects& effects) {
        hub.publish(batch.tenant_id, batch.gestor_id, effects);
      },
      phone_options);
  ApiOptions api;
  api.console_dir = arguments.get("console");
  api.basemap_dir = data.basemaps();
  api.metrics_token = data.metrics_token();
  api.behind_proxy = arguments.has("behind-proxy");
  api.secure_cookies = !http.certificate_file.empty() || arguments.has("behind-proxy");
  const auto application = make_application(*storage, phones, files, hub, *clock, api);
  const auto server = start_http_server(http, *application);

  if (storage->tenants().empty()) std::cout << cli_text("serve.no_admin", {{"data", data_path}}) << "\n";
  const std::string scheme = http.certificate_file.empty() ? "http://" : "https://";
  std::cout << cli_text("serve.listening",
                        {{"address", scheme + http.address + ":" + std::to_string(server->port()) + "/"}})
            << std::endl;
  if (arguments.has("port-file"))
    write_file(arguments.get("port-file"), std::to_string(server->port()) + "\n");
  stop_signals.wait();
  std::cout << cli_text("serve.stopping") << std::endl;
  server->stop(kDrainSeconds);
  return 0;
}

}  // namespace terreno::server
