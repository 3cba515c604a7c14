#include "tests/e2e/wire_cost/phone_office.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "core/codec/codec.hpp"
#include "core/forms/xlsform.hpp"
#include "server/domain/case_import.hpp"
#include "server/domain/enrolment.hpp"
#include "server/domain/outcomes.hpp"

namespace terreno::tests {
namespace {

using namespace terreno::server;

FormVersion shipped_form(const std::string& name) {
  std::ifstream in(std::string(TERRENO_SOURCE_DIR) + "/schema/forms/" + name + ".xlsx", std::ios::binary);
  const Bytes workbook{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto converted = forms::convert_xlsform(workbook);
  REQUIRE(converted.ok());
  return {converted.form_id, converted.version, converted.title, std::move(converted.xform_xml)};
}

std::unique_ptr<Storage> storage_in(const TempDir& folder) {
  SqliteOptions options;
  options.path = folder.file("terreno.db");
  return open_sqlite_storage(options);
}

ApiOptions quiet() {
  ApiOptions options;
  options.log_requests = false;
  return options;
}

}  // namespace

PhoneOffice::PhoneOffice(const field_day::Company& company, const Clock& clock)
    : clock_(clock),
      tenant_id_(make_uuid_v7(clock)),
      storage_(storage_in(folder_)),
      files_(folder_.path() / "evidence"),
      forms_([this](const Uuid& tenant, std::string_view form, std::string_view version) {
        return storage_->find_form(tenant, form, version);
      }),
      routes_(*storage_, files_, clock, forms_, [](const CommittedBatch&, const BatchEffects&) {}),
      hub_(*storage_, clock),
      application_(make_application(*storage_, routes_, files_, hub_, clock, quiet())) {
  found_company(company);
  HttpOptions options;
  options.port = 0;
  listener_ = start_http_server(options, *this);
}

PhoneOffice::~PhoneOffice() { listener_->stop(1); }

void PhoneOffice::found_company(const field_day::Company& company) {
  storage_->add_tenant({tenant_id_, "Prueba", {}});
  storage_->set_outcomes(tenant_id_, default_outcomes());
  for (const char* form : {"visita_cobranza", "validacion_domicilio", "validacion_negocio"})
    storage_->add_form(tenant_id_, shipped_form(form)).value();
  for (const auto& gestor : company.gestores) {
    User user;
    user.id = make_uuid_v7(clock_);
    user.tenant_id = tenant_id_;
    user.login = gestor.login;
    user.name = gestor.name;
    storage_->add_user(user).value();
  }
  ImportWorld world;
  world.is_gestor = [this](std::string_view login) {
    return storage_->find_user_by_login(login).has_value();
  };
  world.is_form = [](std::string_view) { return true; };
  world.utc_offset_minutes = TenantPolicy{}.utc_offset_minutes;
  const auto table =
      read_cases_csv(field_day::cases_csv(company, clock_.wall_ms() / 86'400'000), world, Language::Spanish);
  REQUIRE(table.problems.empty());
  storage_->import_cases(tenant_id_, table.cases, clock_.wall_ms());
}

std::string PhoneOffice::enrolment_code(const std::string& login) {
  const std::string code = "ABCD-EFGH-JKLM";
  storage_->add_enrolment_code({enrolment_code_hash(code), tenant_id_,
                                storage_->find_user_by_login(login)->id, clock_.wall_ms() + 3'600'000});
  return code;
}

std::uint64_t PhoneOffice::visits() const {
  const VisitFilter all{{0, clock_.wall_ms() + 86'400'000}, std::nullopt, std::nullopt, 5'000, 0};
  return storage_->visits(tenant_id_, all).size();
}

std::vector<EntryBody> PhoneOffice::received() const {
  const std::scoped_lock lock(mutex_);
  return received_;
}

std::uint64_t PhoneOffice::body_limit(std::string_view method, std::string_view path) const {
  return application_->body_limit(method, path);
}

void PhoneOffice::handle(Request request, Responder respond) {
  if (request.path == "/v1/sync") {
    const auto batch = codec::decode_sync_request(request.body).value();
    const std::scoped_lock lock(mutex_);
    for (const JournalEntry& entry : batch.entries)
      received_.push_back(codec::decode_body(entry.kind, entry.version, entry.payload).value());
  }
  application_->handle(std::move(request), std::move(respond));
}

std::optional<Response> PhoneOffice::refuse_live(const Request& request) {
  return application_->refuse_live(request);
}

void PhoneOffice::open_live(const Request& request, std::shared_ptr<LiveConnection> connection) {
  application_->open_live(request, std::move(connection));
}

}  // namespace terreno::tests
