#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/scaled_clock.hpp"
#include "server/api/application.hpp"
#include "server/api/phone_routes.hpp"
#include "tests/support/temp_dir.hpp"
#include "tools/field_day/company.hpp"
#include "tools/field_day/phone_clock.hpp"

namespace terreno::tests {

/// The server's half of a phone's day: the real listener, routes and storage in this process, and a company
/// whose cases come through the real import. Keeps a decoded copy of what phones sent.
class PhoneOffice final : public server::Application {
 public:
  /// The office's clock is the phone's: both live in the same simulated day.
  PhoneOffice(const field_day::Company& company, const Clock& clock);
  ~PhoneOffice() override;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_->port()); }
  std::string enrolment_code(const std::string& login);
  std::uint64_t visits() const;
  /// Every journal entry that came, in order; one that came twice stands there twice.
  std::vector<EntryBody> received() const;

  std::uint64_t body_limit(std::string_view method, std::string_view path) const override;
  void handle(server::Request request, server::Responder respond) override;
  void refused(server::RefusedAt at, int status) override { application_->refused(at, status); }
  std::optional<server::Response> refuse_live(const server::Request& request) override;
  void open_live(const server::Request& request, std::shared_ptr<server::LiveConnection> connection) override;

 private:
  void found_company(const field_day::Company& company);

  TempDir folder_;
  const Clock& clock_;
  Uuid tenant_id_;
  std::unique_ptr<server::Storage> storage_;
  server::EvidenceFiles files_;
  server::FormCache forms_;
  server::PhoneRoutes routes_;
  server::LiveHub hub_;
  std::unique_ptr<server::Application> application_;
  mutable std::mutex mutex_;
  std::vector<EntryBody> received_;
  std::unique_ptr<server::HttpServer> listener_;
};

}  // namespace terreno::tests
