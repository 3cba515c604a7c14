#include "server/api/static_files.hpp"

#include "server/api/call.hpp"

namespace terreno::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHashed = "/assets/";

struct MediaType {
  std::string_view extension;
  std::string_view type;
};

constexpr MediaType kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".pbf", "application/x-protobuf"},
};

std::string_view type_of(const fs::path& file) {
  const std::string extension = file.extension().string();
  for (const MediaType& row : kTypes) {
    if (row.extension == extension) return row.type;
  }
  return "application/octet-stream";
}

/// No segment may climb, hide or be empty in the middle.
bool is_plain(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const bool last = path.empty();
    if (segment.starts_with('.') || segment.find('\\') != std::string_view::npos) return false;
    if (segment.empty() && !last) return false;
  }
  return true;
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

Response file_response(const fs::path& file, const Request& request, bool for_ever) {
  Response response;
  response.file = file.string();
  response.headers.emplace_back("Content-Type", type_of(file));
  response.headers.emplace_back("Cache-Control",
                                for_ever ? "public, max-age=31536000, immutable" : "no-cache");
  const fs::path packed(response.file + ".gz");
  const bool takes_gzip = request.header("accept-encoding").find("gzip") != std::string_view::npos;
  // A range of packed bytes would be a range of something else.
  if (takes_gzip && request.header("range").empty() && is_file(packed)) {
    response.file = packed.string();
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.headers.emplace_back("Vary", "Accept-Encoding");
  }
  return response;
}

}  // namespace

Response serve_static(const fs::path& folder, const Request& request) {
  const std::string_view path = request.path;
  const bool hashed = path.starts_with(kHashed);
  if (!folder.empty() && is_plain(path)) {
    const fs::path file = folder / fs::path(path.substr(1));
    if (is_file(file)) return file_response(file, request, hashed);
    const fs::path page = folder / "index.html";
    if (!hashed && is_file(page)) return file_response(page, request, false);
  }
  return error_response(ErrorCode::NotFound, text(language_of(request), "server.api.not_found"));
}

}  // namespace terreno::server
