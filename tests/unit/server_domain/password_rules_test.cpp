#include "server/domain/password_rules.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace terreno::server;

TEST_CASE("passwords that attackers try first are refused") {
  for (const char* common :
       {"Password123!", "contraseña2026", "1234567890", "0987654321", "aaaaaaaaaaaa", "abcabcabcabc",
        "Qwertyuiop1", "Supervisor2026", "marta.lopez1", "20261121202611"}) {
    CHECK_MESSAGE(judge_password(common, "marta.lopez") == PasswordFault::TooCommon, common);
  }
  CHECK(judge_password("corta", "x") == PasswordFault::TooShort);
  CHECK(judge_password(std::string(201, 'x'), "x") == PasswordFault::TooLong);
}

TEST_CASE("a phrase of one's own is accepted") {
  CHECK(judge_password("siete perros verdes", "marta.lopez") == PasswordFault::None);
  CHECK(judge_password("kV9#rrLm2p", "marta.lopez") == PasswordFault::None);
}
