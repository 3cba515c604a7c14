#include "server/domain/enrolment.hpp"

#include <array>

namespace terreno::server {

std::string make_enrolment_code() {
  static constexpr std::string_view kLetters = "ABCDEFGHJKMNPQRSTVWXYZ0123456789";
  static_assert(kLetters.size() == 32);
  std::array<std::uint8_t, 12> random;
  fill_random(random);
  std::string code;
  for (std::size_t i = 0; i < random.size(); ++i) {
    if (i > 0 && i % 4 == 0) code.push_back('-');
    code.push_back(kLetters[random[i] % kLetters.size()]);
  }
  return code;
}

std::string normalised_code(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    code.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return code;
}

Sha256 enrolment_code_hash(std::string_view typed) { return sha256(as_bytes(normalised_code(typed))); }

Sha256 token_hash(std::string_view token) { return sha256(as_bytes(token)); }

}  // namespace terreno::server
