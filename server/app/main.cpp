#include <algorithm>
#include <iostream>
#include <string_view>

#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"

namespace terreno::server {
namespace {

struct Command {
  std::string_view name;  ///< one or two words
  int (*run)(const Words&);
  std::string_view usage;
};

constexpr Command kCommands[] = {
    {"serve", serve,
     "serve --data DIR [--address A] [--port P] [--port-file F] [--console DIR] [--certificate F --key F] "
     "[--behind-proxy] [--demo-clock PLAN]"},
    {"admin create", admin_create,
     "admin create --data DIR --tenant NAME --login L [--name N] [--password-file F]"},
    {"user add", user_add,
     "user add --data DIR [--tenant NAME] --login L [--name N] [--role gestor|supervisor|analyst|admin] "
     "[--password-file F]"},
    {"enrolment-code", enrolment_code, "enrolment-code --data DIR --login L"},
    {"phone list", phone_list, "phone list --data DIR --login L"},
    {"phone revoke", phone_revoke, "phone revoke --data DIR --login L --phone ID"},
    {"import", import_cases, "import --data DIR [--tenant NAME] [--skip-bad] FILE.csv"},
    {"form check", form_check, "form check FILE   (.xlsx, .xls, .md, .csv or XForm .xml)"},
    {"form convert", form_convert, "form convert FILE"},
    {"form fill", form_fill, "form fill [--language L] [--from SUBMISSION.xml] [--xml] FILE"},
    {"form add", form_add, "form add --data DIR [--tenant NAME] [--hold] FILE"},
    {"form list", form_list, "form list --data DIR [--tenant NAME]"},
    {"form use", form_use,
     "form use --data DIR [--tenant NAME] [--version V] collection|validation_home|validation_business "
     "FORM_ID"},
    {"form answers", form_answers,
     "form answers FORM_ID --out FILE.xlsx|FILE.csv --data DIR [--tenant NAME] [--from yyyy-mm-dd] "
     "[--to yyyy-mm-dd] [--version V] [--lang L] [--header both|path|label] [--split] [--repeat PATH]"},
    {"tenant policy", tenant_policy,
     "tenant policy --data DIR [--tenant NAME] [--sync-interval-s N] [--chunk-interval-s N] "
     "[--utc-offset-minutes N] "
     "[--currency C] [--purpose collection|validation] [--inside-percent N] [--outside-percent N] "
     "[--max-fix-age-s N] [--unconfirmed allow|refuse]"},
    {"tenant basemap", tenant_basemap, "tenant basemap --data DIR [--tenant NAME] FILE.geojson"},
};

void print_usage(std::ostream& out) {
  out << cli_text("cli.usage") << "\n";
  for (const Command& command : kCommands) out << "  terreno " << command.usage << "\n";
}

/// The words of `command` at the start of `words`, or 0.
std::size_t words_matched(const Command& command, const Words& words) {
  const std::size_t space = command.name.find(' ');
  if (space == std::string_view::npos) return !words.empty() && words[0] == command.name ? 1 : 0;
  return words.size() > 1 && words[0] == command.name.substr(0, space) &&
                 words[1] == command.name.substr(space + 1)
             ? 2
             : 0;
}

int run(const Words& words) {
  if (words.empty() || words[0] == "--help" || words[0] == "help") {
    print_usage(words.empty() ? std::cerr : std::cout);
    return words.empty() ? 2 : 0;
  }
  for (const Command& command : kCommands) {
    const std::size_t matched = words_matched(command, words);
    if (matched == 0) continue;
    const Words rest(words.begin() + static_cast<std::ptrdiff_t>(matched), words.end());
    if (std::find(rest.begin(), rest.end(), "--help") != rest.end()) {
      std::cout << "terreno " << command.usage << "\n";
      return 0;
    }
    try {
      return command.run(rest);
    } catch (const UsageError& error) {
      std::cerr << error.message << "\n  terreno " << command.usage << "\n";
      return 2;
    }
  }
  std::cerr << cli_text("cli.unknown_command", {{"command", words[0]}}) << "\n";
  print_usage(std::cerr);
  return 2;
}

}  // namespace
}  // namespace terreno::server

int main(int argc, char** argv) {
  try {
    return terreno::server::run({argv + 1, argv + argc});
  } catch (const terreno::Error& error) {
    std::cerr << error.message << "\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
  }
  return 1;
}
