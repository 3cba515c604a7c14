#include "server/api/routes.hpp"

#include "server/api/form_intake.hpp"
#include "server/api/phone_routes.hpp"
#include "server/domain/case_import.hpp"

namespace terreno::server {
namespace {

constexpr Roles kSupervisor = role_bit(Role::Supervisor);
constexpr Roles kAdmin = role_bit(Role::Admin);
constexpr Roles kOffice = kSupervisor | role_bit(Role::Analyst) | kAdmin;  ///< who may look
constexpr Roles kLead = kSupervisor | kAdmin;                              ///< who may direct the work
constexpr Roles kAnyone = kOffice | role_bit(Role::Gestor);

constexpr std::uint64_t kSmallJson = 8 * 1024;

constexpr Access kOpen = Access::Open;
constexpr Access kSession = Access::Session;

/// Phones are served as a whole; the table names their routes so that they stand where all others do.
void serve_phone(Call& call, Responder respond) {
  call.services.phones.handle(std::move(call.request), std::move(respond));
}

// clang-format off
constexpr Route kRoutes[] = {
    {"POST", "/api/login",                      kOpen,    0,       kSmallJson,      log_in},
    {"POST", "/api/logout",                     kSession, kAnyone, kSmallJson,      log_out},
    {"GET",  "/api/me",                         kSession, kAnyone, 0,               show_me},
    {"GET",  "/api/gestores",                   kSession, kOffice, 0,               list_gestores},
    {"GET",  "/api/gestores/{id}/track",        kSession, kOffice, 0,               show_track},
    {"GET",  "/api/trails",                     kSession, kOffice, 0,               list_trails},
    {"GET",  "/api/cases",                      kSession, kOffice, 0,               list_cases},
    {"GET",  "/api/map/cases",                  kSession, kOffice, 0,               map_cases},
    {"GET",  "/api/cases/{id}",                 kSession, kOffice, 0,               show_case},
    {"POST", "/api/cases/{id}/assign",          kSession, kLead,   kSmallJson,      assign_case},
    {"POST", "/api/cases/import",               kSession, kLead,   kMaxImportBytes, import_cases},
    {"GET",  "/api/visits",                     kSession, kOffice, 0,               list_visits},
    {"GET",  "/api/visits/{id}",                kSession, kOffice, 0,               show_visit},
    {"GET",  "/api/cancelled-visits",           kSession, kOffice, 0,               list_cancelled_visits},
    {"GET",  "/api/quarantine",                 kSession, kOffice, 0,               list_quarantined},
    {"GET",  "/api/evidence/{sha256}",          kSession, kOffice, 0,               show_evidence},
    {"GET",  "/api/forms",                      kSession, kOffice, 0,               list_forms},
    {"POST", "/api/forms",                      kSession, kAdmin,  kMaxFormFileBytes, upload_form},
    {"POST", "/api/form-uses/{use}",            kSession, kAdmin,  kSmallJson,      set_form_use},
    // Of the paths that fit, the last in this table is meant.
    {"GET",  "/api/forms/{id}/{version}",       kSession, kOffice, 0,               show_form},
    {"GET",  "/api/forms/{id}/answers.csv",     kSession, kOffice, 0,               export_answers_csv},
    {"GET",  "/api/forms/{id}/answers.xlsx",    kSession, kOffice, 0,               export_answers_xlsx},
    {"GET",  "/api/forms/{id}/{version}/xform", kSession, kOffice, 0,               show_xform},
    {"GET",  "/api/forms/{id}/{version}/source", kSession, kOffice, 0,              show_form_source},
    {"POST", "/api/forms/{id}/{version}/apply", kSession, kAdmin,  kSmallJson,      apply_form},
    {"GET",  "/api/summary",                    kSession, kOffice, 0,               show_summary},
    {"GET",  "/api/users",                      kSession, kLead,   0,               list_users},
    {"POST", "/api/users",                      kSession, kAdmin,  kSmallJson,      add_user},
    {"POST", "/api/users/{id}/active",          kSession, kAdmin,  kSmallJson,      set_user_active},
    {"POST", "/api/users/{id}/password",        kSession, kAnyone, kSmallJson,      set_user_password},
    {"POST", "/api/users/{id}/enrolment-code",  kSession, kLead,   kSmallJson,      make_code},
    {"GET",  "/api/basemap",                    kSession, kOffice, 0,               show_basemap},
    {"GET",  "/healthz",                        kOpen,    0,       0,               show_health},
    {"GET",  "/readyz",                         kOpen,    0,       0,               show_readiness},
    {"GET",  "/metrics",                        Access::Operator, kAdmin, 0,        show_metrics},
    {"POST",    "/v1/enrol",          Access::Phone, 0, 0, nullptr, serve_phone},
    {"POST",    "/v1/sync",           Access::Phone, 0, 0, nullptr, serve_phone},
    {"OPTIONS", "/v1/files",          Access::Phone, 0, 0, nullptr, serve_phone},
    {"POST",    "/v1/files",          Access::Phone, 0, 0, nullptr, serve_phone},
    {"OPTIONS", "/v1/files/{sha256}", Access::Phone, 0, 0, nullptr, serve_phone},
    {"HEAD",    "/v1/files/{sha256}", Access::Phone, 0, 0, nullptr, serve_phone},
    {"PATCH",   "/v1/files/{sha256}", Access::Phone, 0, 0, nullptr, serve_phone},
};
// clang-format on

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

}  // namespace terreno::server
