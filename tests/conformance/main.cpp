// Runs recorded cases of other form engines and holds the failures against a table of exceptions.
//
// usage: forms_conformance [--only SUITE] [--show N] [--case ID] [DIR]
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <set>

#include "tests/conformance/fixture_files.hpp"
#include "tests/conformance/isolated.hpp"
#include "tests/conformance/scenario_cases.hpp"
#include "tests/conformance/xlsform_cases.hpp"
#include "tests/conformance/xpath_cases.hpp"

namespace {

using terreno::test::Json;

struct Options {
  std::filesystem::path folder = std::filesystem::path(TERRENO_SOURCE_DIR) / "../shared/data/forms";
  bool folder_named = false;
  std::string only;
  std::string single_case;
  std::size_t show = 20;
};

struct Suite {
  std::string name;
  std::string file;
  std::string (*id)(const Json&);
  std::string (*failure)(const Json&);
  bool (*counts)(const Json&);  ///< whether the case must hold; the others are told apart
  std::vector<std::string> (*not_compared)(const Json&) =
      nullptr;  ///< kinds of its steps that nobody compares
};

/// Case to reason, by suite.
using Exceptions = std::map<std::string, std::map<std::string, std::string>>;

constexpr std::size_t kMostExceptionsPercent = 2;
constexpr unsigned kMostSecondsOfACase = 10;  ///< of processor time

struct Outcome {
  std::size_t cases = 0, passed = 0;
  std::size_t others = 0, others_passed = 0;
  std::vector<std::pair<std::string, std::string>> excepted;
  std::vector<std::pair<std::string, std::string>> failed;
  std::vector<std::string> stale;
  std::map<std::string, std::size_t> not_compared;  ///< steps by their kind

  bool good() const {
    return failed.empty() && stale.empty() && excepted.size() * 100 <= cases * kMostExceptionsPercent;
  }
};

std::string given_id(const Json& row) { return row["id"].text(); }
bool always(const Json&) { return true; }

const std::vector<Suite>& suites() {
  using namespace terreno::test;
  static const std::vector<Suite> kSuites{
      {"xpath", "xpath_cases.jsonl", given_id, xpath_case_failure, in_xpath_gate},
      {"scenario", "scenario_cases.jsonl", given_id, scenario_failure, always, scenario_steps_not_compared},
      {"xlsform", "xlsform_cases.jsonl", xlsform_case_id, xlsform_case_failure, always}};
  return kSuites;
}

/// exceptions.csv: suite,case,reason; the reason is the rest of the line.
Exceptions read_exceptions() {
  std::ifstream in(std::filesystem::path(TERRENO_SOURCE_DIR) / "tests/conformance/exceptions.csv");
  Exceptions found;
  std::string line;
  std::getline(in, line);  // the headings
  while (std::getline(in, line)) {
    const std::size_t first = line.find(',');
    const std::size_t second = line.find(',', first + 1);
    if (second == std::string::npos || second + 1 == line.size())
      throw std::runtime_error("exceptions.csv: no reason in '" + line + "'");
    found[line.substr(0, first)][line.substr(first + 1, second - first - 1)] = line.substr(second + 1);
  }
  return found;
}

Outcome run(const Suite& suite, std::istream& in, const std::map<std::string, std::string>& exceptions,
            const std::string& single_case) {
  Outcome outcome;
  for (std::string line; std::getline(in, line);) {
    const Json row = terreno::test::parse_json(line);
    const std::string id = suite.id(row);
    if (!single_case.empty() && id != single_case) continue;
    const std::string failure =
        terreno::test::isolated([&] { return suite.failure(row); }, kMostSecondsOfACase);
    if (!suite.counts(row)) {
      ++outcome.others;
      outcome.others_passed += failure.empty() ? 1 : 0;
      continue;
    }
    ++outcome.cases;
    if (suite.not_compared != nullptr) {
      for (const std::string& kind : suite.not_compared(row)) ++outcome.not_compared[kind];
    }
    outcome.passed += failure.empty() ? 1 : 0;
    const auto exception = exceptions.find(id);
    if (exception == exceptions.end()) {
      if (!failure.empty()) outcome.failed.emplace_back(id, failure);
    } else if (failure.empty()) {
      outcome.stale.push_back(id);
    } else {
      outcome.excepted.emplace_back(id, exception->second);
    }
  }
  return outcome;
}

void print_details(const Outcome& outcome, std::size_t show) {
  for (const auto& [kind, steps] : outcome.not_compared)
    std::cout << "  NOT COMPARED  " << steps << " steps " << kind << "\n";
  for (const auto& [id, reason] : outcome.excepted)
    std::cout << "  exception  " << id << ": " << reason << "\n";
  for (const std::string& id : outcome.stale)
    std::cout << "  STALE      " << id << " passes; take it out of tests/conformance/exceptions.csv\n";
  for (std::size_t i = 0; i < outcome.failed.size() && i < show; ++i)
    std::cout << "  FAILED     " << outcome.failed[i].first << ": " << outcome.failed[i].second << "\n";
  if (outcome.failed.size() > show)
    std::cout << "  ... and " << outcome.failed.size() - show << " more (--show N shows more)\n";
  if (outcome.excepted.size() * 100 > outcome.cases * kMostExceptionsPercent)
    std::cout << "  TOO MANY   exceptions: at most " << kMostExceptionsPercent << " % of the cases\n";
}

void print_counts(const Suite& suite, const Outcome& outcome) {
  std::cout << std::left << std::setw(10) << suite.name << std::right << std::setw(7) << outcome.cases
            << " cases" << std::setw(7) << outcome.passed << " passed" << std::setw(5)
            << outcome.excepted.size() << " exceptions" << std::setw(5) << outcome.failed.size() << " failed";
  if (outcome.others > 0)
    std::cout << "  (beyond the gate: " << outcome.others_passed << " of " << outcome.others << ")";
  std::cout << std::endl;
}

Options read_options(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const bool takes_value = word == "--only" || word == "--show" || word == "--case";
    if (takes_value && i + 1 == count) throw std::runtime_error(word + " needs a value");
    if (word == "--only")
      options.only = words[++i];
    else if (word == "--show")
      options.show = std::stoul(words[++i]);
    else if (word == "--case")
      options.single_case = words[++i];
    else if (word.starts_with("--"))
      throw std::runtime_error("unknown option " + word);
    else
      options.folder = word, options.folder_named = true;
  }
  return options;
}

/// Files that others' tests use: each loads or is refused with words; none may crash or take long.
bool run_fixtures(const Options& options) {
  const std::filesystem::path folder = options.folder / "fixtures";
  if (!std::filesystem::is_directory(folder)) {
    std::cout << "skipped: no fixtures in " << options.folder.string() << "\n";
    return true;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() &&
        terreno::test::fixture_kind(entry.path()) != terreno::test::FixtureKind::Other)
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::pair<std::string, std::string>> refused, broken;
  for (const std::filesystem::path& file : files) {
    if (!options.single_case.empty() && file.filename() != options.single_case) continue;
    const std::string why = terreno::test::isolated(
        [&] { return "+" + terreno::test::fixture_refusal(file); }, kMostSecondsOfACase);
    const std::string name = std::filesystem::relative(file, folder).string();
    if (!why.starts_with('+'))
      broken.emplace_back(name, why);
    else if (why.size() > 1)
      refused.emplace_back(name, why.substr(1, why.find('\n') - 1));
  }
  std::cout << "fixtures " << files.size() << " files" << std::setw(7)
            << files.size() - refused.size() - broken.size() << " loaded" << std::setw(5) << refused.size()
            << " refused" << std::setw(5) << broken.size() << " broken" << std::endl;
  for (std::size_t i = 0; i < refused.size() && i < options.show; ++i)
    std::cout << "  refused    " << refused[i].first << ": " << refused[i].second << "\n";
  if (refused.size() > options.show)
    std::cout << "  ... and " << refused.size() - options.show << " more (--show N shows more)\n";
  for (const auto& [name, why] : broken) std::cout << "  BROKEN     " << name << ": " << why << "\n";
  return broken.empty();
}

/// Whether all suites hold.
bool run_all(const Options& options) {
  const Exceptions exceptions = read_exceptions();
  bool good = true;
  for (const Suite& suite : suites()) {
    if (!options.only.empty() && options.only != suite.name) continue;
    std::ifstream in(options.folder / suite.file);
    if (!in) {
      std::cout << "skipped: no " << suite.file << " in " << options.folder.string() << "\n";
      good = good && !options.folder_named;
      continue;
    }
    const auto own = exceptions.find(suite.name);
    const Outcome outcome =
        run(suite, in, own == exceptions.end() ? std::map<std::string, std::string>() : own->second,
            options.single_case);
    print_counts(suite, outcome);
    print_details(outcome, options.show);
    good = good && outcome.good();
  }
  if (options.only.empty() || options.only == "fixtures") good = run_fixtures(options) && good;
  return good;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run_all(read_options(count, words)) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "forms_conformance: " << error.what() << "\n";
    return 2;
  }
}
