#include <chrono>
#include <fstream>
#include <iostream>

#include "core/forms/limits.hpp"
#include "core/forms/submission.hpp"
#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"
#include "server/app/form_filler.hpp"
#include "server/app/loaded_form.hpp"

namespace terreno::server {
namespace {

forms::FormContext context_now() {
  forms::FormContext context;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  context.now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  context.random_seed = static_cast<std::uint64_t>(context.now_ms);
  context.username = "terreno";
  context.device_id = "terminal";
  return context;
}

void begin_with(forms::FormSession& session, const std::string& file) {
  const std::string xml = read_file(file, forms::kMaxXFormBytes);
  const auto inputs = forms::read_submission(session.form(), xml);
  session.restore(inputs.value()).value();
}

void print_answers(const forms::FormSession& session) {
  for (const forms::Answer& answer : session.answers())
    std::cout << answer.path << " = " << answer.value << "\n";
}

}  // namespace

int form_fill(const Words& words) {
  const Arguments arguments(words, {"language", "from"}, {"xml"});
  const auto form = load_form(arguments.only_word("FILE"));
  if (!form) return 1;
  const std::string language = arguments.get("language", "es");
  forms::FormSession session(form->compiled, context_now());
  if (arguments.has("from")) begin_with(session, arguments.get("from"));
  // Questions go where people look, what was answered where programs read.
  std::cerr << form->version.title << "\n" << cli_text("cli.fill_help") << "\n";
  FormFiller(session, language, std::cin, std::cerr).run();
  session.finish(context_now().now_ms);
  const auto problems = session.problems(language);
  std::cerr << "\n";
  for (const forms::AnswerProblem& problem : problems)
    std::cerr << cli_text("cli.form_error") << " " << problem.path << ": " << problem.message << "\n";
  if (arguments.has("xml"))
    std::cout << forms::write_submission(session);
  else
    print_answers(session);
  return problems.empty() ? 0 : 1;
}

}  // namespace terreno::server
