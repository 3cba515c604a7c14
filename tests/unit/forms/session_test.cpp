#include <doctest/doctest.h>

#include <string>

#include "core/forms/form_session.hpp"
#include "core/forms/recheck.hpp"

namespace {

using namespace terreno;
using namespace terreno::forms;

FormContext context_of_a_visit() {
  FormContext context;
  context.now_ms = 1'795'300'200'000;  // 2026-11-21 16:30 in Mexico City
  context.utc_offset_minutes = -360;
  context.device_id = "device-1";
  context.username = "ana";
  context.random_seed = 42;
  context.prefill = {{"holder_name", "Luz"}, {"balance", "1200.50"}};
  return context;
}

std::string form_xml(const std::string& instance, const std::string& binds, const std::string& body,
                     const std::string& more = "") {
  return R"xml(<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
      xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Test</h:title><model>)xml" +
         more + "<instance><data id=\"test\" version=\"3\">" + instance + "</data></instance>" + binds +
         "</model></h:head><h:body>" + body + "</h:body></h:html>";
}

std::shared_ptr<const CompiledForm> compiled(const std::string& xml) {
  auto made = compile_xform(xml);
  if (!made) FAIL(made.error().message);
  return *made;
}

std::string value_of(const FormSession& session, const std::string& path) {
  for (const Answer& answer : session.answers()) {
    if (answer.path == path) return answer.value;
  }
  return "";
}

std::string input(const std::string& path) {
  return "<input ref=\"/data/" + path + "\"><label>" + path + "</label></input>";
}

const std::string kShopping = form_xml(
    "<price/><count>2</count><total/><vip/><promise><amount/><date/></promise>",
    R"xml(<bind nodeset="/data/price" type="decimal" constraint=". &gt; 0" jr:constraintMsg="More than zero, please."/>
       <bind nodeset="/data/count" type="int" required="true()"/>
       <bind nodeset="/data/total" type="decimal" calculate="/data/price * /data/count"/>
       <bind nodeset="/data/vip" type="string" relevant="/data/total &gt; 100"/>
       <bind nodeset="/data/promise" relevant="/data/vip = 'yes'"/>
       <bind nodeset="/data/promise/amount" type="decimal" constraint=". &lt;= ../../total" required="true()"/>
       <bind nodeset="/data/promise/date" type="date" constraint=". &gt;= today()"/>)xml",
    input("price") + input("count") +
        R"xml(<select1 ref="/data/vip"><label>VIP?</label><item><label>Yes</label><value>yes</value></item>
           <item><label>No</label><value>no</value></item></select1>
           <group ref="/data/promise"><label>Promise</label>)xml" +
        input("promise/amount") + input("promise/date") + "</group>");

const std::string kFamily =
    form_xml(R"xml(<people jr:template=""><age/><older/><rank/></people><total/><n/><first/>)xml",
             R"xml(<bind nodeset="/data/people/age" type="int"/>
       <bind nodeset="/data/people/older" type="int" calculate="../age + 1"/>
       <bind nodeset="/data/people/rank" type="int" calculate="position(..)"/>
       <bind nodeset="/data/total" type="int" calculate="sum(/data/people/age)"/>
       <bind nodeset="/data/n" type="int" calculate="count(/data/people)"/>
       <bind nodeset="/data/first" calculate="indexed-repeat(/data/people/age, /data/people, 1)"/>)xml",
             R"xml(<group ref="/data/people"><label>Person</label><repeat nodeset="/data/people">)xml" +
                 input("people/age") + "</repeat></group>");

}  // namespace

TEST_CASE("an answer recomputes what depends on it") {
  FormSession session(compiled(kShopping), context_of_a_visit());
  CHECK(value_of(session, "total").empty());
  REQUIRE(session.answer("price", "30.50").ok());
  CHECK(value_of(session, "price") == "30.5");
  CHECK(value_of(session, "total") == "61");
  CHECK(value_of(session, "vip").empty());
}

TEST_CASE("a value that breaks its constraint is refused with the form's words and the old one stays") {
  FormSession session(compiled(kShopping), context_of_a_visit());
  REQUIRE(session.answer("price", "10").ok());
  const auto refused = session.answer("price", "-1");
  REQUIRE(!refused.ok());
  CHECK(refused.error().code == ErrorCode::AnswerInvalid);
  CHECK(refused.error().message == "More than zero, please.");
  CHECK(value_of(session, "price") == "10");
  CHECK(session.answer("price", "ten").error().code == ErrorCode::AnswerInvalid);
  CHECK(session.answer("nowhere", "1").error().code == ErrorCode::NotFound);
}

TEST_CASE("what is hidden has no value for expressions and is not submitted, but is kept") {
  FormSession session(compiled(kShopping), context_of_a_visit());
  CHECK(session.answer("vip", "yes").error().code == ErrorCode::AnswerInvalid);
  REQUIRE(session.answer("price", "60").ok());
  REQUIRE(session.answer("vip", "yes").ok());
  REQUIRE(session.answer("promise/amount", "50").ok());
  CHECK(value_of(session, "promise/amount") == "50");
  REQUIRE(session.answer("price", "10").ok());
  CHECK(value_of(session, "vip").empty());
  CHECK(value_of(session, "promise/amount").empty());
  CHECK(session.why_hidden("promise/amount") == "/data/vip = 'yes'");
  REQUIRE(session.answer("price", "60").ok());
  CHECK(value_of(session, "promise/amount") == "50");
}

TEST_CASE("problems name what is missing and what no longer holds") {
  FormSession session(compiled(kShopping), context_of_a_visit());
  REQUIRE(session.answer("price", "60").ok());
  REQUIRE(session.answer("vip", "yes").ok());
  REQUIRE(session.answer("count", "").ok());
  auto problems = session.problems("es");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].path == "count");
  CHECK(problems[0].message == "Falta responder esta pregunta.");
  REQUIRE(session.answer("count", "2").ok());
  problems = session.problems("en");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].path == "promise/amount");
  REQUIRE(session.answer("promise/amount", "110").ok());
  REQUIRE(session.answer("price", "51").ok());
  problems = session.problems("en");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].kind == AnswerProblem::Kind::ConstraintBroken);
}

TEST_CASE("dates compare by day in the visit's own time zone") {
  FormSession session(compiled(kShopping), context_of_a_visit());
  REQUIRE(session.answer("price", "60").ok());
  REQUIRE(session.answer("vip", "yes").ok());
  CHECK(!session.answer("promise/date", "2026-11-21").ok() == false);
  CHECK(!session.answer("promise/date", "2026-11-20").ok());
  CHECK(!session.answer("promise/date", "2026-02-30").ok());
}

TEST_CASE("a choice outside the list is refused") {
  FormSession session(compiled(kShopping), context_of_a_visit());
  REQUIRE(session.answer("price", "60").ok());
  CHECK(session.answer("vip", "maybe").error().message == "Esa opción ya no está disponible; elige otra.");
}

TEST_CASE("repeats compute per instance, and aggregates follow adding and removing") {
  FormSession session(compiled(kFamily), context_of_a_visit());
  CHECK(value_of(session, "n") == "0");
  CHECK(session.add_repeat("people").value() == "people[1]");
  CHECK(session.add_repeat("people").value() == "people[2]");
  CHECK(session.add_repeat("people").value() == "people[3]");
  REQUIRE(session.answer("people[1]/age", "10").ok());
  REQUIRE(session.answer("people[2]/age", "20").ok());
  REQUIRE(session.answer("people[3]/age", "30").ok());
  CHECK(value_of(session, "people[2]/older") == "21");
  CHECK(value_of(session, "people[3]/rank") == "3");
  CHECK(value_of(session, "total") == "60");
  CHECK(value_of(session, "n") == "3");
  REQUIRE(session.remove_repeat("people[1]").ok());
  CHECK(value_of(session, "people[1]/age") == "20");
  CHECK(value_of(session, "people[2]/rank") == "2");
  CHECK(value_of(session, "total") == "50");
  CHECK(value_of(session, "first") == "20");
  CHECK(session.add_repeat("people").value() == "people[3]");
  CHECK(value_of(session, "people[3]/age").empty());
  CHECK(value_of(session, "people[3]/rank") == "3");
  CHECK(!session.remove_repeat("people[9]").ok());
}

TEST_CASE("a repeat counted by an answer grows and shrinks with it") {
  const auto form = compiled(form_xml(
      R"xml(<n/><row jr:template=""><v/><double/></row><sum/>)xml",
      R"xml(<bind nodeset="/data/n" type="int"/><bind nodeset="/data/row/v" type="int"/>
         <bind nodeset="/data/row/double" calculate="../v * 2"/><bind nodeset="/data/sum" calculate="sum(/data/row/double)"/>)xml",
      input("n") + R"xml(<group ref="/data/row"><repeat nodeset="/data/row" jr:count="/data/n">)xml" +
          input("row/v") + "</repeat></group>"));
  FormSession session(form, context_of_a_visit());
  REQUIRE(session.answer("n", "2").ok());
  REQUIRE(session.answer("row[2]/v", "4").ok());
  REQUIRE(session.answer("row[1]/v", "1").ok());
  CHECK(value_of(session, "sum") == "10");
  CHECK(session.add_repeat("row").error().code == ErrorCode::InvalidArgument);
  const auto found = recheck(*form, session.answers(), session.context());
  CHECK(found.empty());
  REQUIRE(session.answer("n", "1").ok());
  CHECK(value_of(session, "sum") == "2");
}

TEST_CASE("inputs restore a filling exactly") {
  const auto form = compiled(kFamily);
  FormSession session(form, context_of_a_visit());
  session.add_repeat("people").value();
  session.add_repeat("people").value();
  REQUIRE(session.answer("people[2]/age", "7").ok());
  FormSession again(form, context_of_a_visit());
  REQUIRE(again.restore(session.inputs()).ok());
  CHECK(again.answers() == session.answers());
  CHECK(again.inputs() == session.inputs());
}

TEST_CASE("the server agrees with an honest submission and finds a changed one") {
  const auto form = compiled(kShopping);
  FormSession session(form, context_of_a_visit());
  REQUIRE(session.answer("price", "60").ok());
  REQUIRE(session.answer("vip", "yes").ok());
  REQUIRE(session.answer("promise/amount", "50").ok());
  auto submitted = session.answers();
  CHECK(recheck(*form, submitted, session.context()).empty());
  for (Answer& answer : submitted) {
    if (answer.path == "total") answer.value = "90";
  }
  submitted.push_back({"promise/gift", "1"});
  submitted.push_back({"promise/date", "2020-01-01"});
  const auto found = recheck(*form, submitted, session.context());
  REQUIRE(found.size() == 3);
  CHECK(found[0].kind == FormDifference::Kind::CalculatedDiffers);
  CHECK(found[0].expected == "120");
  CHECK(found[1].kind == FormDifference::Kind::UnknownQuestion);
  CHECK(found[2].kind == FormDifference::Kind::ConstraintBroken);
}

TEST_CASE("a submission with a hidden or a missing answer is found") {
  const auto form = compiled(kShopping);
  const std::vector<Answer> submitted{{"price", "10"}, {"total", "NaN"}, {"promise/amount", "5"}};
  const auto found = recheck(*form, submitted, context_of_a_visit());
  REQUIRE(found.size() == 3);
  CHECK(found[0].kind == FormDifference::Kind::CalculatedDiffers);
  CHECK(found[1].kind == FormDifference::Kind::NotRelevant);
  CHECK(found[2].kind == FormDifference::Kind::RequiredMissing);
  CHECK(found[2].path == "count");
}

TEST_CASE("case data and what the moment gives reach the form") {
  const auto form =
      compiled(form_xml("<name/><owed/><day/><device/><roll/><id/>",
                        R"xml(<bind nodeset="/data/name" calculate="instance('case')/root/holder_name"/>
         <bind nodeset="/data/owed" type="decimal" calculate="instance('case')/root/balance * 2"/>
         <bind nodeset="/data/day" type="date" jr:preload="date" jr:preloadParams="today"/>
         <bind nodeset="/data/device" jr:preload="property" jr:preloadParams="deviceid"/>
         <bind nodeset="/data/roll" calculate="once(random())"/>
         <bind nodeset="/data/id" jr:preload="uid"/>)xml",
                        ""));
  FormSession session(form, context_of_a_visit());
  CHECK(value_of(session, "name") == "Luz");
  CHECK(value_of(session, "owed") == "2401");
  CHECK(value_of(session, "day") == "2026-11-21");
  CHECK(value_of(session, "device") == "device-1");
  CHECK(value_of(session, "id").starts_with("uuid:"));
  CHECK(recheck(*form, session.answers(), session.context()).empty());
  FormContext other = session.context();
  other.random_seed = 43;
  CHECK(recheck(*form, session.answers(), other).size() == 2);
}

TEST_CASE("labels take their values and the language asked for") {
  const auto form = compiled(form_xml(
      "<name/><ask/>", R"xml(<bind nodeset="/data/name"/>)xml",
      R"xml(<input ref="/data/ask"><label ref="jr:itext('ask')"/></input><input ref="/data/name"><label>N</label></input>)xml",
      R"xml(<itext><translation lang="English (en)"><text id="ask"><value>Is <output value="/data/name"/> in?</value></text></translation>
         <translation lang="Español (es)" default="true()"><text id="ask"><value>¿Está <output value=" /data/name "/>?</value></text></translation></itext>)xml"));
  CHECK(form->languages() == std::vector<std::string>{"Español (es)", "English (en)"});
  FormSession session(form, context_of_a_visit());
  REQUIRE(session.answer("name", "Luz").ok());
  CHECK(session.questions("es-MX")[0].label == "¿Está Luz?");
  CHECK(session.questions("English (en)")[0].label == "Is Luz in?");
  CHECK(session.questions("fr")[0].label == "¿Está Luz?");
}

TEST_CASE("questions come in order with their groups, and hidden ones are left out") {
  FormSession session(compiled(kShopping), context_of_a_visit());
  CHECK(session.questions("es").size() == 2);
  REQUIRE(session.answer("price", "60").ok());
  REQUIRE(session.answer("vip", "yes").ok());
  const auto views = session.questions("es");
  REQUIRE(views.size() == 6);
  CHECK(views[2].type == "select_one");
  CHECK(views[2].choices.size() == 2);
  CHECK(views[3].is_group);
  CHECK(views[4].path == "promise/amount");
  CHECK(views[4].group_path == "promise");
  CHECK(views[4].required);
}

TEST_CASE("an itemset filters by an answer") {
  const auto form = compiled(form_xml(
      "<state/><city/>", R"xml(<bind nodeset="/data/state"/><bind nodeset="/data/city"/>)xml",
      input("state") +
          R"xml(<select1 ref="/data/city"><label>City</label><itemset nodeset="instance('cities')/root/item[state = /data/state ]">
         <value ref="name"/><label ref="label"/></itemset></select1>)xml",
      ""));
  CHECK(form->questions().size() == 2);
  const auto with_list = compiled(
      R"xml(<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>
         <instance><data id="t"><state/><city/></data></instance>
         <instance id="cities"><root><item><name>gdl</name><label>Guadalajara</label><state>jal</state></item>
         <item><name>mty</name><label>Monterrey</label><state>nl</state></item></root></instance>
         </model></h:head><h:body><input ref="/data/state"><label>S</label></input>
         <select1 ref="/data/city"><label>C</label><itemset nodeset="instance('cities')/root/item[state = current()/../state ]">
         <value ref="name"/><label ref="label"/></itemset></select1></h:body></h:html>)xml");
  FormSession session(with_list, context_of_a_visit());
  CHECK(session.questions("")[1].choices.empty());
  REQUIRE(session.answer("state", "nl").ok());
  CHECK(session.questions("")[1].choices == std::vector<ChoiceView>{{"mty", "Monterrey"}});
  REQUIRE(session.answer("city", "mty").ok());
  REQUIRE(session.answer("state", "jal").ok());
  CHECK(session.value("city") == "");  // what is offered no more leaves the answer
  CHECK(session.problems("en").empty());
}

TEST_CASE("a list in a file is filtered by equality and by anything else") {
  const std::string xml =
      R"xml(<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>
         <instance><data id="t"><state/><word/><city/><label/><n/></data></instance>
         <instance id="cities" src="jr://file-csv/cities.csv"/>
         <bind nodeset="/data/label" calculate="instance('cities')/root/item[name = /data/city]/label"/>
         <bind nodeset="/data/n" calculate="count(instance('cities')/root/item[people &gt; 5 or contains(label, /data/word)])"/>
         </model></h:head><h:body><input ref="/data/state"><label>S</label></input>
         <input ref="/data/word"><label>W</label></input>
         <select1 ref="/data/city"><label>C</label>
         <itemset nodeset="instance('cities')/root/item[state = /data/state and label != 'Zapopan']">
         <value ref="name"/><label ref="label"/></itemset></select1></h:body></h:html>)xml";
  const std::string csv =
      "name;label;state;people\r\ngdl;\"Guadalajara; la "
      "\"\"perla\"\"\";jal;5\r\nzap;Zapopan;jal;9\r\nmty;Monterrey;nl;7\r\n";
  const FormFile file{"cities.csv", csv};
  const auto form = compile_xform(xml, {&file, 1});
  REQUIRE(form.ok());
  CHECK((*form)->missing_files().empty());
  FormSession session(*form, context_of_a_visit());
  REQUIRE(session.answer("word", "Guada").ok());
  CHECK(session.value("n") == "3");
  REQUIRE(session.answer("word", "x").ok());
  CHECK(session.value("n") == "2");
  REQUIRE(session.answer("state", "jal").ok());
  CHECK(session.questions("")[2].choices == std::vector<ChoiceView>{{"gdl", "Guadalajara; la \"perla\""}});
  REQUIRE(session.answer("city", "gdl").ok());
  CHECK(session.value("label") == "Guadalajara; la \"perla\"");
  CHECK(compile_xform(xml).value()->missing_files() == std::vector<std::string>{"cities.csv"});
}

TEST_CASE("a broken list is refused with its line") {
  const std::string xml = form_xml("<a/>", "", input("a"), "");
  std::string with_list = xml;
  with_list.insert(with_list.find("</model>"), "<instance id='l' src='jr://file/l.csv'/>");
  for (const auto& [csv, what] :
       std::vector<std::pair<std::string, std::string>>{{"a,b\n1,2,3\n", "line 2: has 3 cells"},
                                                        {"a,a\n1,2\n", "two columns are named 'a'"},
                                                        {"a,b\n1,\"2\n", "line 2: a quote is not closed"},
                                                        {"", "the heading is missing"}}) {
    const FormFile file{"l.csv", csv};
    const auto form = compile_xform(with_list, {&file, 1});
    REQUIRE(!form.ok());
    CHECK_MESSAGE(form.error().message.find(what) != std::string::npos, form.error().message);
  }
}

TEST_CASE("the sum over a repeat follows every change of it") {
  FormSession session(compiled(kFamily), context_of_a_visit());
  for (const char* age : {"5", "7", "9"}) {
    const auto path = session.add_repeat("people");
    REQUIRE(path.ok());
    REQUIRE(session.answer(*path + "/age", age).ok());
  }
  CHECK(session.value("total") == "21");
  REQUIRE(session.answer("people[1]/age", "6").ok());
  CHECK(session.value("total") == "22");
  REQUIRE(session.remove_repeat("people[2]").ok());
  CHECK(session.value("total") == "15");
  CHECK(session.value("n") == "2");
  CHECK(session.value("people[2]/rank") == "2");
}

TEST_CASE("a form with several faults names them all") {
  const auto made = compile_xform(form_xml("<a/><b/>",
                                           R"xml(<bind nodeset="/data/a" calculate="1 +"/>
                                              <bind nodeset="/data/b" relevant="(1"/>)xml",
                                           input("zz")));
  REQUIRE(!made.ok());
  CHECK(made.error().code == ErrorCode::FormInvalid);
  CHECK(made.error().message.find("'1 +'") != std::string::npos);
  CHECK(made.error().message.find("/data/zz") != std::string::npos);
  CHECK(made.error().message.find("'(1'") != std::string::npos);
}

TEST_CASE("calculations in a circle are refused by name") {
  const auto made = compile_xform(form_xml(
      "<a/><b/><c/>",
      R"xml(<bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" calculate="/data/a + 1"/>
                                              <bind nodeset="/data/c" relevant=". = 1"/>)xml",
      ""));
  REQUIRE(!made.ok());
  CHECK(made.error().message.find("circle") != std::string::npos);
  CHECK(made.error().message.find("'a'") != std::string::npos);
}

TEST_CASE("an unknown function is named with its question") {
  const auto made =
      compile_xform(form_xml("<a/>", R"xml(<bind nodeset="/data/a" calculate="explode(1)"/>)xml", ""));
  REQUIRE(!made.ok());
  CHECK(made.error().message.find("explode()") != std::string::npos);
}

TEST_CASE("a repeat that asks whether there is more grows by its last answer") {
  const auto form = compiled(
      form_xml("<n/><wanted/><row jr:template=\"\"><more/></row>",
               R"xml(<bind nodeset="/data/n" type="int" calculate="count(/data/row)"/>
            <bind nodeset="/data/wanted" type="int"
             calculate="if(/data/n = 0 or /data/row[position() = /data/n]/more = 'yes', /data/n + 1, /data/n)"/>)xml",
               "<repeat nodeset=\"/data/row\" jr:count=\"/data/wanted\">" + input("row/more") + "</repeat>"));
  FormSession session(form, context_of_a_visit());
  CHECK(value_of(session, "n") == "1");
  REQUIRE(session.answer("row[1]/more", "yes").ok());
  CHECK(value_of(session, "n") == "2");
  REQUIRE(session.answer("row[2]/more", "no").ok());
  CHECK(value_of(session, "n") == "2");
  CHECK(recheck(*form, session.answers(), session.context()).empty());
}
