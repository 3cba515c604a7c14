#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "core/base/texts.hpp"
#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

constexpr const char* kForm = R"xml(<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
        xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Visita de cobranza</h:title><model>
<itext>
<translation lang="Español (es)" default="true()">
<text id="outcome"><value>Resultado</value></text><text id="promise"><value>Promesa</value></text>
<text id="amount"><value>Monto</value></text><text id="photo"><value>Fachada</value></text>
<text id="yes"><value>Promesa de pago</value></text>
</translation>
<translation lang="English (en)">
<text id="outcome"><value>Result</value></text><text id="promise"><value>Promise</value></text>
<text id="amount"><value>Amount</value></text><text id="photo"><value>Front</value></text>
<text id="yes"><value>Promise to pay</value></text>
</translation>
</itext>
<instance><data id="visita" version="1"><outcome/><promise><amount/></promise><photo/></data></instance>
<bind nodeset="/data/outcome" type="string"/>
<bind nodeset="/data/promise/amount" type="decimal"/>
<bind nodeset="/data/photo" type="binary"/>
</model></h:head>
<h:body>
<select1 ref="/data/outcome"><label ref="jr:itext('outcome')"/>
<item><label ref="jr:itext('yes')"/><value>promise</value></item></select1>
<group ref="/data/promise"><label ref="jr:itext('promise')"/>
<input ref="/data/promise/amount"><label ref="jr:itext('amount')"/></input></group>
<upload ref="/data/photo" mediatype="image/*"><label ref="jr:itext('photo')"/></upload>
</h:body></h:html>
)xml";

/// A text as JSON compares it.
json::value said(const std::string& text) { return json::value(json::string(text)); }

constexpr const char* kCsvHead = "clave,propósito,nombre,dirección,latitud,longitud,gestor,formulario\n";

std::string good_lines(int count) {
  std::string csv = kCsvHead;
  for (int i = 1; i <= count; ++i) {
    csv += "K-" + std::to_string(i) + ",cobranza,Ana " + std::to_string(i) +
           ",Calle 1,19.4,-99.1,g1@1,cobranza\n";
  }
  return csv;
}

json::value import(Office& office, const std::string& csv, const std::string& query = "") {
  return json::parse(office.as("supervisor", "POST", "/api/cases/import" + query, csv).body);
}

std::int64_t case_count(Office& office) { return office.get("/api/cases").at("total").as_int64(); }

/// A visit of gestor 1 to a case, with a questionnaire in two languages and a photo.
struct FieldVisit {
  explicit FieldVisit(Office& office)
      : phone(office.company.enrol(1)), case_id(office.company.add_case(1, 1)) {
    office.storage->add_form(office.company.id(), {"visita", "1", "Visita de cobranza", kForm}).value();
    visit = sample_visit(numbered_id(7, 1), case_id);
    visit.form_id = "visita";
    visit.form_version = "1";
    visit.outcome.code = "promise";
    visit.outcome.promise = PromiseToPay{150'000, "2026-03-20", "transfer"};
    visit.answers = {{"outcome", "promise"},
                     {"promise/amount", "1500"},
                     {"photo", to_hex(sha256(as_bytes("photo"))).substr(0, 16) + ".jpg"}};
    EvidenceRef photo;
    photo.sha256 = sha256(as_bytes("photo"));
    photo.question_path = "photo";
    photo.media_type = "image/jpeg";
    photo.size = 5;
    visit.evidence = {photo};
    ShiftStarted shift{numbered_id(6, 1), kMorning - 3'600'000};
    PreparedBatch batch = phone.batch({shift, sample_chunk(shift.shift_id, kMorning - 3'000'000), visit});
    batch.entries.back().marks = {{"short_visit", "90 s"}};
    REQUIRE(apply(*office.storage, std::move(batch)).ok());
  }

  SamplePhone phone;
  Uuid case_id;
  VisitFinished visit;
};

}  // namespace

TEST_CASE("A file with five kinds of mistakes gives five clear lines, and nothing is imported") {
  Office office;
  const std::string csv = std::string(kCsvHead) +
                          "K-1,cobranza,Ana,Calle 1,19.4,-99.1,g1@1,cobranza\n"
                          "K-2,limpieza,Ana,Calle 1,19.4,-99.1,g1@1,cobranza\n"
                          "K-3,cobranza,Ana,Calle 1,\"19,4\",-99.1,g1@1,cobranza\n"
                          "K-4,cobranza,Ana,Calle 1,19.4,-199.1,g1@1,cobranza\n"
                          "K-5,cobranza,Ana,Calle 1,19.4,-99.1,nadie,cobranza\n"
                          "K-1,cobranza,Ana,Calle 1,19.4,-99.1,g1@1,cobranza\n";
  const Response response = office.as("supervisor", "POST", "/api/cases/import", csv);
  CHECK(response.status == 422);
  const json::value body = json::parse(response.body);
  CHECK(body.at("error").at("code") == "ImportRejected");
  const json::array& errors = body.at("errors").as_array();
  REQUIRE(errors.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(errors[i].at("line").as_int64() == static_cast<std::int64_t>(i) + 3);
    CHECK_FALSE(errors[i].at("reason").as_string().empty());
  }
  CHECK(case_count(office) == 0);
  const json::value skipped = import(office, csv, "?skip_bad=1");
  CHECK(skipped.at("added") == 1);
  CHECK(skipped.at("skipped") == 5);
  CHECK(skipped.at("errors").as_array().size() == 5);
}

TEST_CASE("The same file twice changes nothing") {
  Office office;
  CHECK(import(office, good_lines(20)).at("added") == 20);
  const json::value again = import(office, good_lines(20));
  CHECK(again.at("unchanged") == 20);
  CHECK(again.at("added") == 0);
  CHECK(again.at("updated") == 0);
}

TEST_CASE("Latin-1 is refused even when bad lines may be skipped") {
  Office office;
  const Response response = office.as("supervisor", "POST", "/api/cases/import?skip_bad=1",
                                      std::string(kCsvHead) + "K-1,cobranza,Jos\xE9,Calle 1,19.4,-99.1,,\n");
  CHECK(response.status == 422);
  CHECK(response.body.find("UTF-8") != std::string::npos);
  CHECK(case_count(office) == 0);
}

TEST_CASE("Cases are listed, searched, shown on the map and assigned") {
  Office office;
  import(office, good_lines(30));
  const json::value page = office.get("/api/cases?limit=10&offset=25");
  CHECK(page.at("total") == 30);
  CHECK(page.at("cases").as_array().size() == 5);
  const json::value found = office.get("/api/cases?text=K-17");
  REQUIRE(found.at("total") == 1);
  const json::value& item = found.at("cases").at(0);
  CHECK(item.at("purpose") == "collection");
  CHECK(item.at("state") == "open");
  CHECK(item.at("gestor_name") == "Gestor 1");
  CHECK(item.at("due_at_ms").is_null());
  const json::value map = office.get("/api/map/cases");
  CHECK(map.at("features").as_array().size() == 30);
  CHECK(map.at("features").at(0).at("geometry").at("coordinates").at(0).as_double() ==
        doctest::Approx(-99.1));

  const std::string id(item.at("id").as_string());
  const std::string second = office.company.gestor_id(2).to_string();
  const Response assigned =
      office.as("supervisor", "POST", "/api/cases/" + id + "/assign", R"({"gestor_id":")" + second + "\"}");
  CHECK(assigned.status == 200);
  CHECK(json::parse(assigned.body).at("gestor_id") == said(second));
  CHECK(office.as("supervisor", "POST", "/api/cases/" + id + "/reopen", "{}").status == 200);
  CHECK(office.get("/api/cases?gestor_id=" + second).at("total") == 1);
  const std::string foreign = office.other.gestor_id(1).to_string();
  CHECK(office.as("supervisor", "POST", "/api/cases/" + id + "/assign", R"({"gestor_id":")" + foreign + "\"}")
            .status == 400);
  for (const char* wrong :
       {"?state=lost", "?limit=0", "?limit=5001", "?limit=x", "?gestor_id=7", "?offset=-1"}) {
    CHECK(office.as("supervisor", "GET", std::string("/api/cases") + wrong).status == 400);
  }
}

TEST_CASE("The live screen's first picture: who is where, and what the day brought") {
  Office office;
  const FieldVisit field(office);
  const json::value body = office.get("/api/gestores");
  CHECK(body.at("day") == "2026-03-12");
  const json::array& gestores = body.at("gestores").as_array();
  const auto* one = std::find_if(gestores.begin(), gestores.end(),
                                 [](const json::value& g) { return g.at("name") == "Gestor 1"; });
  REQUIRE(one != gestores.end());
  CHECK(one->at("shift").at("started_at_ms") == kMorning - 3'600'000);
  CHECK(one->at("shift").at("ended_at_ms").is_null());
  CHECK(one->at("visits_today") == 1);
  CHECK(one->at("battery").at("percent") == 79);
  CHECK(one->at("position").at("accuracy_m").as_double() == 8);
  CHECK(one->at("state") == "fresh");
  const std::string id = office.company.gestor_id(1).to_string();
  const json::value track = office.get("/api/gestores/" + id + "/track?day=2026-03-12");
  CHECK(track.at("points").as_array().size() == 30);
  CHECK(track.at("points").at(0).as_array().size() == 4);
  CHECK(track.at("battery").as_array().size() == 2);
  CHECK(office.get("/api/gestores/" + id + "/track?day=2026-03-11").at("points").as_array().empty());
  CHECK(office.as("supervisor", "GET", "/api/gestores/" + id + "/track?day=today").status == 400);
  const json::value trails = office.get("/api/trails");
  CHECK(trails.at("features").at(0).at("properties").at("gestor_id") == said(id));
  const json::value summary = office.get("/api/summary?day=2026-03-12");
  CHECK(summary.at("visits") == 1);
  CHECK(summary.at("contacts") == 1);
  CHECK(summary.at("right_party_contacts") == 1);
  CHECK(summary.at("promised_cents") == 150'000);
  CHECK(summary.at("gestores_on_shift") == 1);
  CHECK(summary.at("by_hour").at(0).at("hour") == 10);
  CHECK(summary.at("by_outcome").at(0).at("label_en") == "Promise to pay");
}

TEST_CASE("A visit opens with its answers in words, its verdicts and its evidence") {
  Office office;
  const FieldVisit field(office);
  const json::value list = office.get("/api/visits?day=2026-03-12");
  REQUIRE(list.at("visits").as_array().size() == 1);
  const json::value& row = list.at("visits").at(0);
  CHECK(row.at("outcome").at("contact") == "direct");
  CHECK(row.at("party_name") == "José Peña 1");
  CHECK(row.at("evidence").at("total") == 1);
  CHECK(row.at("evidence").at("received") == 0);
  CHECK(row.at("marks").at(0).at("code") == "short_visit");
  const std::string id(row.at("id").as_string());
  const json::value visit = office.get("/api/visits/" + id + "?lang=es");
  CHECK(visit.at("form").at("title") == "Visita de cobranza");
  CHECK(visit.at("outcome_detail").at("promise").at("amount") == 150'000);
  CHECK(visit.at("outcome_detail").at("payment").is_null());
  CHECK(visit.at("fixes").as_array().size() == 1);
  const json::array& answers = visit.at("answers").as_array();
  const auto answer = [&answers](std::string_view path) {
    for (const json::value& each : answers) {
      if (each.at("path") == said(std::string(path))) return each;
    }
    return json::value();
  };
  CHECK(answer("promise/amount").at("label") == "Monto");
  CHECK(answer("promise/amount").at("group_label") == "Promesa");
  CHECK(answer("photo").at("media_sha256") == said(to_hex(sha256(as_bytes("photo")))));
  CHECK(answer("outcome").at("display") == "Promesa de pago");
  CHECK(answer("outcome").at("value") == "promise");
  const json::value english = office.get("/api/visits/" + id + "?lang=en");
  CHECK(english.at("answers").at(0).at("label") == "Result");
  CHECK(english.at("answers").at(0).at("display") == "Promise to pay");
  CHECK_FALSE(visit.at("server_verdict").at("text").as_string().empty());
  CHECK(office.get("/api/cases/" + field.case_id.to_string()).at("visits").as_array().size() == 1);
}

TEST_CASE("What a gestor did stays to be seen when they work here no more") {
  Office office;
  const FieldVisit field(office);
  const json::value before = office.get("/api/summary?day=2026-03-12");
  const std::string id = office.company.gestor_id(1).to_string();
  CHECK(office.as("admin", "POST", "/api/users/" + id + "/active", R"({"active":false})").status == 200);

  const json::value trails = office.get("/api/trails?day=2026-03-12");
  REQUIRE(trails.at("features").as_array().size() == 1);
  CHECK(trails.at("features").at(0).at("properties").at("gestor_id") == said(id));
  const json::value after = office.get("/api/summary?day=2026-03-12");
  CHECK(after.at("travelled_m") == before.at("travelled_m"));
  CHECK(after.at("visits") == 1);
  CHECK_MESSAGE(after.at("gestores_on_shift") == 0, "nobody who left is at work");
  const json::value present = office.get("/api/gestores");
  for (const json::value& gestor : present.at("gestores").as_array()) CHECK(gestor.at("id") != said(id));
}

TEST_CASE("Evidence is served once it is whole, with its own type and nothing else's rights") {
  Office office;
  const FieldVisit field(office);
  const EvidenceRef& photo = field.visit.evidence.front();
  const std::string path = "/api/evidence/" + to_hex(photo.sha256);
  CHECK(office.as("analyst", "GET", path).status == 404);
  office.storage->set_evidence_progress(office.company.id(), photo.sha256, EvidenceState::Received,
                                        photo.size);
  const Response response = office.as("analyst", "GET", path);
  CHECK(response.status == 200);
  CHECK(response.file == office.files.path_of(office.company.id(), photo).string());
  CHECK(Office::header(response, "Content-Type") == "image/jpeg");
  CHECK(Office::header(response, "X-Content-Type-Options") == "nosniff");
  CHECK(Office::header(response, "Content-Security-Policy").find("sandbox") != std::string::npos);
  CHECK(Office::header(response, "Cache-Control").starts_with("private"));
  CHECK(office.as("analyst", "GET", "/api/evidence/xyz").status == 400);
}

TEST_CASE("People are added with good passwords, and gestores get codes for their phones") {
  Office office;
  const auto add = [&office](const std::string& body) {
    return office.as("admin", "POST", "/api/users", body);
  };
  const Response added =
      add(R"({"login":"Luz.Mar","name":"Luz","role":"supervisor","password":"girasol 4 patas"})");
  CHECK(added.status == 201);
  CHECK(json::parse(added.body).at("login") == "luz.mar");
  CHECK(add(R"({"login":"luz.mar","name":"Otra","role":"analyst","password":"girasol 4 patas"})").status ==
        409);
  CHECK(add(R"({"login":"a","name":"A","role":"admin","password":"corta"})").status == 400);
  CHECK(add(R"({"login":"a","name":"A","role":"admin","password":"1234567890"})").status == 400);
  CHECK(add(R"({"login":"a","name":"A","role":"admin"})").status == 400);
  CHECK(add(R"({"login":"a b","name":"A","role":"gestor"})").status == 400);
  CHECK(add(R"({"login":"a","name":"","role":"gestor"})").status == 400);
  CHECK(add(R"({"login":"a","name":"A","role":"owner"})").status == 400);
  const Response gestor = add(R"({"login":"pepe","name":"Pepe","role":"gestor"})");
  REQUIRE(gestor.status == 201);
  const std::string id(json::parse(gestor.body).at("id").as_string());
  const Response made = office.as("supervisor", "POST", "/api/users/" + id + "/enrolment-code", "{}");
  REQUIRE(made.status == 200);
  const std::string code(json::parse(made.body).at("code").as_string());
  CHECK(code.size() == 14);
  Device device;
  device.id = numbered_id(3, 77);
  CHECK(
      office.storage->enrol_device(enrolment_code_hash(code), token_hash("t"), device, office.clock.wall_ms())
          .ok());
  const auto phones = [&] {
    return json::parse(office.as("supervisor", "GET", "/api/users/" + id + "/phones").body)
        .at("phones")
        .as_array();
  };
  REQUIRE(phones().size() == 1);
  CHECK_FALSE(phones()[0].at("revoked").as_bool());
  const std::string revoke = "/api/phones/" + device.id.to_string() + "/revoke";
  CHECK(office.as("foreign", "POST", revoke, "{}").status == 404);
  CHECK(office.as("supervisor", "POST", revoke, "{}").status == 204);
  CHECK(phones()[0].at("revoked").as_bool());
  const std::string supervisor = Office::user_id(1, 901).to_string();
  CHECK(office.as("admin", "POST", "/api/users/" + supervisor + "/enrolment-code", "{}").status == 409);
  const std::string self = Office::user_id(1, 903).to_string();
  CHECK(office.as("admin", "POST", "/api/users/" + self + "/active", R"({"active":false})").status == 409);
  CHECK(office.as("supervisor", "GET", "/api/users").body.find("argon2") == std::string::npos);
}

TEST_CASE("Errors speak the caller's language, Spanish when in doubt") {
  Office office;
  const auto message = [&office](const std::string& languages) {
    Request request = Office::request("GET", "/api/cases");
    request.headers["accept-language"] = languages;
    return std::string(
        json::parse(office.call(std::move(request)).body).at("error").at("message").as_string());
  };
  CHECK(message("") == text(Language::Spanish, "server.api.no_session"));
  CHECK(message("fr-FR, en;q=0.8") == text(Language::English, "server.api.no_session"));
  CHECK(message("pt-BR,pt;q=0.9") == text(Language::Portuguese, "server.api.no_session"));
}

TEST_CASE("The base map is the tenant's own") {
  Office office;
  CHECK(office.as("analyst", "GET", "/api/basemap").status == 404);
  const auto folder = office.folder.path() / "basemap";
  std::filesystem::create_directories(folder);
  const auto file = folder / (office.company.id().to_string() + ".geojson");
  std::ofstream(file) << "{}";
  CHECK(office.as("analyst", "GET", "/api/basemap").file == file.string());
  CHECK(office.as("foreign", "GET", "/api/basemap").status == 404);
}

TEST_CASE("Metrics open to an admin or the operator's token, and hold patterns instead of paths") {
  Office office;
  office.get("/api/cases/" + numbered_id(9, 9).to_string());
  Request request = Office::request("GET", "/metrics");
  request.headers["authorization"] = "Bearer the token of the metrics";
  const Response response = office.call(std::move(request));
  REQUIRE(response.status == 200);
  for (const char* part :
       {"terreno_requests_total{method=\"GET\",route=\"/api/cases/{id}\",status=\"404\"} 1\n",
        "terreno_request_seconds_bucket{route=\"/api/login\",le=\"+Inf\"} 1\n",
        "terreno_live_connections 0\n", "terreno_requests_in_flight 1\n", "terreno_commits_total "}) {
    CAPTURE(std::string(part));
    CHECK(response.body.find(part) != std::string::npos);
  }
  CHECK(response.body.find(numbered_id(9, 9).to_string()) == std::string::npos);
  Request wrong = Office::request("GET", "/metrics");
  wrong.headers["authorization"] = "Bearer another";
  CHECK(office.call(std::move(wrong)).status == 401);
  CHECK(office.as("admin", "GET", "/metrics").status == 200);
}
