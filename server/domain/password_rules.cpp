#include "server/domain/password_rules.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace terreno::server {
namespace {

// The cores of passwords that lists of leaks are full of, in Spanish, English and Portuguese. A password that
// is one of them with digits or signs around it is as good as known.
constexpr std::string_view kCommonCores[] = {
    "password",   "contrasena", "contraseña", "senha",     "admin",   "administrador", "administrator",
    "qwerty",     "qwertyuiop", "asdfgh",     "asdfghjkl", "zxcvbnm", "letmein",       "welcome",
    "bienvenido", "bemvindo",   "iloveyou",   "tequiero",  "teamo",   "abc",           "abcd",
    "abcdef",     "mexico",     "colombia",   "peru",      "chile",   "brasil",        "futbol",
    "football",   "dragon",     "monkey",     "master",    "usuario", "supervisor",    "cobranza",
    "terreno",    "changeme",   "secret",     "secreto",   "clave"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// Without the digits and signs before and after.
std::string core_of(const std::string& password) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
  };
  const auto first = std::find_if(password.begin(), password.end(), is_letter);
  const auto last = std::find_if(password.rbegin(), password.rend(), is_letter).base();
  return first < last ? std::string(first, last) : std::string();
}

/// "aaaa…", "123123…", "abcabc…": a piece of at most four characters over and over.
bool repeats(const std::string& password) {
  for (std::size_t period = 1; period <= 4; ++period) {
    bool same = true;
    for (std::size_t i = period; i < password.size() && same; ++i) same = password[i] == password[i - period];
    if (same) return true;
  }
  return false;
}

/// "0123456789", "987654…": each character the next or the one before; ten digits wrap to 0.
bool counts(const std::string& password) {
  for (const int step : {1, -1}) {
    bool run = true;
    for (std::size_t i = 1; i < password.size() && run; ++i) {
      const int difference = password[i] - password[i - 1];
      run = difference == step || (difference == -9 * step && (password[i] == '0' || password[i] == '9'));
    }
    if (run) return true;
  }
  return false;
}

}  // namespace

PasswordFault judge_password(std::string_view password, std::string_view login) {
  if (password.size() < kMinPassword) return PasswordFault::TooShort;
  if (password.size() > kMaxPassword) return PasswordFault::TooLong;
  const std::string folded = lower(password);
  const std::string core = core_of(folded);
  const bool known =
      std::find(std::begin(kCommonCores), std::end(kCommonCores), core) != std::end(kCommonCores);
  const std::string own = lower(login);
  if (known || core.empty() || repeats(folded) || counts(folded) || (!own.empty() && core == core_of(own))) {
    return PasswordFault::TooCommon;
  }
  return PasswordFault::None;
}

}  // namespace terreno::server
