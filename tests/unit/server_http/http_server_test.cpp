#include <doctest/doctest.h>

#include <fstream>

#include "core/base/error.hpp"
#include "core/base/texts.hpp"
#include "server/http/answer.hpp"
#include "tests/unit/server_http/running_server.hpp"

using namespace terreno;
using namespace terreno::server;

TEST_CASE("A connection serves many requests, and the answer to a small one is small") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  for (int i = 0; i < 50; ++i) {
    const std::string body(static_cast<std::size_t>(i * 37), 'x');
    REQUIRE(client.send(post("/v1/sync", body)));
    CHECK(client.read_answer() ==
          "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
}

TEST_CASE("Pipelined requests are answered in their order") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  REQUIRE(client.send(post("/slow", "one") + post("/echo", "two") + kGet + post("/echo", "three")));
  CHECK(body_of(client.read_answer()) == "one");
  CHECK(body_of(client.read_answer()) == "two");
  CHECK(body_of(client.read_answer()) == "GET /describe");
  CHECK(body_of(client.read_answer()) == "three");
}

TEST_CASE("A request arrives whole however it is cut") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  const std::string bytes = post("/echo", "hello") +
                            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n";
  for (const char byte : bytes) {
    REQUIRE(client.send(std::string_view(&byte, 1)));
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  CHECK(body_of(client.read_answer()) == "hello");
  CHECK(body_of(client.read_answer()) == "abcdefg");
}

TEST_CASE("Path and query are decoded once") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  REQUIRE(client.send(
      "GET /describe?text=caf%C3%A9+uno&day=2026-11-21&day=x%2526&flag HTTP/1.1\r\nHost: a\r\n\r\n"));
  CHECK(body_of(client.read_answer()) == "GET /describe day=x%26 flag= text=café uno");
}

TEST_CASE("What another server might read in another way is refused and the connection closed") {
  struct Row {
    std::string what;
    std::string request;
    int status;
  };
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\n";
  const Row rows[] = {
      {"length and chunks", head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunks and length", head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400},
      {"two lengths", head + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd", 400},
      {"the same length twice", head + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", 400},
      {"a list of lengths", head + "Content-Length: 4, 5\r\n\r\nabcd", 400},
      {"a negative length", head + "Content-Length: -4\r\n\r\nabcd", 400},
      {"an unknown coding", head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"a masked coding", head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"chunks in HTTP/1.0", "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"an unknown method", "BREW /echo HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"a tunnel", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"an absolute target", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"half an escape", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a NUL", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n\r\n\r\n", 505},
      {"another version", "GET / HTTP/3.1\r\nHost: a\r\n\r\n", 505},
      {"no HTTP at all", "\x16\x03\x01 hello\r\n\r\n", 400},
      {"a broken chunk", head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n", 400},
      {"a foreign expectation", head + "Expect: tea\r\nContent-Length: 1\r\n\r\n", 417},
  };
  RunningServer fixture;
  for (const Row& row : rows) {
    CAPTURE(row.what);
    RawClient client = fixture.connect();
    client.send(row.request + kGet);
    const std::string answer = client.read_to_end();
    CHECK(status_of(answer) == row.status);
    const bool closes =
        answer.starts_with("HTTP/1.0") || answer.find("Connection: close") != std::string::npos;
    CHECK(closes);
    CHECK(answer.find("/describe") == std::string::npos);
    CHECK(fixture.application.has_refused(RefusedAt::Request, row.status));
  }
  CHECK(fixture.application.handled == 0);
  CHECK(fixture.application.refusals.size() == std::size(rows));
}

TEST_CASE("A client that has ended its sending half still gets its answer") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  REQUIRE(client.send(post("/slow", "half")));
  client.finish_sending();
  CHECK(body_of(client.read_answer()) == "half");
  CHECK(client.is_closed_within(3000));
}

TEST_CASE("A handler that fails, forgets or repeats itself costs one 500 at most") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  REQUIRE(
      client.send(post("/throws", "") + post("/dropped", "") + post("/twice", "") + post("/echo", "fine")));
  CHECK(status_of(client.read_answer()) == 500);
  CHECK(status_of(client.read_answer()) == 500);
  CHECK(status_of(client.read_answer()) == 200);
  CHECK(body_of(client.read_answer()) == "fine");
  CHECK(fixture.application.refusals.size() == 2);
  CHECK(fixture.application.has_refused(RefusedAt::Answer, 500));
}

TEST_CASE("A header's value cannot begin another header") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  REQUIRE(client.send(post("/injects", "")));
  CHECK(client.read_answer().find("\r\nX-Other") == std::string::npos);
}

TEST_CASE("HTTP/1.0 and Connection: close end the connection, keep-alive in 1.0 does not") {
  RunningServer fixture;
  RawClient old = fixture.connect();
  REQUIRE(old.send("GET /describe HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  CHECK(old.read_answer().find("Connection: keep-alive") != std::string::npos);
  REQUIRE(old.send("GET /describe HTTP/1.0\r\n\r\n"));
  CHECK(status_of(old.read_to_end()) == 200);
  RawClient closing = fixture.connect();
  REQUIRE(closing.send("GET /describe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  CHECK(closing.read_to_end().find("Connection: close") != std::string::npos);
}

TEST_CASE("HEAD tells the length and sends no body") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  REQUIRE(client.send("HEAD /big HTTP/1.1\r\nHost: a\r\n\r\n" + kGet));
  CHECK(client.read_answer(true).find("Content-Length: 3000000") != std::string::npos);
  CHECK(body_of(client.read_answer()) == "GET /describe");
}

TEST_CASE("A large answer arrives whole") {
  RunningServer fixture;
  RawClient client = fixture.connect();
  REQUIRE(client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));
  CHECK(body_of(client.read_answer()) == std::string(3'000'000, 'b'));
}

TEST_CASE("Files are served whole or in parts") {
  RunningServer fixture;
  const auto path = std::filesystem::temp_directory_path() / ("terreno_http_" + std::to_string(::getpid()));
  std::string content;
  for (int i = 0; i < 100'000; ++i) content += std::to_string(i) + ' ';
  std::ofstream(path, std::ios::binary) << content;
  fixture.application.file = path.string();
  RawClient client = fixture.connect();
  const auto get = [&client](const std::string& extra) {
    client.send("GET /file HTTP/1.1\r\nHost: a\r\n" + extra + "\r\n");
    return client.read_answer();
  };
  CHECK(body_of(get("")) == content);
  const std::string part = get("Range: bytes=10-19\r\n");
  CHECK(status_of(part) == 206);
  CHECK(part.find("Content-Range: bytes 10-19/" + std::to_string(content.size())) != std::string::npos);
  CHECK(body_of(part) == content.substr(10, 10));
  CHECK(body_of(get("Range: bytes=-7\r\n")) == content.substr(content.size() - 7));
  CHECK(body_of(get("Range: bytes=300000-\r\n")) == content.substr(300'000));
  CHECK(status_of(get("Range: bytes=9000000-\r\n")) == 416);
  CHECK(status_of(get("Range: bytes=1-2,4-5\r\n")) == 200);
  CHECK(status_of(get("Range: bytes=10-19\r\nIf-Range: \"one\"\r\n")) == 206);
  CHECK(status_of(get("Range: bytes=10-19\r\nIf-Range: \"two\"\r\n")) == 200);
  CHECK(fixture.application.has_refused(RefusedAt::Answer, 416));
  std::filesystem::remove(path);
  CHECK(status_of(get("")) == 404);
  CHECK(fixture.application.has_refused(RefusedAt::Answer, 404));
}

TEST_CASE("A stop lets the running request end and refuses new connections") {
  RunningServer fixture;
  RawClient busy = fixture.connect();
  RawClient idle = fixture.connect();
  REQUIRE(busy.send(post("/slow", "last words")));
  REQUIRE(idle.send(kGet));
  REQUIRE(status_of(idle.read_answer()) == 200);
  while (fixture.application.handled < 2) std::this_thread::yield();
  std::thread stopper([&fixture] { fixture.server->stop(5); });
  CHECK(idle.is_closed_within(2000));
  const std::string answer = busy.read_to_end();
  CHECK(body_of(answer) == "last words");
  CHECK(answer.find("Connection: close") != std::string::npos);
  stopper.join();
  CHECK_THROWS(RawClient(fixture.server->port()));
}

TEST_CASE("A stop does not wait for ever, and an answer that comes after it is dropped") {
  auto fixture = std::make_unique<RunningServer>();
  RawClient client = fixture->connect();
  REQUIRE(client.send(post("/late", "x")));
  while (fixture->application.handled < 1) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  fixture->server->stop(0);
  CHECK(client.is_closed_within(2000));
  fixture->server.reset();
  fixture->application.late.at(0)(Response{});
  fixture->application.late.clear();
}

TEST_CASE("An address that is taken gives Io") {
  RunningServer fixture;
  HttpOptions options;
  options.port = fixture.server->port();
  CHECK_THROWS_AS(start_http_server(options, fixture.application), const Error&);
}

TEST_CASE("Many clients on two network threads each get their own answers") {
  HttpOptions options;
  options.io_threads = 2;
  RunningServer fixture(options);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&fixture, &wrong, t] {
      RawClient client = fixture.connect();
      for (int i = 0; i < 100; ++i) {
        const std::string body = std::to_string(t) + ":" + std::to_string(i);
        if (!client.send(post("/echo", body)) || body_of(client.read_answer()) != body) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("Each refusal by the protocol says why in three languages, as JSON") {
  for (const int status : {400, 403, 413, 431, 501, 503}) {
    for (const char* tag : {"es", "en", "pt"}) {
      Request request;
      request.headers["accept-language"] = tag;
      const Response response = refusal(status, request);
      CHECK(response.body.starts_with(R"({"error":{"code":")"));
      CHECK(std::count(response.body.begin(), response.body.end(), '"') == 10);
      CHECK(response.body.find('\\') == std::string::npos);
    }
  }
}
