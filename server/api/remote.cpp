#include "server/api/remote.hpp"

#include <arpa/inet.h>

#include <array>

namespace terreno::server {
namespace {

constexpr std::string_view kMapped = "::ffff:";

bool is_ipv4(const std::string& text) {
  in_addr address{};
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1;
}

}  // namespace

std::string limit_key(std::string_view remote) {
  std::string text(remote);
  if (text.starts_with(kMapped) && is_ipv4(text.substr(kMapped.size()))) return text.substr(kMapped.size());
  in6_addr address{};
  if (::inet_pton(AF_INET6, text.c_str(), &address) != 1) return text;
  for (std::size_t i = 8; i < sizeof address.s6_addr; ++i) address.s6_addr[i] = 0;
  std::array<char, INET6_ADDRSTRLEN> out{};
  ::inet_ntop(AF_INET6, &address, out.data(), out.size());
  return std::string(out.data()) + "/64";
}

std::string forwarded_remote(std::string_view forwarded_for) {
  std::string_view last = forwarded_for.substr(forwarded_for.find_last_of(',') + 1);
  while (last.starts_with(' ')) last.remove_prefix(1);
  while (last.ends_with(' ')) last.remove_suffix(1);
  std::string text(last);
  in6_addr address{};
  return is_ipv4(text) || ::inet_pton(AF_INET6, text.c_str(), &address) == 1 ? text : std::string();
}

}  // namespace terreno::server
