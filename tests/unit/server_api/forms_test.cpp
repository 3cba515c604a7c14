#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

std::string workbook(const std::string& name) {
  std::ifstream file(TERRENO_SOURCE_DIR "/schema/forms/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string xform(const std::string& version, const std::string& title = "Breve") {
  return "<?xml version=\"1.0\"?><h:html xmlns=\"http://www.w3.org/2002/xforms\" "
         "xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head><h:title>" +
         title + "</h:title><model><instance><data id=\"breve\"" +
         (version.empty() ? "" : " version=\"" + version + "\"") +
         "><name/></data></instance><bind nodeset=\"/data/name\" type=\"string\"/></model></h:head><h:body>"
         "<input ref=\"/data/name\"><label>Nombre</label></input></h:body></h:html>";
}

std::string code_of(const Response& response) {
  return std::string(json::parse(response.body).at("error").at("code").as_string());
}

}  // namespace

TEST_CASE("an admin uploads a workbook, everybody in the office sees it, and it comes back byte for byte") {
  Office office;
  const std::string file = workbook("visita_cobranza.xlsx");
  REQUIRE_FALSE(file.empty());
  const Response added = office.as("admin", "POST", "/api/forms?file_name=cobranza.xlsx", file);
  CHECK(added.status == 201);
  const json::value made = json::parse(added.body);
  const std::string version(made.at("version").as_string());
  CHECK(made.at("id") == "visita_cobranza");
  const json::value list = office.get("/api/forms", "analyst");
  const json::value& form = list.at("forms").at(1);
  CHECK(form.at("id") == "visita_cobranza");
  CHECK(form.at("uses").at(0) == "collection");
  CHECK(form.at("versions").at(0).at("added_by") == "admin");
  CHECK(form.at("versions").at(0).at("file_name") == "cobranza.xlsx");
  CHECK(form.at("versions").at(0).at("current") == true);
  const std::string path = "/api/forms/visita_cobranza/" + version;
  CHECK(office.as("supervisor", "GET", path + "/source").body == file);
  CHECK(office.as("supervisor", "GET", path + "/xform").body.find("<h:html") != std::string::npos);
  CHECK(office.get(path).at("questions").as_array().size() > 20);
  CHECK(office.as("supervisor", "GET", "/api/forms/visita_cobranza/nine").status == 404);
}

TEST_CASE("only an admin may bring or apply questionnaires, and a gestor sees none of them") {
  Office office;
  for (const char* login : {"supervisor", "analyst", "gestor"}) {
    CHECK(office.as(login, "POST", "/api/forms", xform("1")).status == 403);
    CHECK(office.as(login, "POST", "/api/forms/cobranza/1/apply").status == 403);
    CHECK(office.as(login, "POST", "/api/form-uses/collection", R"({"form_id":"cobranza"})").status == 403);
  }
  CHECK(office.as("gestor", "GET", "/api/forms").status == 403);
  CHECK(office.as("gestor", "GET", "/api/forms/cobranza/answers.csv").status == 403);
  CHECK(office.get("/api/forms").at("forms").as_array().size() == 1);
  CHECK_MESSAGE(office.get("/api/forms", "foreign").at("forms").as_array().empty(),
                "another company's are its own");
}

TEST_CASE("a questionnaire with errors is told whole and changes nothing") {
  Office office;
  const std::string before = office.as("admin", "GET", "/api/forms").body;
  for (const std::string& bad :
       {std::string("no form at all"), std::string("<h:html>"), xform(""), std::string()}) {
    const Response refused = office.as("admin", "POST", "/api/forms?file_name=x", bad);
    CHECK(refused.status == 422);
    CHECK(code_of(refused) == "FormInvalid");
    CHECK_FALSE(json::parse(refused.body).at("issues").as_array().empty());
  }
  CHECK(office.as("admin", "GET", "/api/forms").body == before);
}

TEST_CASE("the same version with other content is refused, and a held version waits until it is applied") {
  Office office;
  CHECK(office.as("admin", "POST", "/api/forms?file_name=a.xml", xform("1")).status == 201);
  CHECK(office.as("admin", "POST", "/api/forms?file_name=a.xml", xform("1")).status == 201);
  const Response other = office.as("admin", "POST", "/api/forms?file_name=a.xml", xform("1", "Otro"));
  CHECK(other.status == 409);
  CHECK(code_of(other) == "AlreadyExists");
  CHECK(office.as("admin", "POST", "/api/forms?hold=1", xform("2")).status == 201);
  const auto current = [&] {
    std::string found;
    const json::value list = office.get("/api/forms");
    for (const json::value& form : list.at("forms").as_array()) {
      if (form.at("id") != "breve") continue;
      for (const json::value& version : form.at("versions").as_array()) {
        if (version.at("current") == true) found = std::string(version.at("version").as_string());
      }
    }
    return found;
  };
  CHECK(current() == "1");
  CHECK(office.as("admin", "POST", "/api/forms/breve/2/apply").status == 204);
  CHECK(current() == "2");
  CHECK(office.as("admin", "POST", "/api/forms/breve/3/apply").status == 404);
}

TEST_CASE("a purpose gets another questionnaire, and cases that come later get it") {
  Office office;
  REQUIRE(office.as("admin", "POST", "/api/forms?file_name=a.xml", xform("1")).status == 201);
  CHECK(office.as("admin", "POST", "/api/form-uses/cleaning", R"({"form_id":"breve"})").status == 404);
  CHECK(office.as("admin", "POST", "/api/form-uses/collection", R"({"form_id":"nada"})").status == 400);
  CHECK(office.as("admin", "POST", "/api/form-uses/collection", R"({"form_id":"breve"})").status == 200);
  const std::string csv =
      "clave,propósito,nombre,dirección,latitud,longitud\nK-1,cobranza,Ana,Calle 1,19.4,-99.1\n"
      "K-2,validación,Eva,Calle 2,19.4,-99.1\n";
  REQUIRE(office.as("admin", "POST", "/api/cases/import", csv).status == 200);
  CaseFilter all;
  const auto cases = office.storage->cases(office.company.id(), all).cases;
  REQUIRE(cases.size() == 2);
  CHECK(cases[0].item.form_id == "breve");
  CHECK(cases[1].item.form_id == "validacion_domicilio");
}

TEST_CASE("answers come as a file that is gone once the answer is sent") {
  Office office;
  REQUIRE(office.as("admin", "POST", "/api/forms?file_name=a.xml", xform("1")).status == 201);
  SamplePhone phone = office.company.enrol(1);
  VisitFinished visit = sample_visit(numbered_id(7, 1), office.company.add_case(1, 1));
  visit.form_id = "breve";
  visit.form_version = "1";
  visit.answers = {{"name", "Lupe"}};
  PreparedBatch batch = phone.batch({visit});
  batch.entries[0].differences = {{"form_calculated_differs", "name", "Lupe", "Lupita"}};
  REQUIRE(apply(*office.storage, std::move(batch)).ok());
  std::string file;
  {
    const Response csv =
        office.as("analyst", "GET", "/api/forms/breve/answers.csv?from=2026-03-12&to=2026-03-12");
    CHECK(csv.status == 200);
    CHECK(Office::header(csv, "Content-Disposition").starts_with("attachment; filename=\"breve_"));
    file = csv.file;
    std::ifstream in(file);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    CHECK(content.find(",Lupe,") != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(office.as("analyst", "GET", "/api/forms/breve/answers.xlsx").status == 200);
  CHECK(office.as("analyst", "GET", "/api/forms/breve/answers.csv?from=ayer").status == 400);
  CHECK(office.as("analyst", "GET", "/api/forms/breve/answers.csv?from=2026-03-13&to=2026-03-12").status ==
        400);
  CHECK(office.as("analyst", "GET", "/api/forms/breve/answers.csv?repeat=cars").status == 404);
  CHECK(office.as("analyst", "GET", "/api/forms/nada/answers.xlsx").status == 404);
  CHECK(office.as("foreign", "GET", "/api/forms/breve/answers.xlsx").status == 404);
  const json::value shown = office.get("/api/visits/" + visit.visit_id.to_string());
  CHECK(shown.at("differences").at(0).at("label") == "Nombre");
  CHECK(shown.at("differences").at(0).at("expected") == "Lupita");
}
