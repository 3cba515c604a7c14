#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "server/api/http_types.hpp"

namespace terreno::server {

/// Stands in for the routes: echoes, waits, fails and publishes as tests ask.
class TestApplication final : public Application {
 public:
  std::uint64_t body_limit(std::string_view method, std::string_view) const override {
    return method == "GET" ? 0 : 1 << 20;
  }

  void handle(Request request, Responder respond) override {
    ++handled;
    Response response;
    if (request.path == "/file") {
      response.file = file;
      response.headers.emplace_back("ETag", "\"one\"");
    } else if (request.path == "/dropped") {
      return;
    } else if (request.path == "/throws") {
      throw std::runtime_error("a handler's bug");
    } else if (request.path == "/slow") {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
    } else if (request.path == "/twice") {
      respond(response);
    } else if (request.path == "/late") {
      const std::lock_guard lock(mutex);
      late.push_back(std::move(respond));
      return;
    } else if (request.path == "/injects") {
      response.headers.emplace_back("X-Name", "a\r\nX-Other: b");
    } else if (request.path == "/big") {
      response.body.assign(3'000'000, 'b');
    }
    if (response.body.empty()) response.body.assign(request.body.begin(), request.body.end());
    if (request.path == "/describe") {
      response.body = request.method + " " + request.path;
      for (const auto& [name, value] : request.query) response.body += " " + name + "=" + value;
    }
    respond(std::move(response));
  }

  void refused(RefusedAt at, int status) override {
    const std::lock_guard lock(mutex);
    refusals.emplace_back(at, status);
  }

  /// Waits up to two seconds for a refusal: http/ may tell of it after the peer has seen it.
  bool has_refused(RefusedAt at, int status) {
    for (int i = 0; i < 400; ++i) {
      {
        const std::lock_guard lock(mutex);
        for (const auto& [where, what] : refusals) {
          if (where == at && what == status) return true;
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  std::optional<Response> refuse_live(const Request& request) override {
    if (request.path == "/live") return std::nullopt;
    Response response;
    response.status = 404;
    return response;
  }

  void open_live(const Request&, std::shared_ptr<LiveConnection> connection) override {
    const std::lock_guard lock(mutex);
    live.push_back(std::move(connection));
  }

  std::shared_ptr<LiveConnection> wait_for_live() {
    for (int i = 0; i < 1000; ++i) {
      {
        const std::lock_guard lock(mutex);
        if (!live.empty()) return live.back();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return nullptr;
  }

  std::atomic<int> handled{0};
  std::string file;
  std::mutex mutex;
  std::vector<Responder> late;
  std::vector<std::pair<RefusedAt, int>> refusals;  ///< guarded by mutex
  std::vector<std::shared_ptr<LiveConnection>> live;
};

}  // namespace terreno::server
