#include "server/domain/login_rules.hpp"

#include <doctest/doctest.h>

using namespace terreno::server;

TEST_CASE("a login is what can be typed alike everywhere, in small letters") {
  CHECK(usable_login("Rosa.Medina") == "rosa.medina");
  CHECK(usable_login("r+2_x-y@z.mx") == "r+2_x-y@z.mx");
  for (const char* wrong : {"", "peña", "rosa medina", "rosa ", " rosa", "a/b", "rosa\n"}) {
    CAPTURE(std::string(wrong));
    CHECK_FALSE(usable_login(wrong).has_value());
  }
  CHECK(usable_login(std::string(kMaxLoginBytes, 'a')).has_value());
  CHECK_FALSE(usable_login(std::string(kMaxLoginBytes + 1, 'a')).has_value());
}

TEST_CASE("a name is not empty and not endless") {
  CHECK(usable_name("Rosa Peña"));
  CHECK_FALSE(usable_name(""));
  CHECK_FALSE(usable_name("   "));
  CHECK_FALSE(usable_name(std::string(kMaxNameBytes + 1, 'a')));
}
