#include "core/forms/xlsform.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/forms/form_session.hpp"
#include "core/forms/limits.hpp"
#include "core/forms/xlsx_reader.hpp"
#include "tests/unit/forms/workbook_maker.hpp"

namespace {

using namespace terreno;
using namespace terreno::forms;
using terreno::test::make_workbook;
using terreno::test::make_zip;
using terreno::test::table;

const std::string kSettings = "form_title | form_id | version\n Test | test | 1";

XlsFormResult in_english(ByteView file) {
  XlsFormOptions options;
  options.language = Language::English;
  return convert_xlsform(file, options);
}

XlsFormResult converted(std::string_view survey, std::string_view choices = "list_name | name | label",
                        std::string_view settings = kSettings) {
  return in_english(
      make_workbook({{"survey", table(survey)}, {"choices", table(choices)}, {"settings", table(settings)}}));
}

/// The only error of a conversion that must have exactly one.
FormIssue only_error(const XlsFormResult& result) {
  std::vector<FormIssue> errors;
  std::copy_if(result.issues.begin(), result.issues.end(), std::back_inserter(errors),
               [](const FormIssue& i) { return i.error; });
  for (const FormIssue& issue : errors) CAPTURE(issue.message);
  REQUIRE(errors.size() == 1);
  CHECK(!result.ok());
  CHECK(result.xform_xml.empty());
  return errors.front();
}

bool says(const FormIssue& issue, std::string_view words) {
  return issue.message.find(words) != std::string::npos;
}

FormSession session_of(const XlsFormResult& result) {
  for (const FormIssue& issue : result.issues) CHECK_MESSAGE(!issue.error, issue.message);
  auto form = compile_xform(result.xform_xml);
  if (!form) FAIL(form.error().message);
  FormContext context;
  context.prefill = {{"name", "Luz"}};
  return FormSession(*form, context);
}

std::string value_of(const FormSession& session, const std::string& path) {
  for (const Answer& answer : session.answers()) {
    if (answer.path == path) return answer.value;
  }
  return "";
}

}  // namespace

TEST_CASE("a small form becomes questions that work") {
  FormSession session = session_of(converted(R"(
      type | name | label | required | relevant | constraint | constraint_message | calculation | default
      calculate | holder | | | | | | instance('case')/root/name |
      integer | age | Age of ${holder} | yes | | . >= 18 | Adults only | |
      select_one yn | works | Works? | | ${age} < 65 | | | | no
      begin group | job | Job | | ${works} = 'yes' | | | |
      decimal | pay | Pay | | | | | |
      calculate | year | | | | | | ${pay} * 12 |
      end group | | | | | | | |)",
                                             "list_name | name | label\n yn | yes | Yes\n yn | no | No"));
  auto views = session.questions("");
  CHECK(views[0].label == "Age of Luz");
  CHECK(views[0].required);
  CHECK(session.answer("age", "17").error().message == "Adults only");
  REQUIRE(session.answer("age", "30").ok());
  CHECK(value_of(session, "works") == "no");
  REQUIRE(session.answer("works", "yes").ok());
  REQUIRE(session.answer("job/pay", "100.5").ok());
  CHECK(value_of(session, "job/year") == "1206");
  REQUIRE(session.answer("age", "70").ok());
  CHECK(value_of(session, "job/year").empty());
}

TEST_CASE("references inside a repeat mean the same instance") {
  FormSession session = session_of(
      converted(R"(
      type | name | label | calculation | repeat_count | choice_filter
      integer | n | How many? | | |
      begin repeat | debt | Debt | | ${n} + 1 |
      decimal | owed | Owed | | |
      decimal | paid | Paid | | |
      calculate | rest | | ${owed} - ${paid} | |
      select_one kind | kind | Kind | | | least <= ${owed}
      end repeat | | | | |
      calculate | total | | sum(${rest}) | |)",
                "list_name | name | label | least\n kind | small | Small | 0\n kind | large | Large | 100"));
  REQUIRE(session.answer("n", "1").ok());
  REQUIRE(session.answer("debt[1]/owed", "50").ok());
  REQUIRE(session.answer("debt[1]/paid", "20").ok());
  REQUIRE(session.answer("debt[2]/owed", "200").ok());
  REQUIRE(session.answer("debt[2]/paid", "0").ok());
  CHECK(value_of(session, "debt[1]/rest") == "30");
  CHECK(value_of(session, "total") == "230");
  CHECK(!session.answer("debt[1]/kind", "large").ok());
  CHECK(session.answer("debt[2]/kind", "large").ok());
}

TEST_CASE("a default that is computed and a trigger that recomputes on an answer") {
  FormSession session = session_of(converted(R"(
      type | name | label | default | calculation | trigger
      text | who | Who | instance('case')/root/name | |
      text | day | Day | concat('a', 'b') | |
      calculate | stamp | | | concat(${who}, '!') | ${day})"));
  CHECK(value_of(session, "day") == "ab");
  CHECK(value_of(session, "stamp").empty());
  REQUIRE(session.answer("day", "x").ok());
  CHECK(value_of(session, "stamp").ends_with("!"));
}

TEST_CASE("an unknown type is named with the one that was meant") {
  const FormIssue issue = only_error(converted("type | name | label\n text | a | A\n integr | b | B"));
  CHECK(issue.sheet == "survey");
  CHECK(issue.row == 3);
  CHECK(issue.column == "type");
  CHECK(says(issue, "'integr'"));
  CHECK(says(issue, "'integer'"));
}

TEST_CASE("an unknown column is a warning that names the likely one") {
  const XlsFormResult result = converted("type | name | label | relevent\n text | a | A | true()");
  REQUIRE(result.ok());
  REQUIRE(result.issues.size() == 1);
  CHECK(result.issues[0].column == "relevent");
  CHECK(says(result.issues[0], "'relevant'"));
}

TEST_CASE("a reference to no question is found where it stands") {
  const FormIssue issue = only_error(
      converted("type | name | label | relevant\n text | income | A |\n text | b | B | ${incme} > 3"));
  CHECK(issue.row == 3);
  CHECK(issue.column == "relevant");
  CHECK(says(issue, "${income}"));
}

TEST_CASE("a broken expression is found where it stands") {
  const FormIssue issue =
      only_error(converted("type | name | label | constraint\n integer | a | A | . > and 3"));
  CHECK(issue.row == 2);
  CHECK(issue.column == "constraint");
  CHECK(says(issue, ". > and 3"));
}

TEST_CASE("an unknown function or a wrong number of arguments is found where it stands") {
  CHECK(says(only_error(converted("type | name | label | calculation\n calculate | a | | explode(1)")),
             "explode()"));
  CHECK(says(only_error(converted("type | name | label | calculation\n calculate | a | | if(1, 2)")),
             "3 arguments"));
}

TEST_CASE("groups that do not close or close nothing are found") {
  CHECK(only_error(converted("type | name | label\n begin group | g | G\n text | a | A")).row == 2);
  CHECK(only_error(converted("type | name | label\n text | a | A\n end_group | |")).row == 3);
  CHECK(
      says(only_error(converted("type | name | label\n begin_repeat | r | R\n text | a | A\n end_group | |")),
           "end_repeat"));
}

TEST_CASE("names must be names and differ inside a group") {
  CHECK(says(only_error(converted("type | name | label\n text | first name | A")), "no spaces"));
  CHECK(only_error(converted("type | name | label\n text | a | A\n text | a | B")).row == 3);
}

TEST_CASE("a list that is missing or a choice that stands twice is found") {
  CHECK(says(only_error(converted("type | name | label\n select_one yess | a | A",
                                  "list_name | name | label\n yes | y | Y")),
             "'yes'"));
  const FormIssue twice = only_error(converted("type | name | label\n select_one l | a | A",
                                               "list_name | name | label\n l | y | Y\n l | y | Z"));
  CHECK(twice.sheet == "choices");
  CHECK(twice.row == 3);
}

TEST_CASE("every issue is reported at once") {
  const XlsFormResult result = converted(
      "type | name | label | relevant\n txt | a | A |\n text | b b | B |\n text | c | C | ${zz}\n integer | "
      "d | D | (1");
  CHECK(std::count_if(result.issues.begin(), result.issues.end(),
                      [](const FormIssue& i) { return i.error; }) == 4);
}

TEST_CASE("calculations in a circle are an issue of the survey") {
  const FormIssue issue = only_error(converted(
      "type | name | label | calculation\n calculate | a | | ${b} + 1\n calculate | b | | ${a} + 1"));
  CHECK(issue.sheet == "survey");
  CHECK(says(issue, "circle"));
}

TEST_CASE("settings must give an id") {
  CHECK(only_error(
            converted("type | name | label\n text | a | A", "list_name | name | label", "form_title\n T"))
            .column == "form_id");
}

TEST_CASE("texts in several languages reach the screen, and a missing one is warned about") {
  const XlsFormResult result = converted(
      "type | name | label::Español (es) | label::English (en)\n text | a | Nombre | Name\n text | b | Edad "
      "|");
  REQUIRE(result.ok());
  CHECK(result.issues.size() == 1);
  CHECK(result.issues[0].row == 3);
  FormSession session = session_of(result);
  CHECK(session.questions("en")[0].label == "Name");
  CHECK(session.questions("es")[0].label == "Nombre");
  CHECK(session.questions("en")[1].label == "Edad");
}

TEST_CASE("types of the field become what a screen understands") {
  FormSession session = session_of(converted(R"(
      type | name | label | appearance | parameters
      image | sig | Sign | signature |
      image | photo | Photo | | max-pixels=1600
      range | score | Score | | start=0 end=10 step=1
      barcode | code | Code | |
      acknowledge | ok | OK | |
      geopoint | pin | Pin | |
      note | words | Words | |
      audio | voice | Voice | |)"));
  const auto views = session.questions("");
  CHECK(views[0].type == "image");
  CHECK(views[0].appearance == "signature");
  CHECK(views[1].parameters == std::vector<std::pair<std::string, std::string>>{{"max-pixels", "1600"}});
  CHECK(views[2].type == "range");
  CHECK(views[3].type == "barcode");
  CHECK(views[4].type == "acknowledge");
  CHECK(views[5].type == "geopoint");
  CHECK(views[6].type == "note");
  CHECK(views[7].type == "audio");
  CHECK(!session.answer("pin", "here").ok());
  CHECK(session.answer("pin", "19.43 -99.13 0 5").ok());
}

TEST_CASE("bytes that are no workbook are refused with words") {
  CHECK(says(only_error(in_english(as_bytes("hello"))), "zip"));
  CHECK(says(only_error(in_english(make_zip({{"a.txt", "x"}}))), "workbook.xml"));
}

TEST_CASE("a sheet beyond its limits is refused before it fills the memory") {
  std::string rows;
  for (std::size_t i = 0; i < kMaxSheetRows + 10; ++i)
    rows += "<row><c t=\"inlineStr\"><is><t>x</t></is></c></row>";
  const Bytes file =
      make_zip({{"xl/workbook.xml",
                 "<workbook xmlns:r=\"r\"><sheets><sheet name=\"survey\" r:id=\"a\"/></sheets></workbook>"},
                {"xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"a\" Target=\"s.xml\"/></R>"},
                {"xl/s.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}});
  CHECK(says(only_error(in_english(file)), "rows"));
}

TEST_CASE("numbers, shared strings and rich text are read as Excel shows them") {
  const Bytes file = make_zip(
      {{"xl/workbook.xml",
        "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Survey\" r:id=\"a\"/></sheets></workbook>"},
       {"xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"a\" Target=\"/xl/s.xml\"/></R>"},
       {"xl/sharedStrings.xml", "<sst><si><t>one</t></si><si><r><t>t</t></r><r><t>wo</t></r></si></sst>"},
       {"xl/s.xml",
        R"(<worksheet><sheetData><row r="4"><c r="B4" t="s"><v>1</v></c><c r="D4"><v>5.0</v></c><c r="AA4" t="b"><v>1</v></c></row></sheetData></worksheet>)"}});
  const auto sheets = read_xlsx(file);
  REQUIRE(sheets.ok());
  REQUIRE((*sheets)[0].rows.size() == 1);
  const SheetRow& row = (*sheets)[0].rows[0];
  CHECK(row.number == 4);
  REQUIRE(row.cells.size() == 3);
  CHECK(row.cells[0].column == 1);
  CHECK(row.cells[0].text == "two");
  CHECK(row.cells[1].text == "5");
  CHECK(row.cells[2].column == 26);
  CHECK(row.cells[2].text == "TRUE");
}

TEST_CASE("a repeat begins with one instance, as in the other tools of the field") {
  FormSession session = session_of(
      converted("type | name | label\n begin repeat | debt | Debt\n decimal | owed | Owed\n end repeat | |"));
  CHECK(session.answer("debt[1]/owed", "5").ok());
  CHECK(session.add_repeat("debt").value() == "debt[2]");
}

TEST_CASE("groups inside groups have a limit") {
  std::string survey = "type | name | label\n";
  for (int i = 0; i < 5000; ++i) survey += "begin group | g" + std::to_string(i) + " | G\n";
  CHECK(!converted(survey).ok());
}
