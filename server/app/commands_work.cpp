#include <iostream>

#include "server/api/case_intake.hpp"
#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"

namespace terreno::server {
namespace {

void print_problems(const std::vector<ImportProblem>& problems) {
  for (const ImportProblem& problem : problems) {
    std::string where = cli_text("cli.import_line", {{"line", std::to_string(problem.line)}});
    if (!problem.column.empty()) where += ", " + cli_text("cli.import_column", {{"column", problem.column}});
    std::cerr << where << ": " << problem.reason << "\n";
  }
}

void print_unlisted(const CaseTable& table) {
  if (table.problem_count <= table.problems.size()) return;
  std::cerr << cli_text("cli.import_more",
                        {{"count", std::to_string(table.problem_count - table.problems.size())}})
            << "\n";
}

}  // namespace

int import_cases(const Words& words) {
  const Arguments arguments(words, {"data", "tenant"}, {"skip-bad"});
  const std::string csv = read_file(arguments.only_word("FILE.csv"), kMaxImportBytes);
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  const Intake intake =
      take_cases(*storage, tenant, csv, arguments.has("skip-bad"), cli_language(), SystemClock().wall_ms());
  print_problems(intake.table.problems);
  print_unlisted(intake.table);
  if (intake.imported) print_problems(intake.table.warnings);
  if (!intake.imported) {
    std::cerr << cli_text("cli.nothing_imported", {{"count", std::to_string(intake.table.problem_count)}})
              << "\n";
    return 1;
  }
  std::cout << cli_text("cli.imported", {{"added", std::to_string(intake.counts.added)},
                                         {"updated", std::to_string(intake.counts.updated)},
                                         {"unchanged", std::to_string(intake.counts.unchanged)},
                                         {"skipped", std::to_string(intake.table.bad_lines)}})
            << "\n";
  return 0;
}

}  // namespace terreno::server
