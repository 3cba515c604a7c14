#include <doctest/doctest.h>

#include "tests/unit/server_http/running_server.hpp"

using namespace terreno::server;

TEST_CASE("A body over the limit is refused before it is read") {
  RunningServer fixture;
  SUBCASE("by its claimed length, though none of it comes") {
    RawClient client = fixture.connect();
    REQUIRE(client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000000\r\n\r\n"));
    client.finish_sending();
    CHECK(status_of(client.read_to_end()) == 413);
    CHECK(fixture.application.has_refused(RefusedAt::Request, 413));
  }
  SUBCASE("by what its chunks add up to") {
    RawClient client = fixture.connect();
    REQUIRE(client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    for (int i = 0; i < 17; ++i) client.send(chunk);
    client.finish_sending();
    CHECK(status_of(client.read_to_end()) == 413);
  }
  SUBCASE("while the client still sends it: the refusal arrives all the same") {
    RawClient client = fixture.connect();
    REQUIRE(client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n"));
    client.send(std::string(2'000'000, 'x'));
    CHECK(status_of(client.read_answer()) == 413);
  }
  SUBCASE("where none is allowed") {
    RawClient client = fixture.connect();
    REQUIRE(client.send("GET /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"));
    CHECK(status_of(client.read_answer()) == 413);
  }
  CHECK(fixture.application.handled == 0);
}

TEST_CASE("A header over the limit is refused") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(40'000, 'x') + "\r\n\r\n");
  CHECK(status_of(client.read_to_end()) == 431);
  CHECK(fixture.application.has_refused(RefusedAt::Request, 431));
}

TEST_CASE("100-continue is said only when the body is wanted") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
  REQUIRE(client.send(head + "5\r\n\r\n"));
  CHECK(client.read_bytes(25) == "HTTP/1.1 100 Continue\r\n\r\n");
  REQUIRE(client.send("hello"));
  CHECK(body_of(client.read_answer()) == "hello");
  REQUIRE(client.send(head + "5000000\r\n\r\n"));
  CHECK(status_of(client.read_answer()) == 413);
}

TEST_CASE("Slow and silent clients are let go") {
  RunningServer fixture(short_limits());
  SUBCASE("one that says nothing") {
    RawClient client = fixture.connect();
    CHECK(client.is_closed_within(4000));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    // A connection that lay idle has refused nothing.
    CHECK(fixture.application.refusals.empty());
  }
  SUBCASE("one that trickles its header") {
    RawClient client = fixture.connect();
    bool closed = false;
    client.send("GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 40 && !closed; ++i) {
      client.send("X-A: b\r\n");
      closed = client.is_closed_within(100);
    }
    CHECK(closed);
    CHECK(fixture.application.has_refused(RefusedAt::Request, 408));
  }
  SUBCASE("one that trickles its body") {
    RawClient client = fixture.connect();
    bool closed = false;
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 40 && !closed; ++i) {
      client.send("x");
      closed = client.is_closed_within(100);
    }
    CHECK(closed);
    CHECK(fixture.application.has_refused(RefusedAt::Request, 408));
  }
  CHECK(fixture.application.handled == 0);
}

TEST_CASE("A handler's time is not the client's fault: no deadline runs while it works") {
  RunningServer fixture(short_limits());
  RawClient client = fixture.connect();
  REQUIRE(client.send(post("/late", "x")));
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  Responder respond;
  {
    const std::lock_guard lock(fixture.application.mutex);
    respond = fixture.application.late.at(0);
  }
  Response response;
  response.body = "at last";
  respond(response);
  CHECK(body_of(client.read_answer()) == "at last");
}

TEST_CASE("Connections over the limit are told to come back") {
  HttpOptions options;
  options.max_connections = 2;
  RunningServer fixture(options);
  RawClient first = fixture.connect();
  RawClient second = fixture.connect();
  REQUIRE(first.send(kGet));
  CHECK(status_of(first.read_answer()) == 200);
  REQUIRE(second.send(kGet));
  CHECK(status_of(second.read_answer()) == 200);
  RawClient third = fixture.connect();
  const std::string answer = third.read_to_end();
  CHECK(status_of(answer) == 503);
  CHECK(answer.find("Retry-After") != std::string::npos);
  CHECK(fixture.application.has_refused(RefusedAt::Connection, 503));
}

TEST_CASE("One address cannot take all the connections, and gets a place back when it leaves one") {
  HttpOptions options;
  options.max_connections_per_address = 2;
  RunningServer fixture(options);
  auto first = std::make_unique<RawClient>(fixture.server->port());
  RawClient second = fixture.connect();
  REQUIRE(first->send(kGet));
  REQUIRE(status_of(first->read_answer()) == 200);
  CHECK(status_of(fixture.connect().read_to_end()) == 503);
  first.reset();
  int status = 503;
  for (int i = 0; i < 100 && status == 503; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    RawClient next = fixture.connect();
    next.send(kGet);
    status = status_of(next.read_answer());
  }
  CHECK(status == 200);
}

TEST_CASE("Large bodies share a bounded memory, whoever sends them, and small ones need none of it") {
  HttpOptions options;
  options.max_body_memory = 400'000;
  RunningServer fixture(options);
  {
    RawClient greedy = fixture.connect();
    REQUIRE(greedy.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"));
    REQUIRE(greedy.send(std::string(100'000, 'x')));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    RawClient other = fixture.connect();
    REQUIRE(other.send(post("/echo", std::string(60'000, 'y'))));
    CHECK(status_of(other.read_answer()) == 200);
    REQUIRE(other.send(post("/echo", std::string(400'000, 'y'))));
    const std::string refused = other.read_answer();
    CHECK(status_of(refused) == 503);
    CHECK(refused.find("Retry-After") != std::string::npos);
    CHECK(fixture.application.has_refused(RefusedAt::Request, 503));
  }
  int status = 503;
  for (int i = 0; i < 100 && status == 503; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    RawClient later = fixture.connect();
    later.send(post("/echo", std::string(400'000, 'y')));
    status = status_of(later.read_answer());
  }
  CHECK(status == 200);
}
