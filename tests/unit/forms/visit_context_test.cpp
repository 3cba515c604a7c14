#include "core/forms/visit_context.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace terreno;
using namespace terreno::forms;

namespace {

using Prefill = std::map<std::string, std::string>;

const Prefill kCase{{"balance", "1500"}, {"declared_income", "9000"}, {"name", "Luz"}, {"note", ""}};

/// What a form with this calculation keeps of kCase.
Prefill read_with(const std::string& expression) {
  const std::string xml =
      R"xml(<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
      xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Test</h:title><model><instance><data id="test" version="1">
      <a/><b/></data></instance><instance id="case" src="jr://instance/case"/>
      <instance id="towns"><root><item><name>x</name></item></root></instance>
      <bind nodeset="/data/a" type="string" calculate=")xml" +
      expression +
      R"xml("/></model></h:head><h:body><input ref="/data/b"><label>b</label></input></h:body></h:html>)xml";
  const auto form = compile_xform(xml);
  if (!form) FAIL(form.error().message);
  return prefill_read_by(**form, kCase);
}

}  // namespace

TEST_CASE("a visit keeps those data of its case that its questionnaire may read") {
  CHECK(read_with("instance('case')/root/balance") == Prefill{{"balance", "1500"}});
  CHECK(read_with("coalesce(instance('case')/root/note, instance('case')/root/absent)") ==
        Prefill{{"note", ""}});
  CHECK(read_with("instance(/data/b)/root/balance") == Prefill{{"balance", "1500"}});
  CHECK(read_with("/data/b").empty());
  CHECK(read_with("instance('towns')/root/item[name = 'x']/name").empty());
}

TEST_CASE("whatever looks at the case without naming a datum keeps them all") {
  for (const char* expression :
       {"count(instance('case')/root/*)", "instance('case')//balance",
        "instance('case')/root/balance/../name", "instance('case')/root/balance[../name = 'Luz']",
        "name(instance('case'))"}) {
    CAPTURE(std::string(expression));
    CHECK(read_with(expression) == kCase);
  }
}
