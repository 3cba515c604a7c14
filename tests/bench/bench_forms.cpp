// The questionnaire engine on the forms of ../shared/data/forms/fixtures, beside libxml2 in the same run: its
// parse of the same file, and its XPath over the same document. 'of_libxml2' is our time divided by libxml2's
// for the row of that name.
#include <benchmark/benchmark.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <malloc.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include "core/forms/form_session.hpp"
#include "core/forms/recheck.hpp"
#include "core/forms/xlsform.hpp"

namespace {

using namespace terreno;
using namespace terreno::forms;

std::filesystem::path fixtures() {
  return std::filesystem::path(TERRENO_SOURCE_DIR) / "../shared/data/forms/fixtures";
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("no file " + file.string());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string perf_form(const std::string& name) { return text_of(fixtures() / "perf" / (name + ".xml")); }

std::shared_ptr<const CompiledForm> compiled(const std::string& xml) {
  auto made = compile_xform(xml);
  if (!made) throw std::runtime_error(made.error().message);
  return *made;
}

FormContext a_context() {
  FormContext context;
  context.now_ms = 1'795'300'200'000;
  context.utc_offset_minutes = -360;
  return context;
}

/// Seconds of one iteration of the libxml2 rows, for the ratio of ours.
std::map<std::string, double>& baselines() {
  static std::map<std::string, double> kBaselines;
  return kBaselines;
}

/// Runs `body` once an iteration; `ratio_to` names the libxml2 row that it is compared with.
void measure(benchmark::State& state, const std::string& own, const std::string& ratio_to,
             const std::function<void()>& body) {
  double best_s = 1e9;
  for (auto _ : state) {
    const auto begun = std::chrono::steady_clock::now();
    body();
    best_s =
        std::min(best_s, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  }
  if (!own.empty()) baselines()[own] = best_s;
  if (const auto found = baselines().find(ratio_to); found != baselines().end())
    state.counters["of_libxml2"] = best_s / found->second;
}

using Document = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

Document parsed(const std::string& xml) {
  Document document(xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "form.xml", nullptr,
                                  XML_PARSE_HUGE | XML_PARSE_NONET),
                    xmlFreeDoc);
  if (!document) throw std::runtime_error("libxml2 cannot read the form");
  return document;
}

/// Evaluates expressions over the parsed form with libxml2; "x" is the prefix of the XForms namespace.
class Oracle {
 public:
  explicit Oracle(const std::string& xml)
      : document_(parsed(xml)), context_(xmlXPathNewContext(document_.get())) {
    xmlXPathRegisterNs(context_, text("x"), text("http://www.w3.org/2002/xforms"));
  }
  ~Oracle() {
    for (xmlXPathCompExprPtr compiled : expressions_) xmlXPathFreeCompExpr(compiled);
    xmlXPathFreeContext(context_);
  }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  void add(const std::string& expression) {
    expressions_.push_back(xmlXPathCtxtCompile(context_, text(expression.c_str())));
    if (!expressions_.back()) throw std::runtime_error("libxml2 cannot compile " + expression);
  }
  void run_all() {
    for (xmlXPathCompExprPtr expression : expressions_) {
      xmlXPathObjectPtr found = xmlXPathCompiledEval(expression, context_);
      benchmark::DoNotOptimize(found);
      xmlXPathFreeObject(found);
    }
  }

 private:
  static const xmlChar* text(const char* given) { return reinterpret_cast<const xmlChar*>(given); }
  Document document_;
  xmlXPathContextPtr context_;
  std::vector<xmlXPathCompExprPtr> expressions_;
};

void libxml2_parse(benchmark::State& state, const std::string& name, const std::string& xml) {
  measure(state, "parse " + name, "", [&] { benchmark::DoNotOptimize(parsed(xml)); });
}

/// From the XForm's text to a filling that can be answered.
void load(benchmark::State& state, const std::string& name, const std::string& xml) {
  measure(state, "", "parse " + name, [&] {
    FormSession session(compiled(xml), a_context());
    benchmark::DoNotOptimize(session);
  });
}

/// The 5,000 expressions of a form over its document, as XPath 1.0 with every path from the root.
void libxml2_evaluate(benchmark::State& state, const std::string& name, const std::string& xml, int count,
                      const std::function<std::string(int)>& expression) {
  Oracle oracle(xml);
  for (int i = 0; i < count; ++i) oracle.add(expression(i));
  measure(state, "evaluate " + name, "", [&] { oracle.run_all(); });
}

/// A change of the one answer on which all 5,000 depend.
void recalculate(benchmark::State& state, const std::string& name, const std::string& xml) {
  FormSession session(compiled(xml), a_context());
  int turn = 0;
  measure(state, "", "evaluate " + name, [&] {
    if (!session.answer("x", ++turn % 2 == 0 ? "17" : "90")) throw std::runtime_error("refused");
  });
}

void answer_one(benchmark::State& state, const std::string& xml) {
  FormSession session(compiled(xml), a_context());
  if (!session.answer("x", "1000")) throw std::runtime_error("refused");
  int turn = 0;
  measure(state, "", "", [&] {
    if (!session.answer("q2500", ++turn % 2 == 0 ? "ana" : "luz")) throw std::runtime_error("refused");
  });
}

void new_filling(benchmark::State& state, const std::string& xml) {
  const auto form = compiled(xml);
  measure(state, "", "", [&] { benchmark::DoNotOptimize(FormSession(form, a_context())); });
}

/// What the server does with every submitted visit, on the collection questionnaire that the product ships.
void recheck_visit(benchmark::State& state) {
  const std::string workbook =
      text_of(std::filesystem::path(TERRENO_SOURCE_DIR) / "schema/forms/visita_cobranza.xlsx");
  const auto form = compiled(convert_xlsform(as_bytes(workbook)).xform_xml);
  FormContext context = a_context();
  context.prefill = {{"balance", "15000"},   {"days_past_due", "45"}, {"name", "Luz"},   {"phone", "555"},
                     {"address", "Calle 1"}, {"key", "MX-1"},         {"reference", ""}, {"note", ""}};
  FormSession session(form, context);
  for (int pass = 0; pass < 6; ++pass) {
    for (const QuestionView& question : session.questions("es")) {
      if (question.is_group || question.read_only || !question.value.empty()) continue;
      const std::string answer = !question.choices.empty()    ? question.choices.front().value
                                 : question.type == "date"    ? "2026-11-25"
                                 : question.type == "text"    ? "sin novedad"
                                 : question.type == "integer" ? "3"
                                 : question.type == "decimal" ? "3"
                                                              : "";
      if (!answer.empty()) (void)session.answer(question.path, answer).ok();
    }
  }
  const std::vector<Answer> answers = session.answers();
  for (auto _ : state) benchmark::DoNotOptimize(recheck(*form, answers, context));
  state.counters["answers"] = static_cast<double>(answers.size());
}

/// Appends one instance to a filling that already has so many, and takes it away again unmeasured.
void append_repeat(benchmark::State& state) {
  FormSession session(compiled(perf_form("repeats")), a_context());
  for (std::int64_t i = 1; i <= state.range(0); ++i) {
    if (!session.add_repeat("r")) throw std::runtime_error("refused");
    if (!session.answer("r[" + std::to_string(i) + "]/amt", "5")) throw std::runtime_error("refused");
  }
  for (auto _ : state) {
    const auto begun = std::chrono::steady_clock::now();
    const auto path = session.add_repeat("r");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    if (!path || !session.remove_repeat(*path)) throw std::runtime_error("refused");
    state.SetIterationTime(took.count());
  }
}

/// Resident bytes of this process now.
double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  in >> pages >> resident;
  return resident * 4096;
}

std::shared_ptr<const CompiledForm> with_list(const std::string& name, const std::string& csv_name) {
  const std::string xml = perf_form(name);
  const std::string csv = csv_name.empty() ? "" : text_of(fixtures() / "perf" / csv_name);
  const FormFile file{csv_name, csv};
  auto made = csv_name.empty() ? compile_xform(xml) : compile_xform(xml, {&file, 1});
  if (!made || !(*made)->missing_files().empty())
    throw std::runtime_error("the form with its list does not load");
  return *made;
}

/// `mebibytes` is what the compiled form keeps resident, its indexes in use included.
void load_list(benchmark::State& state, const std::string& name, const std::string& csv_name) {
  const double before = resident_bytes();
  double kept = 0;
  for (auto _ : state) {
    FormSession session(with_list(name, csv_name), a_context());
    if (!session.answer("state", "s4") || !session.answer("municipality", "m4"))
      throw std::runtime_error("refused");
    benchmark::DoNotOptimize(session.questions(""));
    ::malloc_trim(0);
    kept = std::max(kept, resident_bytes() - before);
  }
  state.counters["mebibytes"] = kept / (1024.0 * 1024.0);
}

/// The choices of a list of 100,000 rows under `filter`, over new values each time.
void filter_list(benchmark::State& state, const std::string& filter) {
  std::string xml = perf_form("choices_external_100000");
  const std::string written = "state = /data/state and municipality = /data/municipality";
  xml.replace(xml.find(written), written.size(), filter);
  const std::string csv = text_of(fixtures() / "perf/colonias_100000.csv");
  const FormFile file{"colonias_100000.csv", csv};
  auto form = compile_xform(xml, {&file, 1});
  if (!form) throw std::runtime_error(form.error().message);
  FormSession session(*form, a_context());
  std::size_t shown = 0;
  int turn = 0;
  for (auto _ : state) {
    ++turn;
    if (!session.answer("state", "s" + std::to_string(turn % 32)) ||
        !session.answer("municipality", "m" + std::to_string(turn % 2500)))
      throw std::runtime_error("refused");
    for (const QuestionView& view : session.questions("")) shown += view.choices.size();
  }
  state.counters["rows"] = static_cast<double>(shown) / static_cast<double>(state.iterations());
}

/// libxml2 walks the same list, internal.
void libxml2_filter(benchmark::State& state) {
  Oracle oracle(perf_form("choices_internal_100000"));
  oracle.add("/*/*/*/x:instance[2]/x:root/x:item[x:state = 's4' and x:municipality = 'm4']");
  for (auto _ : state) oracle.run_all();
}

void add_rows_of(const std::string& name, const std::string& xml) {
  benchmark::RegisterBenchmark(("libxml2_parse/" + name).c_str(), libxml2_parse, name, xml)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark(("load/" + name).c_str(), load, name, xml)->Unit(benchmark::kMillisecond);
}

void add_recalculation(const std::string& name, const std::string& xml,
                       const std::function<std::string(int)>& expression) {
  benchmark::RegisterBenchmark(("libxml2_evaluate/" + name).c_str(), libxml2_evaluate, name, xml, 5'000,
                               expression)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark(("recalculate/" + name).c_str(), recalculate, name, xml)
      ->Unit(benchmark::kMillisecond);
}

bool register_all() {
  if (!std::filesystem::exists(fixtures())) {
    std::fprintf(stderr, "skipped: no forms at ../shared/data/forms/fixtures\n");
    return false;
  }
  const std::string chain = perf_form("chain_5000");
  const std::string fan = perf_form("fan_5000");
  const std::string relevant = perf_form("relevant_5000");
  add_rows_of("chain_5000", chain);
  add_rows_of("fan_5000", fan);
  add_rows_of("relevant_5000", relevant);
  add_rows_of("who_1.5MB", text_of(fixtures() / "javarosa/smoketests/whova_form.xml"));
  const std::string x = "/*/*/*/*/*/x:x";
  add_recalculation("chain_5000", chain, [](int i) {
    return (i == 0 ? std::string("/*/*/*/*/*/x:x") : "/*/*/*/*/*/x:c" + std::to_string(i - 1)) + " + 1";
  });
  add_recalculation("fan_5000", fan, [x](int i) { return x + " * " + std::to_string(i); });
  add_recalculation("relevant_5000", relevant, [x](int i) { return x + " > " + std::to_string(i % 100); });
  benchmark::RegisterBenchmark("answer/relevant_5000", answer_one, relevant)->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("new_filling/relevant_5000", new_filling, relevant)
      ->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("new_filling/who_1.5MB", new_filling,
                               text_of(fixtures() / "javarosa/smoketests/whova_form.xml"))
      ->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("recheck/visita_cobranza", recheck_visit)->Unit(benchmark::kMicrosecond);
  const auto add = [](const std::string& name, auto run, const auto&... arguments) {
    benchmark::RegisterBenchmark(name.c_str(), run, arguments...)->Unit(benchmark::kMillisecond);
  };
  add("load/list_100000_csv", load_list, std::string("choices_external_100000"),
      std::string("colonias_100000.csv"));
  add("load/list_100000_internal", load_list, std::string("choices_internal_100000"), std::string());
  add("libxml2_filter/list_100000", libxml2_filter);
  add("filter/two_columns", filter_list,
      std::string("state = /data/state and municipality = /data/municipality"));
  add("filter/one_column", filter_list, std::string("municipality = /data/municipality"));
  add("filter/not_equal", filter_list, std::string("state != 's1' and label = 'Colonia 7'"));
  add("filter/contains", filter_list, std::string("contains(label, concat('9', /data/municipality))"));
  add("filter/or", filter_list, std::string("municipality = /data/municipality or name = 'c17'"));
  add("filter/number", filter_list, std::string("substring-after(name, 'c') &gt; 99990"));
  benchmark::RegisterBenchmark("append_repeat", append_repeat)
      ->Arg(10)
      ->Arg(1'000)
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
  return true;
}

const bool kRegistered = register_all();

}  // namespace
