#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "server/api/routes.hpp"
#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

/// Company 1 with one of everything, for the admin of company 2 to ask for.
struct TwoCompanies {
  TwoCompanies() {
    case_id = office.company.add_case(1, 1);
    SamplePhone phone = office.company.enrol(1);
    phone_id = office.storage->devices(office.company.id(), office.company.gestor_id(1)).at(0).id;
    VisitFinished visit = sample_visit(visit_id, case_id);
    EvidenceRef photo;
    photo.sha256 = sha256(as_bytes("photo"));
    photo.media_type = "image/jpeg";
    photo.size = 5;
    visit.evidence = {photo};
    const ShiftStarted shift{numbered_id(6, 1), kMorning - 3'600'000};
    const VisitCancelled given_up{numbered_id(7, 2), case_id, {}, kMorning, kMorning, "perro suelto", {}};
    PreparedBatch batch = phone.batch(
        {shift, sample_chunk(shift.shift_id, kMorning - 3'000'000), visit, given_up, ShiftEnded{}});
    batch.entries.back().body.reset();
    batch.entries.back().quarantine_code = ErrorCode::MalformedBytes;
    REQUIRE(apply(*office.storage, std::move(batch)).ok());
    office.storage->set_evidence_progress(office.company.id(), photo.sha256, EvidenceState::Received, 5);
    std::filesystem::create_directories(office.folder.path() / "basemap");
    std::ofstream(office.folder.path() / "basemap" / (office.company.id().to_string() + ".geojson")) << "{}";
  }

  Office office;
  Uuid case_id;
  Uuid phone_id;
  const Uuid visit_id = numbered_id(7, 1);
  const std::string gestor = office.company.gestor_id(1).to_string();
};

struct Row {
  std::string method;
  std::string pattern;
  std::string target;
  std::string body;
  std::set<int> statuses;
};

/// Every console route, asked for what is company 1's.
std::vector<Row> rows_of(const TwoCompanies& field) {
  const std::string gestor = field.gestor;
  const std::string item = field.case_id.to_string();
  const std::string visit = field.visit_id.to_string();
  const std::string photo = to_hex(sha256(as_bytes("photo")));
  const std::string give = R"({"gestor_id":")" + field.office.other.gestor_id(1).to_string() + "\"}";
  const std::string csv =
      "clave,propósito,nombre,dirección,latitud,longitud,gestor,formulario\n"
      "X-1,cobranza,Ana,Calle 1,19.4,-99.1,g1@1,\n";
  return {
      {"GET", "/api/me", "/api/me", "", {200}},
      {"GET", "/api/gestores", "/api/gestores", "", {200}},
      {"GET", "/api/gestores/{id}/track", "/api/gestores/" + gestor + "/track", "", {404}},
      {"GET", "/api/trails", "/api/trails", "", {200}},
      {"GET", "/api/cases", "/api/cases?gestor_id=" + gestor, "", {200}},
      {"GET", "/api/map/cases", "/api/map/cases", "", {200}},
      {"GET", "/api/cases/{id}", "/api/cases/" + item, "", {404}},
      {"POST", "/api/cases/{id}/assign", "/api/cases/" + item + "/assign", give, {404}},
      {"POST", "/api/cases/{id}/reopen", "/api/cases/" + item + "/reopen", "{}", {404}},
      {"POST", "/api/cases/import", "/api/cases/import", csv, {422}},
      {"GET", "/api/visits", "/api/visits?case_id=" + item, "", {200}},
      {"GET", "/api/visits/{id}", "/api/visits/" + visit, "", {404}},
      {"GET", "/api/cancelled-visits", "/api/cancelled-visits?day=2026-03-12", "", {200}},
      {"GET", "/api/quarantine", "/api/quarantine", "", {200}},
      {"GET", "/api/evidence/{sha256}", "/api/evidence/" + photo, "", {404}},
      {"GET", "/api/forms", "/api/forms", "", {200}},
      {"POST", "/api/forms", "/api/forms?file_name=x", "no form", {422}},
      {"POST", "/api/form-uses/{use}", "/api/form-uses/collection", R"({"form_id":"cobranza"})", {400}},
      {"GET", "/api/forms/{id}/{version}", "/api/forms/cobranza/1", "", {404}},
      {"GET", "/api/forms/{id}/answers.csv", "/api/forms/cobranza/answers.csv", "", {404}},
      {"GET", "/api/forms/{id}/answers.xlsx", "/api/forms/cobranza/answers.xlsx", "", {404}},
      {"GET", "/api/forms/{id}/{version}/xform", "/api/forms/cobranza/1/xform", "", {404}},
      {"GET", "/api/forms/{id}/{version}/source", "/api/forms/cobranza/1/source", "", {404}},
      {"POST", "/api/forms/{id}/{version}/apply", "/api/forms/cobranza/1/apply", "{}", {404}},
      {"GET", "/api/summary", "/api/summary", "", {200}},
      {"GET", "/api/users", "/api/users", "", {200}},
      {"POST",
       "/api/users",
       "/api/users",
       R"({"login":"g1@1","name":"x","role":"gestor","password":""})",
       {409}},
      {"POST", "/api/users/{id}/active", "/api/users/" + gestor + "/active", R"({"active":false})", {404}},
      {"POST",
       "/api/users/{id}/password",
       "/api/users/" + gestor + "/password",
       R"({"password":"otra cosa 123"})",
       {404}},
      {"POST", "/api/users/{id}/enrolment-code", "/api/users/" + gestor + "/enrolment-code", "{}", {404}},
      {"GET", "/api/users/{id}/phones", "/api/users/" + gestor + "/phones", "", {200}},
      {"POST",
       "/api/phones/{id}/revoke",
       "/api/phones/" + field.phone_id.to_string() + "/revoke",
       "{}",
       {404}},
      {"GET", "/api/basemap", "/api/basemap", "", {404}},
  };
}

}  // namespace

TEST_CASE("No console route shows or changes what is another company's") {
  TwoCompanies field;
  Office& office = field.office;
  // Its owner sees it, so that the silence below means something.
  REQUIRE(office.as("admin", "GET", "/api/visits/" + field.visit_id.to_string()).status == 200);
  REQUIRE(office.as("admin", "GET", "/api/gestores/" + field.gestor + "/track").status == 200);
  REQUIRE(office.as("admin", "GET", "/api/basemap").status == 200);
  const std::vector<std::string> secrets{field.gestor,
                                         field.case_id.to_string(),
                                         field.phone_id.to_string(),
                                         field.visit_id.to_string(),
                                         "José Peña",
                                         "Avenida Juárez",
                                         "MX-1001",
                                         "Empresa 1",
                                         "perro suelto",
                                         "MalformedBytes",
                                         "supervisor"};
  std::set<std::string> asked;
  for (const Row& row : rows_of(field)) {
    CAPTURE(row.target);
    asked.insert(row.method + " " + row.pattern);
    const Response response = office.as("foreign", row.method, row.target, row.body);
    CHECK(row.statuses.contains(response.status));
    for (const std::string& secret : secrets) {
      CAPTURE(secret);
      CHECK(response.body.find(secret) == std::string::npos);
    }
  }
  for (const Route& route : all_routes()) {
    if (route.access != Access::Session || route.pattern == "/api/logout") continue;
    CHECK_MESSAGE(asked.contains(std::string(route.method) + " " + std::string(route.pattern)),
                  "the table lacks " << route.pattern);
  }
  CHECK_FALSE(office.storage->devices(office.company.id(), office.company.gestor_id(1)).at(0).revoked);
  const auto held = office.storage->find_case(office.company.id(), field.case_id);
  CHECK(held->gestor_id == office.company.gestor_id(1));
  CHECK(office.storage->find_user(office.company.id(), office.company.gestor_id(1))->active);
}
