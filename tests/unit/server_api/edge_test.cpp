#include <doctest/doctest.h>

#include "server/api/remote.hpp"
#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

TEST_CASE("An IPv6 subscriber counts as one caller, and only a proxy's own word names another") {
  CHECK(limit_key("10.0.0.7") == "10.0.0.7");
  CHECK(limit_key("::ffff:10.0.0.7") == "10.0.0.7");
  CHECK(limit_key("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(limit_key("2001:db8:1:2:ffff::1") == limit_key("2001:db8:1:2::7"));
  CHECK(limit_key("2001:db8:1:3::7") != limit_key("2001:db8:1:2::7"));
  CHECK(limit_key("nonsense") == "nonsense");
  CHECK(forwarded_remote("1.2.3.4, 10.0.0.9") == "10.0.0.9");
  CHECK(forwarded_remote("2001:db8::1") == "2001:db8::1");
  for (const char* wrong : {"", "unknown", "1.2.3.4, ", "1.2.3.4:5678", "a\nb"}) {
    CHECK(forwarded_remote(wrong).empty());
  }
}

TEST_CASE("Behind a proxy one who guesses does not lock out the others; without one the header is nothing") {
  for (const bool behind_proxy : {true, false}) {
    CAPTURE(behind_proxy);
    ApiOptions options;
    options.behind_proxy = behind_proxy;
    Office office(options);
    const auto attempt = [&office](const std::string& login, const std::string& from) {
      Request request = Office::request("POST", "/api/login", Office::credentials(login, kPassword));
      request.headers["x-forwarded-for"] = "8.8.8.8, " + from;
      return office.call(std::move(request)).status;
    };
    for (int i = 0; i < 60; ++i) CHECK(attempt("nobody" + std::to_string(i), "192.0.2.1") == 401);
    CHECK(attempt("admin", "192.0.2.1") == 429);
    CHECK(attempt("admin", "192.0.2.2") == (behind_proxy ? 200 : 429));
  }
}

TEST_CASE("Asking whether the server is ready, however often, costs one durable write a second") {
  Office office;
  const auto before = office.storage->counters().commits;
  for (int i = 0; i < 100; ++i) CHECK(office.call(Office::request("GET", "/readyz")).status == 200);
  CHECK(office.storage->counters().commits <= before + 3);
}

TEST_CASE("Under TLS browsers are told to stay with it; pages may neither be framed nor ask for the camera") {
  ApiOptions options;
  options.secure_cookies = true;
  Office office(options);
  const Response page = office.call(Office::request("GET", "/"));
  CHECK(Office::header(page, "Strict-Transport-Security") == "max-age=31536000");
  CHECK(Office::header(page, "Content-Security-Policy").find("frame-ancestors 'none'") != std::string::npos);
  CHECK(Office::header(page, "X-Content-Type-Options") == "nosniff");
  CHECK(Office::header(page, "Referrer-Policy") == "same-origin");
  CHECK(Office::header(page, "Permissions-Policy").find("camera=()") != std::string::npos);
  Office plain;
  CHECK(Office::header(plain.call(Office::request("GET", "/")), "Strict-Transport-Security").empty());
}

TEST_CASE("A code lives by the real clock, however fast the demo's runs") {
  Office office;
  const Response made =
      office.as("supervisor", "POST",
                "/api/users/" + office.company.gestor_id(1).to_string() + "/enrolment-code", "{}");
  REQUIRE(made.status == 200);
  const json::value body = json::parse(made.body);
  CHECK(body.at("expires_in_s") == 24 * 3600);
  const std::string code(body.at("code").as_string());
  const auto enrol = [&office](const std::string& typed) {
    EnrolRequest message;
    message.code = typed;
    const Bytes bytes = codec::encode(message);
    return office.call(Office::request("POST", "/v1/enrol", std::string(as_text(bytes)))).status;
  };
  // A month of the demo passes in a minute of whoever types the code.
  office.clock.advance(30LL * 86'400'000);
  CHECK(enrol(code) == 200);
  const WallMs now = SystemClock().wall_ms();
  for (const std::int64_t left_ms : {-1000, 60'000}) {
    office.storage->add_enrolment_code({enrolment_code_hash("LEFT" + std::to_string(left_ms)),
                                        office.company.id(), office.company.gestor_id(1), now + left_ms});
    CHECK(enrol("LEFT" + std::to_string(left_ms)) == (left_ms > 0 ? 200 : 404));
  }
}
