#include "core/sync/headers.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace terreno {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view find_header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

std::optional<std::uint64_t> header_number(const HttpResponse& response, std::string_view name) {
  const std::string_view value = find_header(response, name);
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (failure != std::errc() || end != value.data() + value.size() || value.empty()) return std::nullopt;
  return number;
}

std::optional<ErrorCode> told_error(const HttpResponse& response) {
  const std::string_view name = find_header(response, "Terreno-Error");
  if (name.empty()) return std::nullopt;
  const auto* found = std::find_if(std::begin(kErrorTraits), std::end(kErrorTraits),
                                   [name](const ErrorTraits& row) { return row.name == name; });
  return found == std::end(kErrorTraits) ? ErrorCode::Internal : found->code;
}

}  // namespace terreno
