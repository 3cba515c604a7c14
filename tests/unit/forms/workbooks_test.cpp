// The three questionnaires that every company starts with, from the workbook to the recheck on the server.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "core/forms/form_session.hpp"
#include "core/forms/recheck.hpp"
#include "core/forms/xlsform.hpp"

namespace {

using namespace terreno;
using namespace terreno::forms;

Bytes workbook(const std::string& name) {
  std::ifstream in(std::string(TERRENO_SOURCE_DIR) + "/schema/forms/" + name + ".xlsx", std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::shared_ptr<const CompiledForm> shipped_form(const std::string& name) {
  const XlsFormResult converted = convert_xlsform(workbook(name));
  for (const FormIssue& issue : converted.issues) {
    FAIL_CHECK(issue.sheet << " row " << issue.row << " column " << issue.column << ": " << issue.message);
  }
  REQUIRE(converted.ok());
  CHECK(converted.form_id == name);
  auto form = compile_xform(converted.xform_xml);
  if (!form) FAIL(form.error().message);
  return *form;
}

FormContext visit_at_noon(std::map<std::string, std::string> data) {
  FormContext context;
  context.now_ms = 1'795'284'000'000;  // 2026-11-21 12:00 in Mexico City
  context.utc_offset_minutes = -360;
  context.device_id = "device-1";
  context.username = "Ana Ruiz";
  context.random_seed = 5;
  context.prefill = std::move(data);
  return context;
}

using Script = std::vector<std::pair<std::string, std::string>>;

void fill(FormSession& session, const Script& script) {
  for (const auto& [path, value] : script) {
    const auto done = session.answer(path, value, "es");
    if (!done) FAIL_CHECK(path << " = " << value << ": " << done.error().message);
  }
}

void is_complete_and_honest(FormSession& session) {
  for (const AnswerProblem& problem : session.problems("es"))
    FAIL_CHECK(problem.path << ": " << problem.message);
  for (const auto& difference : recheck(session.form(), session.answers(), session.context())) {
    FAIL_CHECK(difference.path << " submitted " << difference.submitted << " expected "
                               << difference.expected);
  }
}

std::string value_of(const FormSession& session, const std::string& path) {
  for (const Answer& answer : session.answers()) {
    if (answer.path == path) return answer.value;
  }
  return "";
}

std::vector<std::string> choices_of(const FormSession& session, const std::string& path) {
  std::vector<std::string> names;
  for (const QuestionView& view : session.questions("es")) {
    if (view.path != path) continue;
    for (const ChoiceView& choice : view.choices) names.push_back(choice.value);
  }
  return names;
}

bool asks(const FormSession& session, const std::string& path) {
  const auto views = session.questions("es");
  return std::any_of(views.begin(), views.end(), [&](const QuestionView& view) { return view.path == path; });
}

const Script kHome{{"place/located", "yes"},
                   {"place/facade_photo", "a.jpg"},
                   {"place/street_photo", "b.jpg"},
                   {"place/address_match", "yes"},
                   {"person/who_answered", "holder"},
                   {"person/lives_there", "yes"},
                   {"person/id_match", "matches"},
                   {"home/years_there", "4"},
                   {"home/home_kind", "house"},
                   {"home/tenure", "rented"},
                   {"home/rent", "3500"},
                   {"home/condition", "good"},
                   {"home/services", "water power"},
                   {"household/people", "4"},
                   {"household/dependants", "2"},
                   {"household/contributors", "2"},
                   {"work/occupation", "Costurera"},
                   {"work/income", "9000"},
                   {"work/expenses", "6000"},
                   {"work/other_debts", "500"},
                   {"credit/applied", "yes"},
                   {"credit/phone_verified", "yes"},
                   {"close/finding", "positive"}};

const Script kBusiness{{"place/located", "yes"},
                       {"place/sign_photo", "a.jpg"},
                       {"place/street_photo", "b.jpg"},
                       {"place/sign_seen", "yes"},
                       {"place/business_match", "yes"},
                       {"place/open_on_arrival", "yes"},
                       {"person/who_answered", "holder"},
                       {"person/works_there", "yes"},
                       {"person/id_match", "matches"},
                       {"trade/business_years", "6"},
                       {"trade/premises_years", "3"},
                       {"trade/premises", "rented"},
                       {"trade/rent", "4000"},
                       {"trade/opens", "08:00"},
                       {"trade/closes", "20:00"},
                       {"activity/inside_photo", "c.jpg"},
                       {"activity/employees_declared", "1"},
                       {"activity/employees_seen", "1"},
                       {"activity/customers_seen", "5"},
                       {"activity/stock_value", "30000"},
                       {"money/sales_good", "4000"},
                       {"money/sales_normal", "2000"},
                       {"money/sales_bad", "1000"},
                       {"money/purchases_week", "6000"},
                       {"money/margin_percent", "30"},
                       {"money/fixed_costs", "2000"},
                       {"money/household_expenses", "5000"},
                       {"money/instalments", "800"},
                       {"references/neighbour_knows", "yes"},
                       {"close/finding", "positive"}};

}  // namespace

TEST_CASE("the home validation is filled to its end and compares with what was declared") {
  FormSession session(shipped_form("validacion_domicilio"), visit_at_noon({{"name", "Luz Pérez"},
                                                                           {"address", "Calle 5"},
                                                                           {"declared_income", "15000"},
                                                                           {"declared_years_there", "4"},
                                                                           {"declared_dependants", "2"},
                                                                           {"declared_tenure", "owned"}}));
  fill(session, kHome);
  is_complete_and_honest(session);
  CHECK(value_of(session, "work/free_income") == "2500");
  CHECK(value_of(session, "comparison/income_differs") == "1");
  CHECK(value_of(session, "comparison/years_differ") == "0");
  CHECK(value_of(session, "comparison/tenure_differs") == "1");
  CHECK(value_of(session, "comparison/discrepancies") == "2");
}

TEST_CASE("a minor at the door ends the interview") {
  FormSession session(shipped_form("validacion_domicilio"), visit_at_noon({{"name", "Luz"}}));
  fill(session, {{"place/located", "yes"},
                 {"place/facade_photo", "a.jpg"},
                 {"place/street_photo", "b.jpg"},
                 {"place/address_match", "yes"},
                 {"person/who_answered", "minor"}});
  CHECK(!asks(session, "work/income"));
  CHECK(!asks(session, "home/tenure"));
  CHECK(asks(session, "person/minor_note"));
  CHECK(session.answer("work/income", "1").error().code == ErrorCode::AnswerInvalid);
}

TEST_CASE("an address that does not exist can only be found as not located") {
  FormSession session(shipped_form("validacion_domicilio"), visit_at_noon({{"name", "Luz"}}));
  fill(session, {{"place/located", "not_exist"}, {"place/street_photo", "b.jpg"}});
  CHECK(choices_of(session, "close/finding") == std::vector<std::string>{"not_located"});
  fill(session, {{"close/finding", "not_located"}});
  is_complete_and_honest(session);
}

TEST_CASE("the business validation computes the capacity to pay") {
  FormSession session(shipped_form("validacion_negocio"), visit_at_noon({{"name", "Luz Pérez"},
                                                                         {"declared_business", "Abarrotes"},
                                                                         {"declared_sales_month", "60000"}}));
  fill(session, kBusiness);
  fill(session, {{"trade/business_line", choices_of(session, "trade/business_line").at(0)},
                 {"trade/legal", choices_of(session, "trade/legal").at(0)},
                 {"trade/open_days", choices_of(session, "trade/open_days").at(0) + " " +
                                         choices_of(session, "trade/open_days").at(1)}});
  is_complete_and_honest(session);
  // (4000 + 2 × 2000 + 1000) / 4 × 2 days × 4.33 weeks, 30 % of it less 2000, 4000, 5000 and 800.
  CHECK(value_of(session, "money/sales_month") == "19485");
  CHECK(value_of(session, "money/capacity") == "-5954.5");
  CHECK(session.answer("trade/closes", "07:00").error().message == "Debe cerrar después de abrir.");
}

TEST_CASE("a business without sign, stock or a neighbour who knows it is no positive finding") {
  FormSession session(shipped_form("validacion_negocio"), visit_at_noon({{"name", "Luz"}}));
  fill(session, {{"place/located", "yes"}, {"place/sign_seen", "no"}, {"references/neighbour_knows", "no"}});
  CHECK(value_of(session, "references/ghost_business") == "1");
  CHECK(choices_of(session, "close/finding") ==
        std::vector<std::string>{"conditional", "negative", "not_located"});
}

TEST_CASE("a collection visit ends in a promise") {
  FormSession session(
      shipped_form("visita_cobranza"),
      visit_at_noon({{"name", "Luz Pérez"}, {"balance", "1200.50"}, {"days_past_due", "45"}}));
  fill(session, {{"contact/whom", "holder"},
                 {"contact/id_shown", "yes"},
                 {"outcome", "promise"},
                 {"talk/amount_told", "1200.50"},
                 {"talk/arrears_reason", "lost_job"},
                 {"talk/willingness", "high"},
                 {"talk/alternatives", "extension partial"},
                 {"promise/amount", "600"},
                 {"promise/date", "2026-11-30"},
                 {"promise/means", "transfer"},
                 {"close/facade_photo", "a.jpg"},
                 {"close/next_action", "wait_promise"}});
  is_complete_and_honest(session);
  CHECK(session.answer("promise/date", "2026-11-20", "pt").error().message == "De hoje a 60 dias.");
  CHECK(choices_of(session, "talk/alternatives") ==
        std::vector<std::string>{"extension", "partial", "discount", "restructure"});
  auto submitted = session.answers();
  for (Answer& answer : submitted) {
    if (answer.path == "right_party") answer.value = "0";
  }
  const auto found = recheck(session.form(), submitted, session.context());
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == FormDifference::Kind::CalculatedDiffers);
  CHECK(found[0].path == "right_party");
}

TEST_CASE("whom one meets decides which outcomes there are") {
  FormSession session(shipped_form("visita_cobranza"), visit_at_noon({{"name", "Luz"}}));
  fill(session, {{"contact/whom", "minor"}});
  CHECK(choices_of(session, "outcome") == std::vector<std::string>{"minor_answered"});
  fill(session, {{"contact/whom", "third_party"}});
  const auto third = choices_of(session, "outcome");
  CHECK(std::find(third.begin(), third.end(), "promise") == third.end());
  CHECK(!asks(session, "talk/amount_told"));
}

TEST_CASE("every shipped form speaks three languages") {
  for (const char* const name : {"validacion_domicilio", "validacion_negocio", "visita_cobranza"}) {
    const auto form = shipped_form(name);
    CHECK(form->languages() == std::vector<std::string>{"Español (es)", "English (en)", "Português (pt)"});
    const FormSession session(form, visit_at_noon({{"name", "Luz"}}));
    const auto spanish = session.questions("es");
    const auto english = session.questions("en");
    REQUIRE(spanish.size() == english.size());
    for (std::size_t i = 0; i < spanish.size(); ++i) {
      CHECK_MESSAGE(!spanish[i].label.empty(), spanish[i].path);
      CHECK_MESSAGE(!english[i].label.empty(), english[i].path);
    }
  }
}
