#include "server/http/answer.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/texts.hpp"

namespace terreno::server {
namespace {

struct Reason {
  int status;
  std::string_view text;
};

constexpr Reason kReasons[] = {
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {206, "Partial Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

void append_clean(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') out.push_back(c);
  }
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Refusal {
  int status;
  std::string_view code;
  std::string_view text_key;
};

constexpr Refusal kRefusals[] = {
    {400, "InvalidArgument", "server.http.malformed"}, {403, "Forbidden", "server.http.foreign_origin"},
    {413, "TooLarge", "server.http.too_large"},        {431, "TooLarge", "server.http.header_too_large"},
    {501, "MethodNotAllowed", "server.http.unknown"},  {503, "Unavailable", "server.http.unavailable"},
};

}  // namespace

std::string_view reason_of(int status) {
  for (const Reason& reason : kReasons) {
    if (reason.status == status) return reason.text;
  }
  return "";
}

void append_head(std::string& out, const Response& response, const HeadOptions& options) {
  out += options.http_11 ? "HTTP/1.1 " : "HTTP/1.0 ";
  out += std::to_string(response.status);
  out += ' ';
  out += reason_of(response.status);
  out += "\r\n";
  bool has_length = false;
  for (const auto& [name, value] : response.headers) {
    has_length = has_length || name == "Content-Length";
    append_clean(out, name);
    out += ": ";
    append_clean(out, value);
    out += "\r\n";
  }
  const bool may_have_body = response.status >= 200 && response.status != 204 && response.status != 304;
  if (may_have_body && !has_length) {
    out += "Content-Length: ";
    out += std::to_string(options.body_bytes);
    out += "\r\n";
  }
  // HTTP/1.1 keeps the connection unless told otherwise, 1.0 the other way round.
  if (options.keep_alive != options.http_11) {
    out += options.keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
  }
  out += "\r\n";
}

std::optional<FilePart> choose_part(std::string_view range, std::uint64_t size) {
  const FilePart whole{0, size, false};
  constexpr std::string_view unit = "bytes=";
  if (!range.starts_with(unit)) return whole;
  range.remove_prefix(unit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos || range.find(',') != std::string_view::npos) return whole;
  const auto first = number(range.substr(0, dash));
  const auto last = number(range.substr(dash + 1));
  if (!first) {
    // "-n": the last n bytes.
    if (dash != 0 || !last) return whole;
    if (*last == 0 || size == 0) return std::nullopt;
    const std::uint64_t length = std::min(*last, size);
    return FilePart{size - length, length, true};
  }
  if (!last && dash + 1 != range.size()) return whole;
  if (last && *last < *first) return whole;
  if (*first >= size) return std::nullopt;
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return FilePart{*first, end - *first + 1, true};
}

Response refusal(int status, const Request& request) {
  Response response;
  response.status = status;
  const Language language = language_from_tag(request.header("accept-language"));
  std::string_view code = "InvalidArgument";
  std::string_view key = "server.http.malformed";
  for (const Refusal& row : kRefusals) {
    if (row.status != status) continue;
    code = row.code;
    key = row.text_key;
  }
  response.headers.emplace_back("Content-Type", "application/json");
  if (status == 503) response.headers.emplace_back("Retry-After", "5");
  // The texts hold no quotes or backslashes; a test reads each as JSON.
  response.body.append(R"({"error":{"code":")").append(code).append(R"(","message":")");
  response.body.append(text(language, key)).append(R"("}})");
  return response;
}

}  // namespace terreno::server
