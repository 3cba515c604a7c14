#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "server/api/login_guard.hpp"
#include "server/api/sessions.hpp"
#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

int me(Office& office, const std::string& cookie) {
  Request request = Office::request("GET", "/api/me");
  request.headers["cookie"] = cookie;
  return office.call(std::move(request)).status;
}

/// A session as if it had been opened and used before.
std::string aged_session(Office& office, std::int64_t created_ago_ms, std::int64_t used_ago_ms) {
  const WallMs now = SystemClock().wall_ms();
  const std::string token = random_token(16);
  Session session;
  session.token_hash = token_hash(token);
  session.user_id = Office::user_id(1, 901);
  session.created_at_ms = now - created_ago_ms;
  session.last_used_at_ms = now - used_ago_ms;
  session.expires_at_ms = session.created_at_ms + kSessionAbsolute_ms;
  office.storage->add_session(session);
  return "terreno_session=" + token;
}

}  // namespace

TEST_CASE("A login opens a session whose cookie no script and no other site can use") {
  Office office;
  const Response response =
      office.call(Office::request("POST", "/api/login", Office::credentials(" Supervisor ", kPassword)));
  REQUIRE(response.status == 200);
  const std::string cookie = Office::header(response, "Set-Cookie");
  for (const char* part : {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"}) {
    CHECK(cookie.find(part) != std::string::npos);
  }
  CHECK(cookie.find("Secure") == std::string::npos);
  const json::value body = json::parse(response.body);
  CHECK(body.at("user").at("role") == "supervisor");
  CHECK(body.at("user").at("tenant").at("currency") == "MXN");
  CHECK(response.body.find("hash") == std::string::npos);
  CHECK(me(office, "a=b; " + cookie.substr(0, cookie.find(';'))) == 200);
  CHECK(me(office, "terreno_session=" + random_token(16)) == 401);
  CHECK(me(office, "xterreno_session=1") == 401);
}

TEST_CASE("Under TLS the cookie is secure") {
  ApiOptions options;
  options.secure_cookies = true;
  Office office(options);
  const Response response =
      office.call(Office::request("POST", "/api/login", Office::credentials("admin", kPassword)));
  CHECK(Office::header(response, "Set-Cookie").find("Secure") != std::string::npos);
}

TEST_CASE("A session ends by logging out, by idleness and by age") {
  Office office;
  const std::string cookie = office.log_in("supervisor");
  REQUIRE(me(office, cookie) == 200);
  Request request = Office::request("POST", "/api/logout");
  request.headers["cookie"] = cookie;
  CHECK(office.call(std::move(request)).status == 204);
  CHECK(me(office, cookie) == 401);
  constexpr std::int64_t minute = 60'000;
  CHECK(me(office, aged_session(office, 59 * minute, 59 * minute)) == 200);
  CHECK(me(office, aged_session(office, 61 * minute, 61 * minute)) == 401);
  CHECK(me(office, aged_session(office, 12 * 60 * minute - minute, 0)) == 200);
  CHECK(me(office, aged_session(office, 12 * 60 * minute + minute, 0)) == 401);
}

TEST_CASE("Use keeps a session from going idle") {
  Office office;
  const std::string cookie = aged_session(office, 3'600'000, 3'000'000);
  REQUIRE(me(office, cookie) == 200);
  const auto session = office.storage->find_session(token_hash(cookie.substr(cookie.find('=') + 1)));
  REQUIRE(session);
  CHECK(SystemClock().wall_ms() - session->last_used_at_ms < 60'000);
}

TEST_CASE("Whoever is switched off, or whose password changes, is out at once") {
  Office office;
  const std::string supervisor = Office::user_id(1, 901).to_string();
  const std::string cookie = office.log_in("supervisor");
  REQUIRE(
      office.as("admin", "POST", "/api/users/" + supervisor + "/password", R"({"password":"otra cosa 123"})")
          .status == 204);
  CHECK(me(office, cookie) == 401);
  CHECK(office.log_in("supervisor").empty());
  const std::string again = Office::header(
      office.call(Office::request("POST", "/api/login", Office::credentials("supervisor", "otra cosa 123"))),
      "Set-Cookie");
  const std::string fresh = again.substr(0, again.find(';'));
  REQUIRE(me(office, fresh) == 200);
  REQUIRE(office.as("admin", "POST", "/api/users/" + supervisor + "/active", R"({"active":false})").status ==
          200);
  CHECK(me(office, fresh) == 401);
  CHECK(office.call(Office::request("POST", "/api/login", Office::credentials("supervisor", "otra cosa 123")))
            .status == 401);
}

TEST_CASE("Whoever changes their own password has to know it, and stays in with a new session") {
  Office office;
  const std::string path = "/api/users/" + Office::user_id(1, 902).to_string() + "/password";
  const std::string cookie = office.log_in("analyst");
  const auto change = [&](const json::object& body) {
    Request request = Office::request("POST", path, json::serialize(body));
    request.headers["cookie"] = cookie;
    return office.call(std::move(request));
  };
  // A console left open is not enough to take a login away, and guessing there ends as it does at the login.
  CHECK(change({{"password", "otra cosa 123"}}).status == 403);
  CHECK(change({{"password", "otra cosa 123"}, {"current", "wrong"}}).status == 403);
  CHECK(me(office, cookie) == 200);
  const Response response = change({{"password", "otra cosa 123"}, {"current", kPassword}});
  REQUIRE(response.status == 204);
  const std::string fresh = Office::header(response, "Set-Cookie");
  CHECK(me(office, cookie) == 401);
  CHECK(me(office, fresh.substr(0, fresh.find(';'))) == 200);
}

TEST_CASE("Guessing a password ends in 429, which even the right password then gets") {
  Office office;
  Response response;
  for (std::uint32_t i = 0; i < kLoginTriesPerLogin; ++i) {
    response =
        office.call(Office::request("POST", "/api/login", Office::credentials("admin", "wrong password")));
    CHECK(response.status == 401);
  }
  response = office.call(Office::request("POST", "/api/login", Office::credentials("admin", kPassword)));
  CHECK(response.status == 429);
  CHECK(std::stoi(Office::header(response, "Retry-After")) > 0);
  // Others are not locked out with it.
  CHECK(
      office.call(Office::request("POST", "/api/login", Office::credentials("analyst", kPassword))).status ==
      200);
}

TEST_CASE("An unknown login and a wrong password are answered alike") {
  Office office;
  const Response unknown =
      office.call(Office::request("POST", "/api/login", Office::credentials("nobody", "x")));
  const Response wrong =
      office.call(Office::request("POST", "/api/login", Office::credentials("admin", "x")));
  CHECK(unknown.status == 401);
  CHECK(unknown.body == wrong.body);
  CHECK(office.call(Office::request("POST", "/api/login", "[1]")).status == 400);
  CHECK(office.call(Office::request("POST", "/api/login", "{}")).status == 401);
}

TEST_CASE("The guard counts per login and per remote, forgives a success and forgets after its window") {
  Office office;
  LoginGuard guard(office.clock);
  const auto wait = [&](const std::string& login, const std::string& password, const std::string& remote) {
    return guard.check(*office.storage, login, password, remote).retry_after_ms;
  };
  for (std::uint32_t i = 0; i < kLoginTriesPerLogin - 1; ++i) CHECK(wait("admin", "x", "a") == 0);
  CHECK(guard.check(*office.storage, "admin", kPassword, "a").user);
  for (std::uint32_t i = 0; i < kLoginTriesPerLogin; ++i) CHECK(wait("admin", "x", "b") == 0);
  CHECK(wait("admin", kPassword, "b") > 0);
  CHECK(wait("admin", kPassword, "c") > 0);
  office.clock.advance(kLoginWindow_ms);
  CHECK(guard.check(*office.storage, "admin", kPassword, "b").user);
  office.clock.advance(kLoginWindow_ms);
  for (std::uint32_t i = 0; i < kLoginTriesPerRemote; ++i)
    CHECK(wait("l" + std::to_string(i), "x", "r") == 0);
  CHECK(wait("analyst", kPassword, "r") > 0);
  CHECK(guard.check(*office.storage, "analyst", kPassword, "s").user);
}

TEST_CASE("An office that logs in from one address is never locked out by its own right passwords") {
  Office office;
  LoginGuard guard(office.clock);
  for (std::uint32_t i = 0; i < kLoginTriesPerRemote + 5; ++i) {
    REQUIRE(guard.check(*office.storage, i % 2 == 0 ? "admin" : "analyst", kPassword, "office").user);
  }
}

TEST_CASE("A burst of parallel guesses counts in full and never runs more than a few hashes") {
  Office office;
  LoginGuard guard(office.clock);
  std::atomic<std::uint32_t> looked_at{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 4; ++i) {
        if (guard.check(*office.storage, "admin", "guess", "burst").retry_after_ms == 0) ++looked_at;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(looked_at <= kLoginTriesPerLogin);
  CHECK(looked_at > 0);
}

TEST_CASE("An unknown login takes as long as a wrong password") {
  Office office;
  LoginGuard guard(office.clock);
  const auto quickest_ms = [&](const std::string& login) {
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
      const auto began = std::chrono::steady_clock::now();
      (void)guard.check(*office.storage, login, "wrong password", "r" + std::to_string(i));
      const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - began;
      best = std::min(best, spent.count());
    }
    return best;
  };
  const double known = quickest_ms("admin");
  const double unknown = quickest_ms("nobody");
  CHECK(unknown > known / 3);
  CHECK(unknown < known * 3);
}
