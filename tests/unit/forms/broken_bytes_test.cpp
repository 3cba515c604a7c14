// Whatever bytes come, the engine answers; the sanitizer builds of this test are what it is for.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "core/forms/form_session.hpp"
#include "core/forms/pattern.hpp"
#include "core/forms/recheck.hpp"
#include "core/forms/xlsform.hpp"
#include "tests/conformance/document_host.hpp"

namespace {

using namespace terreno;
using namespace terreno::forms;

std::string shipped_workbook() {
  std::ifstream in(std::string(TERRENO_SOURCE_DIR) + "/schema/forms/visita_cobranza.xlsx", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
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
  for (int i = 0; i < 6000; ++i) {
    const std::string text = mutated(seeds[random() % seeds.size()], random, "()[]'\"/*@.,:|=<>!+-$09azx ");
    const std::string value = test::evaluate(text, "<data><a>x</a><b><c>1</c></b><b><c>2</c></b></data>");
    if (!value.starts_with("error")) ++parsed;
  }
  CHECK(parsed > 100);
}

TEST_CASE("mutated patterns end") {
  std::mt19937 random(2);
  for (int i = 0; i < 3000; ++i) {
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
  for (int i = 0; i < 400; ++i) {
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
  for (int i = 0; i < 150; ++i) {
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
