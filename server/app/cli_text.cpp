#include "server/app/cli_text.hpp"

#include <cstdlib>

namespace terreno::server {

Language cli_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return language_from_tag(value);
  }
  return Language::Spanish;
}

std::string cli_text(std::string_view key,
                     std::initializer_list<std::pair<std::string_view, std::string>> arguments) {
  return text(cli_language(), key, arguments);
}

}  // namespace terreno::server
