#include "server/domain/case_import.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace terreno;
using namespace terreno::server;

namespace {

ImportWorld mexico() {
  ImportWorld world;
  world.is_gestor = [](std::string_view login) { return login == "ines"; };
  world.is_form = [](std::string_view form) { return form == "visita_cobranza"; };
  world.utc_offset_minutes = -360;
  return world;
}

CaseTable read(std::string_view csv, Language language = Language::Spanish) {
  return read_cases_csv(csv, mexico(), language);
}

const std::string kHeading = "key,purpose,name,address,lat,lon,due,gestor,data.balance\n";
const std::string kNoteHeading = "key,purpose,name,address,lat,lon,due,gestor,note\n";

}  // namespace

TEST_CASE("a good file becomes cases, whatever separator, headings and byte-order mark it has") {
  const CaseTable commas =
      read(kHeading + "C-1,collection,Ana Ruiz,\"Calle 1, int. 2\",20.5,-100.25,2026-03-31,ines,1200.50\r\n");
  const CaseTable semicolons = read(
      "\xEF\xBB\xBF"
      "Clave;Propósito;Nombre;Dirección;Latitud;Longitud;Vence;Gestor;Dato.Balance\n"
      "C-1;Cobranza;Ana Ruiz;Calle 1, int. 2;20.5;-100.25;2026-03-31;Ines;1200.50\n");
  for (const CaseTable& table : {commas, semicolons}) {
    REQUIRE(table.problems.empty());
    REQUIRE(table.cases.size() == 1);
    const Case& item = table.cases[0].item;
    CHECK(item.key == "C-1");
    CHECK(item.place.address == "Calle 1, int. 2");
    CHECK(item.place.fence.centre == GeoPoint{20.5, -100.25});
    CHECK(item.form_id == "visita_cobranza");
    CHECK(item.data.at("balance") == "1200.50");
    CHECK(table.cases[0].gestor_login == "ines");
    CHECK(*item.due_at_ms == 1'775'023'199'999);  // 2026-03-31 23:59:59.999 at UTC-6
  }
}

TEST_CASE("five kinds of mistakes give five clear lines in one go") {
  const CaseTable table = read(kHeading +
                               "C-1,collection,Ana,Calle 1,20.5,-100.25,2026-03-31,ines,1\n"
                               "C-2,cobro,Ana,Calle 1,20.5,-100.25,,,\n"
                               "C-3,collection,Ana,Calle 1,\"20,5\",-100.25,,,\n"
                               "C-1,collection,Ana,Calle 1,20.5,-100.25,,,\n"
                               "C-5,collection,Ana,Calle 1,20.5,-190,,,\n"
                               "C-6,collection,Ana,Calle 1,20.5,-100.25,31/03/2026,,\n");
  REQUIRE(table.problems.size() == 5);
  CHECK(table.bad_lines == 5);
  CHECK(table.cases.size() == 1);
  const auto is = [&table](std::size_t i, std::uint32_t line, std::string_view column,
                           std::string_view part) {
    const ImportProblem& problem = table.problems[i];
    CHECK(problem.line == line);
    CHECK(problem.column == column);
    CHECK_MESSAGE(problem.reason.find(part) != std::string::npos, problem.reason);
  };
  is(0, 3, "purpose", "cobranza, validación");
  is(1, 4, "lat", "20.5");
  is(2, 5, "key", "línea 2");
  is(3, 6, "lon", "-180");
  is(4, 7, "due", "2026-03-31");
}

TEST_CASE("one line with several mistakes tells each of them") {
  const CaseTable table = read(kHeading + ",x,,,a,b,c,nadie,\n");
  CHECK(table.problems.size() == 8);
  CHECK(table.bad_lines == 1);
}

TEST_CASE("Latin-1 is refused with the line, the place and what to do") {
  const CaseTable table = read(kHeading + "C-1,collection,Jos\xE9,Calle 1,20.5,-100.25,,,\n");
  CHECK(table.unreadable);
  REQUIRE(table.problems.size() == 1);
  CHECK(table.problems[0].line == 2);
  CHECK(table.problems[0].reason.find("UTF-8") != std::string::npos);
  CHECK(table.problems[0].reason.find("19") != std::string::npos);
}

TEST_CASE("headings that are missing, unknown or doubled make the file unreadable and are all named") {
  const CaseTable table = read("key,key,purpose,name,address,lat,color\nC-1,C-1,collection,A,B,1,rojo\n");
  CHECK(table.unreadable);
  CHECK(table.cases.empty());
  REQUIRE(table.problems.size() == 3);
  CHECK(table.problems[0].column == "key");
  CHECK(table.problems[1].column == "color");
  CHECK(table.problems[2].column == "lon");
}

TEST_CASE("a quote that never closes makes the file unreadable and is reported where it opens") {
  const CaseTable table = read(kNoteHeading +
                               "C-1,collection,Ana,Calle 1,20.5,-100.25,,ines,\n"
                               "C-2,collection,Ana,Calle 1,20.5,-100.25,,ines,\"llamar antes\n"
                               "C-3,collection,Ana,Calle 1,20.5,-100.25,,ines,\n");
  CHECK_MESSAGE(table.unreadable, "the lines that the quote swallows must not vanish with the others taken");
  CHECK(table.cases.empty());
  REQUIRE(table.problems.size() == 1);
  CHECK(table.problems[0].line == 3);
}

TEST_CASE("a quote that closes in another line's text is told with the lines that it swallowed") {
  const CaseTable table = read(kNoteHeading +
                               "C-1,collection,Ana,Calle 1,20.5,-100.25,,ines,\"llamar antes\n"
                               "C-2,collection,Ana,Calle 1,20.5,-100.25,,ines,\n"
                               "C-3,collection,Ana,Calle 1,20.5,-100.25,,ines,\"perro\"\n"
                               "C-4,collection,Ana,Calle 1,20.5,-100.25,,ines,\"dice \"\"sí\"\"\"\n");
  CHECK_FALSE(table.unreadable);
  REQUIRE(table.problems.size() == 1);
  CHECK(table.problems[0].line == 2);
  CHECK_MESSAGE(table.problems[0].reason.find("4") != std::string::npos, table.problems[0].reason);
  CHECK(table.bad_lines == 3);
  REQUIRE(table.cases.size() == 1);
  CHECK(table.cases[0].item.note == "dice \"sí\"");
}

TEST_CASE("quotes inside a quoted text that are not doubled make that line bad, and no other") {
  const CaseTable table = read(kNoteHeading +
                               "C-1,collection,Ana,Calle 1,20.5,-100.25,,ines,\"casa \"azul\"\"\n"
                               "C-2,collection,Ana,Calle 1,20.5,-100.25,,ines,casa \"azul\"\n");
  CHECK(table.bad_lines == 1);
  REQUIRE(table.cases.size() == 1);
  CHECK(table.cases[0].item.note == "casa \"azul\"");
}

TEST_CASE("a quoted line break keeps the line count of the spreadsheet") {
  const CaseTable table = read(kHeading +
                               "C-1,collection,Ana,\"Calle 1\nint. 2\",20.5,-100.25,,,\n"
                               "C-2,nada,Ana,Calle,20.5,-100.25,,,\n");
  REQUIRE(table.problems.size() == 1);
  CHECK(table.problems[0].line == 4);
}

TEST_CASE("a file with thousands of mistakes tells the first thousand and counts them all") {
  std::string csv = kHeading;
  for (int i = 0; i < 3000; ++i) csv += "C-" + std::to_string(i) + ",cobro,Ana,Calle,20.5,-100.25,,,\n";
  const CaseTable table = read(csv);
  CHECK(table.problems.size() == kMaxImportProblems);
  CHECK(table.problem_count == 3000);
  CHECK(table.bad_lines == 3000);
  const CaseTable open = read(csv + "C,collection,\"Ana,Calle,20.5,-100.25,,,\n");
  CHECK(open.unreadable);
  CHECK_MESSAGE(open.problems.back().line == 3002, "why nothing can be read is told whatever came before");
}

TEST_CASE("lengths are counted in characters, as people count them") {
  std::string accents;
  for (int i = 0; i < 390; ++i) accents += "ñ";
  CHECK(read(kHeading + "C-1,collection," + accents + ",Calle,20.5,-100.25,,,\n").problems.empty());
  CHECK_FALSE(
      read(kHeading + "C-1,collection," + accents + "ñññññññññññ,Calle,20.5,-100.25,,,\n").problems.empty());
}

TEST_CASE("reasons come in the reader's language") {
  const std::string bad = kHeading + "C-1,collection,,Calle,20.5,-100.25,,,\n";
  CHECK(read(bad, Language::English).problems[0].reason == "This value is missing.");
  CHECK(read(bad, Language::Portuguese).problems[0].reason == "Falta este dado.");
}

TEST_CASE("any bytes at all are answered with cases or problems") {
  std::mt19937 random(11);
  const std::string good =
      kHeading + "C-1,collection,Ana,\"Calle \"\"1\"\"\",20.5,-100.25,2026-03-31,ines,1\n";
  for (int round = 0; round < 3000; ++round) {
    std::string broken = good;
    for (int i = 0; i < 4; ++i) broken[random() % broken.size()] = static_cast<char>(random());
    const CaseTable table = read(broken);
    CHECK((!table.cases.empty() || !table.problems.empty()));
  }
}
