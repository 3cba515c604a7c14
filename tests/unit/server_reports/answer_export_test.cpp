#include <doctest/doctest.h>
#include <minizip/unzip.h>

#include <fstream>

#include "core/model/media_format.hpp"
#include "server/reports/answer_export.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

/// Questions of every kind that tables tell apart, and a repeat within a repeat.
std::string form_xml(const std::string& version, const std::string& extra) {
  return R"xml(<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Visita</h:title><model>
<itext><translation lang="Español (es)" default="true()"><text id="n"><value>Nombre</value></text></translation>
<translation lang="English (en)"><text id="n"><value>Name</value></text></translation></itext>
<instance><data id="visita" version=")xml" +
         version + R"xml("><name/><income/><born/><at/><place/><services/><photo/><code/>)xml" + extra +
         R"xml(<homes jr:template=""><street/><people jr:template=""><age/></people></homes></data></instance>
<bind nodeset="/data/name" type="string"/><bind nodeset="/data/income" type="decimal"/>
<bind nodeset="/data/born" type="date"/><bind nodeset="/data/at" type="dateTime"/>
<bind nodeset="/data/place" type="geopoint"/><bind nodeset="/data/services" type="string"/>
<bind nodeset="/data/photo" type="binary"/><bind nodeset="/data/code" type="string" calculate="'007'"/>
<bind nodeset="/data/homes/street" type="string"/><bind nodeset="/data/homes/people/age" type="int"/>
</model></h:head><h:body>
<input ref="/data/name"><label ref="jr:itext('n')"/></input><input ref="/data/income"><label>Ingreso</label></input>
<input ref="/data/born"><label>Nació</label></input><input ref="/data/at"><label>Cuándo</label></input>
<input ref="/data/place"><label>Lugar</label></input>
<select ref="/data/services"><label>Servicios</label><item><label>Agua</label><value>agua</value></item>
<item><label>Luz</label><value>luz</value></item></select>
<upload ref="/data/photo" mediatype="image/*"><label>Foto</label></upload>
<group ref="/data/homes"><label>Casas</label><repeat nodeset="/data/homes">
<input ref="/data/homes/street"><label>Calle</label></input>
<group ref="/data/homes/people"><label>Gente</label><repeat nodeset="/data/homes/people">
<input ref="/data/homes/people/age"><label>Edad</label></input></repeat></group></repeat></group>
</h:body></h:html>)xml";
}

struct ExportOffice {
  ExportOffice() {
    company.add_gestor(1);
    storage->add_form(company.id(), {"visita", "1", "Visita", form_xml("1", "<old/>")}).value();
    storage->add_form(company.id(), {"visita", "2", "Visita", form_xml("2", "")}).value();
  }

  VisitFinished visit(std::uint32_t number, std::vector<FormAnswer> answers,
                      const std::string& version = "2") {
    VisitFinished made = sample_visit(numbered_id(7, number), case_id, kMorning + number * 1000);
    made.form_id = "visita";
    made.form_version = version;
    made.form_context.utc_offset_minutes = -360;
    made.answers = std::move(answers);
    return made;
  }
  void take(const VisitFinished& made, std::vector<Mark> marks = {}) {
    PreparedBatch batch = phone.batch({made});
    batch.entries[0].marks = std::move(marks);
    REQUIRE(apply(*storage, std::move(batch)).ok());
  }

  Result<std::uint64_t> write(AnswerExport wanted) {
    wanted.form_id = wanted.form_id.empty() ? "visita" : wanted.form_id;
    if (wanted.period.to_ms == 0) wanted.period.to_ms = kMorning * 2;
    return export_answers(*storage, forms, company.id(), wanted, folder.file("answers"));
  }
  std::string csv(AnswerExport wanted = {}) {
    wanted.format = AnswerExport::Format::Csv;
    write(wanted).value();
    std::ifstream file(folder.file("answers"), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// One part of the workbook as XML.
  std::string part(const std::string& name) {
    std::string content;
    unzFile zip = unzOpen(folder.file("answers").c_str());
    REQUIRE(zip != nullptr);
    if (unzLocateFile(zip, name.c_str(), 1) == UNZ_OK && unzOpenCurrentFile(zip) == UNZ_OK) {
      char buffer[4096];
      for (int count = 1; count > 0;) {
        count = unzReadCurrentFile(zip, buffer, sizeof buffer);
        if (count > 0) content.append(buffer, static_cast<std::size_t>(count));
      }
    }
    unzClose(zip);
    return content;
  }

  TempDir folder;
  std::unique_ptr<Storage> storage = open_sqlite_storage({.path = folder.file("terreno.db")});
  SampleCompany company{*storage, 1};
  FormCache forms{[this](const Uuid& tenant, std::string_view form, std::string_view version) {
    return storage->find_form(tenant, form, version);
  }};
  Uuid case_id = (company.add_gestor(2), company.add_case(1, 2));
  SamplePhone phone = company.enrol(2);
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a CSV has a column a question under path and label, and each visit a line") {
  ExportOffice office;
  VisitFinished visit = office.visit(1, {{"name", "Peña, \"Lupe\""},
                                         {"income", "1200.50"},
                                         {"born", "1980-02-29"},
                                         {"place", "19.4 -99.1 2240 8"},
                                         {"services", "agua luz"},
                                         {"homes[1]/street", "Juárez"}});
  EvidenceRef photo;
  photo.sha256 = sha256(as_bytes("photo"));
  photo.question_path = "photo";
  photo.media_type = "image/jpeg";
  visit.evidence = {photo};
  visit.answers.push_back({"photo", evidence_file_name(photo)});
  office.take(visit, {{"short_visit", "40 s"}, {"mock_fix", ""}});
  const std::string csv = office.csv();
  CHECK(csv.starts_with(
      "\xEF\xBB\xBFvisit_id,case_key,gestor,arrived_at,finished_at,utc_offset,form_version,verdict,"
      "phone_verdict,visit_outcome,marks,name,income,born,at,place_lat,place_lon,place_altitude,"
      "place_accuracy,services,photo,code,old,other_answers\r\n"));
  CHECK(has(csv, ",Nombre,Ingreso,Nació,Cuándo,Lugar – latitud,Lugar – longitud,"));
  CHECK(has(csv, "\r\n" + visit.visit_id.to_string() +
                     ",MX-1001,Gestor 2,2026-03-12T09:50:01-06:00,2026-03-12T10:00:01-06:00,UTC-06:00,2,"));
  CHECK(has(
      csv,
      ",nobody_in,short_visit (40 s); mock_fix,\"Peña, \"\"Lupe\"\"\",1200.50,1980-02-29,,19.4,-99.1,2240,8,"
      "agua luz," +
          to_hex(photo.sha256) + ".jpg,"));
  AnswerExport english;
  english.head = TableHead::Label;
  english.language = Language::English;
  english.form_language = "en";
  CHECK(office.csv(english).starts_with("\xEF\xBB\xBFVisit,Case,Gestor,"));
  CHECK(has(office.csv(english), ",Name,Ingreso,"));
}

TEST_CASE("no text becomes a formula, and negative numbers stay numbers") {
  ExportOffice office;
  office.take(office.visit(1, {{"name", "=HYPERLINK(\"http://x\")"}, {"income", "-5"}}));
  office.take(office.visit(2, {{"name", "+52 55"}, {"income", "@SUM(A1)"}}));
  const std::string csv = office.csv();
  CHECK(has(csv, ",\"'=HYPERLINK(\"\"http://x\"\")\",-5,"));
  CHECK(has(csv, ",'+52 55,'@SUM(A1),"));
  office.write({}).value();
  const std::string sheet = office.part("xl/worksheets/sheet1.xml");
  CHECK(has(sheet, "=HYPERLINK(&quot;http://x&quot;)") + has(sheet, "=HYPERLINK(\"http://x\")") == 1);
  CHECK_FALSE(has(sheet, "<f>"));
}

TEST_CASE("a workbook holds numbers as numbers, dates as dates, and each repeat as a sheet") {
  ExportOffice office;
  office.take(office.visit(1, {{"name", "Lupe"},
                               {"income", "1200.5"},
                               {"born", "1980-02-29"},
                               {"at", "2026-03-12T10:30:00.000-06:00"},
                               {"code", "007"},
                               {"homes[1]/street", "Juárez"},
                               {"homes[1]/people[1]/age", "40"},
                               {"homes[1]/people[2]", ""},
                               {"homes[2]/street", "Madero"}}));
  CHECK(office.write({}).value() == 1);
  const std::string sheet = office.part("xl/worksheets/sheet1.xml");
  CHECK(has(sheet, "<v>1200.5</v>"));
  CHECK(has(sheet, "<v>29280</v>"));        // 1980-02-29
  CHECK(has(sheet, "<v>46093.4375</v>"));   // 2026-03-12 10:30
  CHECK(has(sheet, "<v>46093.416678240"));  // finished 10:00:01, local time
  CHECK(has(sheet, "<t>007</t>"));
  const std::string book = office.part("xl/workbook.xml");
  CHECK(has(book, "name=\"Visitas\""));
  CHECK(has(book, "name=\"homes\""));
  CHECK(has(book, "name=\"homes_people\""));
  const std::string homes = office.part("xl/worksheets/sheet2.xml");
  CHECK(has(homes, "<t>homes[1]</t>"));
  CHECK(has(homes, "<t>Madero</t>"));
  const std::string people = office.part("xl/worksheets/sheet3.xml");
  CHECK(has(people, "<t>homes[1]/people[1]</t>"));
  CHECK_MESSAGE(has(people, "<t>homes[1]/people[2]</t>"), "an instance without an answer counts");
  CHECK(has(people, "<v>40</v>"));
}

TEST_CASE("a repeat comes as a CSV of its own, and one that the form lacks is refused") {
  ExportOffice office;
  office.take(office.visit(1, {{"homes[1]/street", "Juárez"}, {"homes[1]/people[1]/age", "40"}}));
  AnswerExport wanted;
  wanted.repeat = "homes/people";
  wanted.head = TableHead::Path;
  CHECK(office.csv(wanted) == "\xEF\xBB\xBFvisit_id,instance,parent,homes/people/age\r\n" +
                                  numbered_id(7, 1).to_string() + ",homes[1]/people[1],homes[1],40\r\n");
  wanted.repeat = "cars";
  CHECK(office.write(wanted).error().code == ErrorCode::NotFound);
}

TEST_CASE("versions are merged by path or come alone, and what no version knows is not lost") {
  ExportOffice office;
  office.take(office.visit(1, {{"name", "Ana"}, {"old", "before"}}, "1"));
  office.take(office.visit(2, {{"name", "Eva"}, {"stray[1]/x", "kept"}}, "2"));
  office.take(office.visit(3, {{"name", "Zoe"}}, "9"));
  const std::string all = office.csv();
  CHECK(has(all, ",Ana,"));
  CHECK(has(all, ",before,"));
  CHECK(has(all, ",stray[1]/x=kept\r\n"));
  CHECK_MESSAGE(has(all, ",Zoe,"), "a version that never came is read by the others' paths");
  AnswerExport second;
  second.version = "2";
  CHECK_FALSE(has(office.csv(second), "Ana"));
  second.version = "9";
  CHECK(office.write(second).error().code == ErrorCode::NotFound);
  AnswerExport other;
  other.form_id = "nada";
  CHECK(office.write(other).error().code == ErrorCode::NotFound);
}

TEST_CASE("choices of several can have a column each") {
  ExportOffice office;
  office.take(office.visit(1, {{"services", "luz agua"}}));
  office.take(office.visit(2, {{"services", "luz"}}));
  AnswerExport wanted;
  wanted.split_choices = true;
  wanted.head = TableHead::Path;
  const std::string csv = office.csv(wanted);
  CHECK(has(csv, ",services,services/agua,services/luz,"));
  CHECK(has(csv, ",luz agua,1,1,"));
  CHECK(has(csv, ",luz,0,1,"));
}

TEST_CASE("only visits of the period are in the table") {
  ExportOffice office;
  for (std::uint32_t i = 1; i <= 5; ++i) office.take(office.visit(i, {{"name", "n" + std::to_string(i)}}));
  AnswerExport wanted;
  wanted.period = {kMorning + 2000, kMorning + 4000};
  CHECK(office.write(wanted).value() == 2);
  const std::string csv = office.csv(wanted);
  CHECK(has(csv, ",n2,"));
  CHECK(has(csv, ",n3,"));
  CHECK_FALSE(has(csv, ",n4,"));
}
