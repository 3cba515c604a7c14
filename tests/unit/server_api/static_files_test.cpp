#include "server/api/static_files.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("The console's files are served with their types, and its page for every other path") {
  Office office;
  const auto console = office.folder.path() / "console";
  write(console / "index.html", "<html>");
  write(console / "favicon.svg", "<svg/>");
  write(console / "assets" / "app-1a2b.js", "code");
  write(console / "assets" / "app-1a2b.js.gz", "packed");
  write(console / ".secret", "no");
  write(office.folder.path() / "outside.txt", "no");
  const auto get = [&office](const std::string& path, const std::string& coding = "") {
    Request request = Office::request("GET", path);
    request.headers["accept-encoding"] = coding;
    return office.call(std::move(request));
  };
  const Response page = get("/");
  CHECK(page.file == (console / "index.html").string());
  CHECK(Office::header(page, "Content-Type") == "text/html; charset=utf-8");
  CHECK(Office::header(page, "Cache-Control") == "no-cache");
  CHECK(Office::header(page, "Content-Security-Policy").find("frame-ancestors 'none'") != std::string::npos);
  CHECK(Office::header(page, "X-Content-Type-Options") == "nosniff");
  CHECK(get("/visitas/123").file == page.file);
  const Response script = get("/assets/app-1a2b.js");
  CHECK(script.file == (console / "assets" / "app-1a2b.js").string());
  CHECK(Office::header(script, "Cache-Control").find("immutable") != std::string::npos);
  const Response packed = get("/assets/app-1a2b.js", "br, gzip");
  CHECK(packed.file == (console / "assets" / "app-1a2b.js.gz").string());
  CHECK(Office::header(packed, "Content-Encoding") == "gzip");
  CHECK(Office::header(packed, "Content-Type") == "text/javascript; charset=utf-8");
  CHECK(get("/assets/gone.js").status == 404);
  for (const char* climb :
       {"/../outside.txt", "/assets/../../outside.txt", "/.secret", "//etc/passwd", "/..\\outside.txt"}) {
    CAPTURE(std::string(climb));
    const Response response = get(climb);
    CHECK(response.status == 404);
    CHECK(response.file.empty());
  }
}

TEST_CASE("Without a console folder there are no files") {
  Request request = Office::request("GET", "/");
  CHECK(serve_static({}, request).status == 404);
}
