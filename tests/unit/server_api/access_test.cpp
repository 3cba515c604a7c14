#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "server/api/routes.hpp"
#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

/// Who may do what, written down apart from the table that the server uses. o: anybody; letters: gestor,
/// supervisor, analyst, admin; p: a phone's credential; m: admin or the metrics' token.
struct Allowed {
  const char* route;
  const char* who;
};

constexpr Allowed kMatrix[] = {
    {"POST /api/login", "o"},
    {"POST /api/logout", "gsna"},
    {"GET /api/me", "gsna"},
    {"GET /api/gestores", "sna"},
    {"GET /api/gestores/{id}/track", "sna"},
    {"GET /api/trails", "sna"},
    {"GET /api/cases", "sna"},
    {"GET /api/map/cases", "sna"},
    {"GET /api/cases/{id}", "sna"},
    {"POST /api/cases/{id}/assign", "sa"},
    {"POST /api/cases/{id}/reopen", "sa"},
    {"POST /api/cases/import", "sa"},
    {"GET /api/visits", "sna"},
    {"GET /api/visits/{id}", "sna"},
    {"GET /api/cancelled-visits", "sna"},
    {"GET /api/quarantine", "sna"},
    {"GET /api/evidence/{sha256}", "sna"},
    {"GET /api/forms", "sna"},
    {"POST /api/forms", "a"},
    {"POST /api/form-uses/{use}", "a"},
    {"GET /api/forms/{id}/{version}", "sna"},
    {"GET /api/forms/{id}/answers.csv", "sna"},
    {"GET /api/forms/{id}/answers.xlsx", "sna"},
    {"GET /api/forms/{id}/{version}/xform", "sna"},
    {"GET /api/forms/{id}/{version}/source", "sna"},
    {"POST /api/forms/{id}/{version}/apply", "a"},
    {"GET /api/summary", "sna"},
    {"GET /api/users", "sa"},
    {"POST /api/users", "a"},
    {"POST /api/users/{id}/active", "a"},
    {"POST /api/users/{id}/password", "gsna"},
    {"POST /api/users/{id}/enrolment-code", "sa"},
    {"GET /api/users/{id}/phones", "sa"},
    {"POST /api/phones/{id}/revoke", "sa"},
    {"GET /api/basemap", "sna"},
    {"GET /healthz", "o"},
    {"GET /readyz", "o"},
    {"GET /metrics", "m"},
    {"POST /v1/enrol", "o"},
    {"POST /v1/sync", "p"},
    {"OPTIONS /v1/files", "p"},
    {"POST /v1/files", "p"},
    {"OPTIONS /v1/files/{sha256}", "p"},
    {"HEAD /v1/files/{sha256}", "p"},
    {"PATCH /v1/files/{sha256}", "p"},
};

std::string name_of_route(const Route& route) {
  return std::string(route.method) + " " + std::string(route.pattern);
}

std::string path_of(const Route& route) {
  std::string path(route.pattern);
  const auto fill = [&path](const std::string& name, const std::string& value) {
    const std::size_t at = path.find(name);
    if (at != std::string::npos) path.replace(at, name.size(), value);
  };
  fill("{id}", numbered_id(9, 9).to_string());
  fill("{sha256}", std::string(64, 'a'));
  fill("{version}", "1");
  fill("{use}", "collection");
  return path;
}

const std::vector<std::pair<char, std::string>> kLogins{
    {'g', "gestor"}, {'s', "supervisor"}, {'n', "analyst"}, {'a', "admin"}};

}  // namespace

TEST_CASE("The matrix of this test and the server's table name the same routes") {
  std::set<std::string> here;
  std::set<std::string> there;
  for (const Allowed& row : kMatrix) here.insert(row.route);
  for (const Route& route : all_routes()) there.insert(name_of_route(route));
  CHECK(here == there);
}

TEST_CASE("Each route lets in the roles it should and nobody else") {
  Office office;
  for (const Route& route : all_routes()) {
    const std::string name = name_of_route(route);
    CAPTURE(name);
    const auto* row = std::find_if(std::begin(kMatrix), std::end(kMatrix),
                                   [&name](const Allowed& r) { return name == r.route; });
    REQUIRE(row != std::end(kMatrix));
    const std::string who = row->who;
    // Logging out ends the session that the next route needs: its own test covers it.
    if (name == "POST /api/logout") continue;
    const Response bare = office.call(Office::request(std::string(route.method), path_of(route)));
    if (who == "o") {
      CHECK(bare.status != 401);
      CHECK(bare.status != 403);
      continue;
    }
    CHECK(bare.status == 401);
    if (who == "p") continue;
    for (const auto& [letter, login] : kLogins) {
      CAPTURE(login);
      const Response response = office.as(login, std::string(route.method), path_of(route), "{}");
      const bool allowed = who.find(letter) != std::string::npos || (who == "m" && letter == 'a');
      CHECK(response.status != 401);
      // Somebody else's password is refused by the route itself.
      const bool others_password = name == "POST /api/users/{id}/password" && letter != 'a';
      CHECK((response.status == 403) == (!allowed || others_password));
    }
  }
}

TEST_CASE("What changes something needs the console's header, which no other site can send") {
  Office office;
  const std::string cookie = office.log_in("admin");
  for (const Route& route : all_routes()) {
    if (route.method != "POST" || route.access == Access::Phone) continue;
    CAPTURE(name_of_route(route));
    Request request = Office::request("POST", path_of(route), "{}");
    request.headers["cookie"] = cookie;
    request.headers.erase("x-terreno");
    CHECK(office.call(std::move(request)).status == 403);
  }
}

TEST_CASE("schema/openapi.yaml describes every route, and no other") {
  std::ifstream file(TERRENO_SOURCE_DIR "/schema/openapi.yaml");
  REQUIRE(file);
  std::set<std::string> described;
  std::string path;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(' ')) inside = line == "paths:";
    if (!inside || !line.ends_with(':')) continue;
    if (line.starts_with("  /")) path = line.substr(2, line.size() - 3);
    if (line.starts_with("    ") && line[4] != ' ') {
      std::string method = line.substr(4, line.size() - 5);
      if (method == "parameters") continue;
      std::transform(method.begin(), method.end(), method.begin(), ::toupper);
      described.insert(method + " " + path);
    }
  }
  std::set<std::string> served{"GET /api/live"};
  for (const Route& route : all_routes()) served.insert(name_of_route(route));
  CHECK(described == served);
}

TEST_CASE("Nothing is served to a stranger but health, login, enrolment and the console's files") {
  Office office;
  CHECK(office.call(Office::request("GET", "/healthz")).status == 200);
  CHECK(office.call(Office::request("GET", "/readyz")).status == 200);
  CHECK(office.call(Office::request("GET", "/metrics")).status == 401);
  CHECK(office.call(Office::request("GET", "/api/nothing")).status == 404);
  CHECK(office.call(Office::request("GET", "/v1/nothing")).status == 404);
  CHECK(office.call(Office::request("POST", "/somewhere")).status == 404);
  const Response wrong = office.call(Office::request("DELETE", "/api/cases"));
  CHECK(wrong.status == 405);
  CHECK(Office::header(wrong, "Allow") == "GET");
}

TEST_CASE("A body over its route's limit is known before it is read") {
  Office office;
  CHECK(office.application->body_limit("POST", "/api/cases/import") == 20 * 1024 * 1024);
  CHECK(office.application->body_limit("POST", "/api/login") == 8 * 1024);
  CHECK(office.application->body_limit("GET", "/api/cases") == 0);
  CHECK(office.application->body_limit("POST", "/nowhere") == 0);
  CHECK(office.application->body_limit("POST", "/v1/sync") > 64 * 1024);
}
