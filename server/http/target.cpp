#include "server/http/target.hpp"

namespace terreno::server {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool decode_into(std::string& out, std::string_view text, bool plus_is_space) {
  out.clear();
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return false;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return false;
    out.push_back(c);
  }
  return true;
}

bool parse_query(std::string_view text, std::map<std::string, std::string>& query) {
  std::string name;
  std::string value;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(pair.size() + (pair.size() < text.size() ? 1 : 0));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    if (!decode_into(name, pair.substr(0, equals), true)) return false;
    const auto raw = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    if (!decode_into(value, raw, true)) return false;
    query.insert_or_assign(name, value);
  }
  return true;
}

}  // namespace

bool split_target(std::string_view target, std::string& path, std::map<std::string, std::string>& query) {
  query.clear();
  if (!target.starts_with('/')) return false;
  target = target.substr(0, target.find('#'));
  const std::size_t mark = target.find('?');
  if (!decode_into(path, target.substr(0, mark), false)) return false;
  return mark == std::string_view::npos || parse_query(target.substr(mark + 1), query);
}

}  // namespace terreno::server
