// Whatever bytes come, the engine answers; the sanitizer builds of this test are what it is for.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "core/forms/form_session.hpp"
#include "core/forms/pattern.hpp"
#include "core/forms/recheck.hpp"
#include "core/forms/submission.hpp"
#include "core/forms/xlsform.hpp"
#include "tests/conformance/document_host.hpp"
#include "tests/unit/forms/workbook_maker.hpp"

namespace {

using namespace terreno;
using namespace terreno::forms;

std::string shipped_workbook() {
  std::ifstream in(std::string(TERRENO_SOURCE_DIR) + "/schema/forms/visita_cobranza.xlsx", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Rounds of a fuzzing test; TERRENO_FUZZ_ROUNDS=100 in the environment makes it a hundred times as long.
int rounds(int usual) {
  const char* const factor = std::getenv("TERRENO_FUZZ_ROUNDS");
  return factor == nullptr ? usual : usual * std::max(1, std::atoi(factor));
}

/// Changes, cuts, doubles or inserts a few bytes.
std::string mutated(std::string text, std::mt19937& random, std::string_view letters) {
  auto below = [&random](std::size_t end) { return end == 0 ? 0 : random() % end; };
  for (std::size_t i = 1 + below(4); i > 0; --i) {
    const std::size_t at = below(text.size());
    switch (below(5)) {
      case 0:
        if (!text.empty()) text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, below(20));
        break;
      case 2:
        text.insert(at, text.substr(below(text.size()), below(40)));
        break;
      case 3:
        text.insert(at, 1, letters[below(letters.size())]);
        break;
      default:
        if (!text.empty()) text[at] = letters[below(letters.size())];
    }
  }
  return text;
}

void use(const std::shared_ptr<const CompiledForm>& form, std::mt19937& random) {
  FormContext context;
  context.now_ms = 1'795'284'000'000;
  FormSession session(form, context);
  for (int round = 0; round < 3; ++round) {
    for (const QuestionView& view : session.questions("en")) {
      const std::string value = view.choices.empty() ? std::to_string(random() % 50)
                                                     : view.choices[random() % view.choices.size()].value;
      (void)session.answer(view.path, value);
      if (view.can_add) (void)session.add_repeat(view.path.substr(0, view.path.rfind('[')));
    }
  }
  const auto answers = session.answers();
  (void)session.problems("es");
  (void)recheck(*form, answers, context);
  FormSession again(form, context);
  CHECK(again.restore(session.inputs()).ok());
}

}  // namespace

TEST_CASE("mutated expressions are parsed or refused, and evaluated or failed") {
  const std::vector<std::string> seeds{
      "if(selected(/data/a, 'x'), sum(/data/b[position() < 3]/c) * 2, concat('a', string(1 div 0)))",
      "instance('case')/root/item[name = current()/../a]/label | //b/ancestor::*[last()]",
      "format-date(today() + 3, '%Y-%m-%d') = '2026-01-01' and regex(., '^[a-z]{2,5}(x|y)*$')",
      "indexed-repeat(/data/b/c, /data/b, 2) + round(-1.5, 2) mod 3 - -4"};
  std::mt19937 random(1);
  int parsed = 0;
  for (int i = 0; i < rounds(6000); ++i) {
    const std::string text = mutated(seeds[random() % seeds.size()], random, "()[]'\"/*@.,:|=<>!+-$09azx ");
    const std::string value = test::evaluate(text, "<data><a>x</a><b><c>1</c></b><b><c>2</c></b></data>");
    if (!value.starts_with("error")) ++parsed;
  }
  CHECK(parsed > 100);
}

TEST_CASE("mutated patterns end") {
  std::mt19937 random(2);
  for (int i = 0; i < rounds(3000); ++i) {
    const auto pattern = Pattern::compile(
        mutated("^((a|b)+c?[^d-z]{2,3}\\w*)(?=x)|\\bq$", random, "()[]{}^$*+?|\\.-,0123456789ab"));
    if (pattern) (void)pattern->found_in("aabbccaab xqq aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  }
  const auto nasty = Pattern::compile("^(a+)+$");
  REQUIRE(nasty.ok());
  CHECK(nasty->found_in(std::string(5000, 'a') + "b") == false);
}

TEST_CASE("mutated forms compile or are refused, and can be filled") {
  const XlsFormResult shipped = convert_xlsform(as_bytes(shipped_workbook()));
  REQUIRE(shipped.ok());
  std::mt19937 random(3);
  int compiled = 0;
  for (int i = 0; i < rounds(400); ++i) {
    const auto form = compile_xform(mutated(shipped.xform_xml, random, "<>/=\"'()[]. ax"));
    if (!form) continue;
    ++compiled;
    if (compiled % 10 == 0) use(*form, random);
  }
  CHECK(compiled > 10);
}

TEST_CASE("mutated workbooks are converted or refused") {
  const std::string shipped = shipped_workbook();
  std::mt19937 random(4);
  int refused = 0;
  for (int i = 0; i < rounds(150); ++i) {
    const XlsFormResult result =
        convert_xlsform(as_bytes(mutated(shipped, random, "<>/=\"'()[]. ax\x01\xff")));
    if (!result.ok()) {
      ++refused;
      CHECK(!result.issues.empty());
    }
  }
  CHECK(refused > 10);
  for (std::size_t cut = 0; cut < shipped.size(); cut += shipped.size() / 40) {
    CHECK(!convert_xlsform(as_bytes(shipped.substr(0, cut))).ok());
  }
}

TEST_CASE("XML that nests too deeply or is too broken is refused") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  CHECK(!compile_xform(deep).ok());
  for (int i = 0; i < 100'000; ++i) deep += "</a>";
  CHECK(!compile_xform(deep).ok());
  CHECK(!compile_xform("").ok());
  CHECK(!compile_xform("<html/>").ok());
}

TEST_CASE("expressions that nest too deeply are refused") {
  CHECK(test::evaluate(std::string(5000, '(') + "1" + std::string(5000, ')')).starts_with("error"));
  CHECK(test::evaluate(std::string(5000, '-') + "1").starts_with("error"));
}

TEST_CASE("mutated cells of workbooks are converted or refused with words") {
  const std::vector<std::string> survey{
      "type | name | label::Español (es) | relevant | calculation | parameters | choice_filter | save_to",
      "begin_repeat | people | Gente | | | | |",
      "text | name | ¿Quién? | | | | | holder",
      "range | n | N ${name} | ${name} != '' | | start=0 end=10 step=2 tick_interval=4 | |",
      "select_multiple towns or_other | t | T | | | randomize=true seed=${n} | |",
      "select_one ${name} | who | W | | | | ${n} > 3 |",
      "end_repeat | | | | | | |",
      "audit | | | | | location-priority=balanced location-min-interval=10 location-max-age=60 | |",
      "calculate | sum | | | sum(${n}) + indexed-repeat(${n}, ${people}, 1) + ${last-saved#n} | | |",
      "begin_group | g | G | | | | |",
      "geopoint | pin | P | | | capture-accuracy=5 | |",
      "end_group | | | | | | |"};
  std::mt19937 random(5);
  int converted = 0;
  for (int i = 0; i < rounds(1500); ++i) {
    std::string rows;
    for (const std::string& row : survey)
      rows += (random() % 4 == 0 ? mutated(row, random, "|${}[]()=#.,:_ 0az'\"\xc3") : row) + "\n";
    const XlsFormResult result = convert_xlsform(test::make_workbook(
        {{"survey", test::table(rows)},
         {"choices", test::table("list_name | name | label\n towns | a | A\n towns | 2 | B ${name}")},
         {"entities", test::table("list_name | label | create_if\n people | ${name} | ${n} > 1")},
         {"settings", test::table("form_id | version\n f | 1")}}));
    if (result.ok())
      ++converted;
    else
      CHECK(!result.issues.empty());
  }
  CHECK(converted > 10);
}

TEST_CASE("mutated tables of text are converted or refused") {
  const std::string seed =
      "| survey | | | |\n| | type | name | label |\n| | select_one yn | a | A \\| b |\n| | note | n | ${a} "
      "|\n"
      "| choices | | | |\n| | list_name | name | label |\n| | yn | y | Y "
      "|\nsurvey,,\n,type,name\n,text,\"q\n\"";
  std::mt19937 random(6);
  for (int i = 0; i < rounds(1500); ++i) {
    const XlsFormResult result = convert_xlsform(as_bytes(mutated(seed, random, "|\\,\"\n#$ {}ax")));
    if (!result.ok()) CHECK(!result.issues.empty());
  }
}

TEST_CASE("mutated submissions are read or refused") {
  const XlsFormResult shipped = convert_xlsform(as_bytes(shipped_workbook()));
  const auto form = compile_xform(shipped.xform_xml).value();
  FormContext context;
  context.now_ms = 1'795'284'000'000;
  FormSession session(form, context);
  const std::string seed = write_submission(session);
  std::mt19937 random(7);
  int read = 0;
  for (int i = 0; i < rounds(300); ++i) {
    const auto inputs = read_submission(*form, mutated(seed, random, "<>/=\"'[]. ax"));
    if (!inputs) continue;
    ++read;
    FormSession again(form, context);
    CHECK(again.restore(*inputs).ok());
  }
  CHECK(read > 10);
}
