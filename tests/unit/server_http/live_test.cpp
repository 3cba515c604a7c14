#include <doctest/doctest.h>

#include <random>

#include "tests/unit/server_http/raw_client.hpp"
#include "tests/unit/server_http/test_application.hpp"

using namespace terreno::server;

namespace {

std::string upgrade(std::string_view path, std::string_view origin = "") {
  std::string out = "GET ";
  out.append(path).append(
      " HTTP/1.1\r\nHost: console.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
  out.append("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  if (!origin.empty()) out.append("Origin: ").append(origin).append("\r\n");
  return out.append("\r\n");
}

/// RFC 6455 frame of a client: masked with zeros.
std::string client_frame(char opcode, std::string_view payload) {
  std::string out{static_cast<char>(0x80 | opcode)};
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(0x80 | payload.size()));
  } else {
    out.push_back(static_cast<char>(0x80 | 126));
    out.push_back(static_cast<char>(payload.size() >> 8));
    out.push_back(static_cast<char>(payload.size() & 0xFF));
  }
  return out.append(4, '\0').append(payload);
}

std::string read_text(RawClient& client) {
  const std::string head = client.read_bytes(2);
  if (head.size() < 2 || head[0] != static_cast<char>(0x81)) return "no text frame";
  std::size_t length = static_cast<unsigned char>(head[1]);
  if (length == 126) {
    const std::string more = client.read_bytes(2);
    length = static_cast<std::size_t>(static_cast<unsigned char>(more[0])) * 256 +
             static_cast<unsigned char>(more[1]);
  }
  return client.read_bytes(length);
}

struct Fixture {
  Fixture() {
    HttpOptions options;
    options.port = 0;
    server = start_http_server(options, application);
  }
  TestApplication application;
  std::unique_ptr<HttpServer> server;
};

}  // namespace

TEST_CASE("A WebSocket carries what is published, in order, and answers pings") {
  Fixture fixture;
  RawClient client(fixture.server->port());
  REQUIRE(client.send(upgrade("/live", "https://console.example")));
  const std::string answer = client.read_answer(true);
  REQUIRE(status_of(answer) == 101);
  CHECK(answer.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
  const auto connection = fixture.application.wait_for_live();
  REQUIRE(connection);
  for (int i = 0; i < 200; ++i) connection->send(std::make_shared<std::string>("event " + std::to_string(i)));
  for (int i = 0; i < 200; ++i) CHECK(read_text(client) == "event " + std::to_string(i));
  REQUIRE(client.send(client_frame(9, "hi")));
  CHECK(client.read_bytes(4) == std::string("\x8A\x02hi"));
  CHECK_FALSE(connection->closed());
}

TEST_CASE("A page of another site cannot open the live connection") {
  Fixture fixture;
  for (const char* origin : {"https://evil.example", "null", "https://console.example.evil.example"}) {
    RawClient client(fixture.server->port());
    REQUIRE(client.send(upgrade("/live", origin)));
    CHECK(status_of(client.read_answer()) == 403);
  }
  CHECK(fixture.application.live.empty());
  CHECK(fixture.application.has_refused(RefusedAt::Request, 403));
}

TEST_CASE("The application can refuse a live connection") {
  Fixture fixture;
  RawClient client(fixture.server->port());
  REQUIRE(client.send(upgrade("/other")));
  CHECK(status_of(client.read_answer()) == 404);
}

TEST_CASE("A peer that goes is noticed, and sending to it does nothing") {
  Fixture fixture;
  {
    RawClient client(fixture.server->port());
    REQUIRE(client.send(upgrade("/live")));
    REQUIRE(status_of(client.read_answer(true)) == 101);
    REQUIRE(fixture.application.wait_for_live());
  }
  const auto connection = fixture.application.wait_for_live();
  for (int i = 0; i < 400 && !connection->closed(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK(connection->closed());
  connection->send(std::make_shared<std::string>("nobody hears this"));
}

TEST_CASE("A peer that does not read is cut off") {
  Fixture fixture;
  RawClient client(fixture.server->port());
  REQUIRE(client.send(upgrade("/live")));
  REQUIRE(status_of(client.read_answer(true)) == 101);
  const auto connection = fixture.application.wait_for_live();
  REQUIRE(connection);
  const auto event = std::make_shared<std::string>(60'000, 'x');
  for (int i = 0; i < 2000 && !connection->closed(); ++i) {
    connection->send(event);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(connection->closed());
}

TEST_CASE("A message over the limit ends the connection") {
  Fixture fixture;
  RawClient client(fixture.server->port());
  REQUIRE(client.send(upgrade("/live")));
  REQUIRE(status_of(client.read_answer(true)) == 101);
  const auto connection = fixture.application.wait_for_live();
  REQUIRE(connection);
  REQUIRE(client.send(client_frame(1, std::string(1000, 'a'))));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK_FALSE(connection->closed());
  client.send(client_frame(1, std::string(5000, 'a')));
  for (int i = 0; i < 400 && !connection->closed(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK(connection->closed());
}

TEST_CASE("A stop says goodbye to live peers") {
  Fixture fixture;
  RawClient client(fixture.server->port());
  REQUIRE(client.send(upgrade("/live")));
  REQUIRE(status_of(client.read_answer(true)) == 101);
  REQUIRE(fixture.application.wait_for_live());
  std::thread stopper([&fixture] { fixture.server->stop(5); });
  const std::string goodbye = client.read_bytes(4);
  CHECK(goodbye == std::string("\x88\x02\x03\xE9"));
  client.send(client_frame(8, "\x03\xE9"));
  client.finish_sending();
  stopper.join();
}

TEST_CASE("Publishing while peers come and go loses no memory and no order") {
  Fixture fixture;
  std::atomic<bool> stop{false};
  std::thread publisher([&] {
    const auto event = std::make_shared<std::string>("tick");
    while (!stop) {
      std::vector<std::shared_ptr<LiveConnection>> all;
      {
        const std::lock_guard lock(fixture.application.mutex);
        all = fixture.application.live;
      }
      for (const auto& connection : all) connection->send(event);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  for (int i = 0; i < 30; ++i) {
    RawClient client(fixture.server->port());
    REQUIRE(client.send(upgrade("/live")));
    REQUIRE(status_of(client.read_answer(true)) == 101);
    CHECK(read_text(client) == "tick");
  }
  stop = true;
  publisher.join();
}
