// What an author of questionnaires meets: all mistakes at once with their cells, in three languages, whatever
// kind of file the form is in; and forms that go out as submissions and come back.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "core/forms/form_file.hpp"
#include "core/forms/form_session.hpp"
#include "core/forms/submission.hpp"
#include "core/forms/xlsform.hpp"
#include "tests/unit/forms/workbook_maker.hpp"

namespace {

using namespace terreno;
using namespace terreno::forms;
using terreno::test::make_workbook;
using terreno::test::table;

XlsFormResult converted(ByteView file, Language language = Language::English) {
  XlsFormOptions options;
  options.language = language;
  options.form_id = "form";
  return convert_xlsform(file, options);
}

/// "survey C4 xlsform.name_taken" for each error.
std::vector<std::string> errors_of(const XlsFormResult& result) {
  std::vector<std::string> errors;
  for (const FormIssue& issue : result.issues) {
    if (issue.error) errors.push_back(issue.sheet + " " + issue.cell + " " + issue.code);
  }
  return errors;
}

const char* const kTenMistakes = R"(
  type | name | label | relevant | constraint | calculation | parameters | repeat_count
  integr | a | A | | | | |
  text | b b | B | | | | |
  text | c | C | ${nobody} = 1 | | | |
  integer | d | D | | . > and 3 | | |
  calculate | e | | | | explode(1) | |
  select_one missing | f | F | | | | |
  text | c | Again | | | | |
  range | g | G | | | | start=0 end=10 step=0 |
  text | h | | | | | |
  text | i | I | | | | rows=many |
  begin group | open | Open | | | | |)";

Bytes mistaken_workbook() {
  return make_workbook({{"survey", table(kTenMistakes)},
                        {"choices", table("list_name | name | label\n yn | y | Yes")},
                        {"settings", table("form_id | version\n ten | 1")}});
}

}  // namespace

TEST_CASE("a form with eleven kinds of mistakes gives eleven errors, each with its cell") {
  const XlsFormResult result = converted(mistaken_workbook());
  CHECK(errors_of(result) ==
        std::vector<std::string>{"survey A2 xlsform.type_unknown_near", "survey B3 xlsform.name_broken",
                                 "survey D4 xlsform.reference_unknown", "survey E5 xlsform.expression_broken",
                                 "survey F6 xlsform.expression_fault", "survey A7 xlsform.list_unknown",
                                 "survey B8 xlsform.name_taken", "survey G9 xlsform.range_zero",
                                 "survey C10 xlsform.label_missing",
                                 "survey G11 xlsform.parameter_whole_number",
                                 "survey A12 xlsform.block_not_closed"});
  CHECK(result.xform_xml.empty());
}

TEST_CASE("the same mistakes are told in Spanish and Portuguese") {
  const auto english = converted(mistaken_workbook(), Language::English);
  const auto spanish = converted(mistaken_workbook(), Language::Spanish);
  const auto portuguese = converted(mistaken_workbook(), Language::Portuguese);
  REQUIRE(spanish.issues.size() == english.issues.size());
  REQUIRE(portuguese.issues.size() == english.issues.size());
  for (std::size_t i = 0; i < english.issues.size(); ++i) {
    CHECK(spanish.issues[i].code == english.issues[i].code);
    CHECK(spanish.issues[i].message != english.issues[i].message);
    CHECK(portuguese.issues[i].message != spanish.issues[i].message);
  }
}

TEST_CASE("a form is the same from a workbook, from Markdown and from CSV") {
  const Bytes workbook = make_workbook(
      {{"survey", table("type | name | label\n select_one yn | q | Is it \"here\"?\n text | t | A, b")},
       {"choices", table("list_name | name | label\n yn | y | Yes\n yn | n | No")}});
  const std::string markdown = R"(
    # A remark
    | survey |               |      |                 |
    |        | type          | name | label           |
    |        | select_one yn | q    | Is it "here"?   |
    |        | text          | t    | A, b            |
    | choices |              |      |                 |
    |        | list_name     | name | label           |
    |        | yn            | y    | Yes             |
    |        | yn            | n    | No              |)";
  const std::string csv =
      "survey\n,type,name,label\n,select_one yn,q,\"Is it \"\"here\"\"?\"\n,text,t,\"A, b\"\n"
      "choices\n,list_name,name,label\n,yn,y,Yes\n,yn,n,No\n";
  const XlsFormResult from_workbook = converted(workbook);
  REQUIRE(from_workbook.ok());
  CHECK(converted(as_bytes(markdown)).xform_xml == from_workbook.xform_xml);
  CHECK(converted(as_bytes(csv)).xform_xml == from_workbook.xform_xml);
}

TEST_CASE("a bar inside a cell of a Markdown table is written with a backslash") {
  const auto sheets = read_markdown_sheets("| survey | | |\n| | type | name |\n| | text | a \\| b |");
  REQUIRE(sheets.ok());
  CHECK(sheets->at(0).rows.at(1).cells.at(1).text == "a | b");
}

TEST_CASE("tables of text beyond the limits are refused") {
  std::string text = "| survey | a | b |\n";
  for (int i = 0; i < 21'000; ++i) text += "| | text | x |\n";
  CHECK(!read_markdown_sheets(text).ok());
  std::string wide = "survey\n";
  for (int i = 0; i < 1000; ++i) wide += ",x";
  CHECK(!read_csv_sheets(wide).ok());
}

TEST_CASE("an old workbook that is damaged is refused with words") {
  std::string broken = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
  broken.resize(4096, 'x');
  const XlsFormResult result = converted(as_bytes(broken));
  REQUIRE(result.issues.size() == 1);
  CHECK(result.issues[0].message.find(".xls") != std::string::npos);
}

namespace {

std::shared_ptr<const CompiledForm> form_with_repeats() {
  const XlsFormResult result = converted(as_bytes(std::string(R"(
    | survey |                 |        |        |             |
    |        | type            | name   | label  | calculation |
    |        | text            | holder | Holder |             |
    |        | begin_repeat    | debt   | Debt   |             |
    |        | integer         | owed   | Owed   |             |
    |        | begin_repeat    | pay    | Paid   |             |
    |        | integer         | sum    | Sum    |             |
    |        | end_repeat      |        |        |             |
    |        | calculate       | rest   |        | ${owed} - sum(${sum}) |
    |        | end_repeat      |        |        |             |
    |        | begin_group     | end    | End    |             |
    |        | select_multiple yn | why | Why    |             |
    |        | end_group       |        |        |             |
    | choices |                |        |        |             |
    |        | list_name       | name   | label  |             |
    |        | yn              | y      | Yes    |             |
    |        | yn              | n      | No     |             |)")));
  for (const FormIssue& issue : result.issues) CHECK_MESSAGE(!issue.error, issue.message);
  return compile_xform(result.xform_xml).value();
}

FormContext context_of(std::uint64_t seed) {
  FormContext context;
  context.now_ms = 1'795'284'000'000;
  context.random_seed = seed;
  return context;
}

void fill_by_chance(FormSession& session, std::mt19937& random) {
  static const std::vector<std::string> kTexts{"Luz", "a < b & \"c\"", "  two  spaces ", "línea", "0"};
  for (int round = 0; round < 4; ++round) {
    for (const QuestionView& view : session.questions("")) {
      if (view.can_add && random() % 3 == 0)
        (void)session.add_repeat(view.path.substr(0, view.path.rfind('[')));
      if (view.type == "text") (void)session.answer(view.path, kTexts[random() % kTexts.size()]);
      if (view.type == "integer") (void)session.answer(view.path, std::to_string(random() % 500));
      if (view.type == "select_multiple") (void)session.answer(view.path, random() % 2 == 0 ? "y n" : "n");
    }
  }
}

}  // namespace

TEST_CASE("a filled form goes out as a submission and comes back the same") {
  const auto form = form_with_repeats();
  std::mt19937 random(11);
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    FormSession session(form, context_of(seed));
    fill_by_chance(session, random);
    const std::string sent = write_submission(session);
    const auto inputs = read_submission(*form, sent);
    REQUIRE(inputs.ok());
    FormSession again(form, context_of(seed));
    REQUIRE(again.restore(*inputs).ok());
    REQUIRE(again.answers() == session.answers());
    REQUIRE(write_submission(again) == sent);
  }
}

TEST_CASE("a submission of another form, and what is no submission, is refused") {
  const auto form = form_with_repeats();
  CHECK(!read_submission(*form, "<data id=\"other\"/>").ok());
  CHECK(!read_submission(*form, "<root id=\"form\"/>").ok());
  CHECK(!read_submission(*form, "<data").ok());
  CHECK(read_submission(*form, "<data id=\"form\"><gone>1</gone></data>")->empty());
}
