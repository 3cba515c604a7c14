#include <doctest/doctest.h>

#include <fstream>

#include "core/base/error.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/server_http/test_application.hpp"
#include "tests/unit/server_http/test_certificate.hpp"
#include "tests/unit/server_http/tls_client.hpp"

using namespace terreno;
using namespace terreno::server;

namespace {

HttpOptions options_of(const std::string& certificate_file, const std::string& key_file) {
  HttpOptions options;
  options.port = 0;
  options.request_timeout_s = 1;
  options.certificate_file = certificate_file;
  options.key_file = key_file;
  return options;
}

struct Fixture {
  Fixture() { server = start_http_server(options_of(own.certificate_file(), own.key_file()), application); }

  tests::TempDir folder;
  TestCertificate own{folder.path(), "own"};
  TestApplication application;
  std::unique_ptr<HttpServer> server;
};

/// What a start with these files complains of; empty when it starts.
std::string complaint(const std::string& certificate_file, const std::string& key_file) {
  TestApplication application;
  try {
    start_http_server(options_of(certificate_file, key_file), application);
  } catch (const Error& error) {
    return error.message;
  }
  return {};
}

const std::string kUpgrade =
    "GET /live HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

}  // namespace

TEST_CASE("A client that verifies the certificate sends requests and bodies over TLS") {
  Fixture fixture;
  TlsClient client(fixture.server->port(), fixture.own.certificate_file());
  REQUIRE(client.connected());
  CHECK(client.version() == "TLSv1.3");
  const std::string body(900'000, 'x');
  for (int i = 0; i < 3; ++i) {
    REQUIRE(client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n"));
    for (std::size_t at = 0; at < body.size(); at += 100'000) REQUIRE(client.send(body.substr(at, 100'000)));
    REQUIRE(status_of(client.read_head()) == 200);
    CHECK(client.read_bytes(body.size()) == body);
  }
}

TEST_CASE("A WebSocket runs over TLS") {
  Fixture fixture;
  TlsClient client(fixture.server->port(), fixture.own.certificate_file());
  REQUIRE(client.connected());
  REQUIRE(client.send(kUpgrade));
  CHECK(status_of(client.read_head()) == 101);
  const auto connection = fixture.application.wait_for_live();
  REQUIRE(connection);
  connection->send(std::make_shared<std::string>("hello"));
  CHECK(client.read_bytes(7) == "\x81\x05hello");
  std::thread stopper([&fixture] { fixture.server->stop(5); });
  CHECK(client.read_bytes(4) == std::string("\x88\x02\x03\xE9"));
  client.send(std::string("\x88\x82\0\0\0\0\x03\xE9", 8));
  stopper.join();
}

TEST_CASE("A client that trusts another certificate does not connect, and old TLS is refused") {
  Fixture fixture;
  const TestCertificate other(fixture.folder.path(), "other");
  CHECK_FALSE(TlsClient(fixture.server->port(), other.certificate_file()).connected());
  CHECK(fixture.application.has_refused(RefusedAt::Handshake, 400));
  CHECK_FALSE(TlsClient(fixture.server->port(), fixture.own.certificate_file(), TLS1_1_VERSION).connected());
  CHECK(TlsClient(fixture.server->port(), fixture.own.certificate_file(), TLS1_2_VERSION).version() ==
        "TLSv1.2");
}

TEST_CASE("Plain HTTP on a port of TLS is told so and closed; noise and silence are closed and counted") {
  Fixture fixture;
  {
    RawClient plain(fixture.server->port());
    REQUIRE(plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    const std::string answer = plain.read_to_end();
    CHECK(status_of(answer) == 400);
    CHECK(answer.find("HTTPS") != std::string::npos);
    CHECK(fixture.application.has_refused(RefusedAt::Handshake, 400));
  }
  RawClient noise(fixture.server->port());
  REQUIRE(noise.send(std::string(200, '\x07')));
  CHECK(noise.read_to_end().find("HTTP") == std::string::npos);
  RawClient silent(fixture.server->port());
  CHECK(silent.is_closed_within(4000));
  CHECK(fixture.application.has_refused(RefusedAt::Handshake, 408));
  // The server has borne all of it.
  TlsClient client(fixture.server->port(), fixture.own.certificate_file());
  REQUIRE(client.connected());
  REQUIRE(client.send("GET /describe HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  CHECK(status_of(client.read_head()) == 200);
  CHECK(fixture.application.handled == 1);
}

TEST_CASE("Certificate or key that cannot be used end the start with the file and the reason") {
  const tests::TempDir folder;
  const TestCertificate good(folder.path(), "good");
  const TestCertificate other(folder.path(), "other");
  const TestCertificate over(folder.path(), "over", {-7200, -3600});
  const TestCertificate early(folder.path(), "early", {3600, 7200});
  const std::string noise = folder.file("noise.pem");
  std::ofstream(noise) << "-----BEGIN CERTIFICATE-----\nbm9pc2U=\n-----END CERTIFICATE-----\n";
  const std::string empty = folder.file("empty.pem");
  std::ofstream{empty};
  const std::string locked = folder.file("locked.key");
  write_locked_key(good, locked);
  struct Row {
    std::string what, certificate, key, file, reason;
  };
  const Row rows[] = {
      {"no certificate", folder.file("none.crt"), good.key_file(), "none.crt", "No such file"},
      {"no key", good.certificate_file(), folder.file("none.key"), "none.key", "No such file"},
      {"a folder", folder.path().string(), good.key_file(), folder.path().string(), "PEM"},
      {"noise", noise, good.key_file(), noise, "PEM"},
      {"empty", empty, good.key_file(), empty, "PEM"},
      {"a key for a certificate", good.key_file(), good.key_file(), "good.key", "PEM"},
      {"a certificate for a key", good.certificate_file(), good.certificate_file(), "good.crt", "PEM"},
      {"another's key", good.certificate_file(), other.key_file(), "other.key", "good.crt"},
      {"a key under a pass phrase", good.certificate_file(), locked, "locked.key", "PEM"},
      {"expired", over.certificate_file(), over.key_file(), "over.crt", "GMT"},
      {"not valid yet", early.certificate_file(), early.key_file(), "early.crt", "GMT"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const std::string said = complaint(row.certificate, row.key);
    CAPTURE(said);
    CHECK(said.find(row.file) != std::string::npos);
    CHECK(said.find(row.reason) != std::string::npos);
  }
  CHECK(complaint(good.certificate_file(), good.key_file()).empty());
}
