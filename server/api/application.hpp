#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/clock.hpp"
#include "server/api/http_types.hpp"
#include "server/files/evidence_files.hpp"
#include "server/live/live_hub.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

class PhoneRoutes;

struct ApiOptions {
  std::filesystem::path console_dir;  ///< the console's built files; empty: none are served
  std::filesystem::path basemap_dir;  ///< holds <tenant id>.geojson
  std::string metrics_token;          ///< Bearer of /metrics; empty: only an admin's session opens it
  bool secure_cookies = false;        ///< under TLS, our own or a proxy's
  bool behind_proxy = false;          ///< the caller is whom X-Forwarded-For names last
  bool log_requests = true;           ///< one JSON line a request on stderr
};

/// All routes of console, phones and operation. What is referred to must outlive it.
std::unique_ptr<Application> make_application(Storage& storage, PhoneRoutes& phones, EvidenceFiles& files,
                                              LiveHub& hub, const Clock& clock, ApiOptions options);

}  // namespace terreno::server
