#pragma once

#include "core/base/clock.hpp"
#include "server/api/application.hpp"
#include "server/domain/form_cache.hpp"

namespace terreno::server {

class DayTrails;
class HeavyWork;
class LoginGuard;
class Metrics;
class Readiness;

/// What routes work with. All of it outlives every request and may be used from any thread.
struct Services {
  Storage& storage;
  const Clock& clock;       ///< the field's time; a demo's runs faster
  const Clock& real_clock;  ///< for sessions, codes and limits, which no demo hurries
  LiveHub& hub;
  EvidenceFiles& files;
  FormCache& forms;
  LoginGuard& logins;
  Metrics& metrics;
  DayTrails& trails;
  Readiness& readiness;
  HeavyWork& heavy_work;
  PhoneRoutes& phones;
  const ApiOptions& options;
};

}  // namespace terreno::server
