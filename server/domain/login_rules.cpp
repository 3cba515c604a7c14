#include "server/domain/login_rules.hpp"

namespace terreno::server {

std::optional<std::string> usable_login(std::string_view typed) {
  if (typed.empty() || typed.size() > kMaxLoginBytes) return std::nullopt;
  std::string login(typed);
  for (char& c : login) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      std::string_view("._-@+").find(c) != std::string_view::npos;
    if (!good) return std::nullopt;
  }
  return login;
}

bool usable_name(std::string_view name) {
  return name.size() <= kMaxNameBytes && name.find_first_not_of(' ') != std::string_view::npos;
}

}  // namespace terreno::server
