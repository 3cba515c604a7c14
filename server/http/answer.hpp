#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/api/http_types.hpp"

namespace terreno::server {

std::string_view reason_of(int status);

/// How the head of an answer is to be written.
struct HeadOptions {
  std::uint64_t body_bytes = 0;
  bool keep_alive = true;
  bool http_11 = true;
};

/// Appends status line and headers with the blank line. A line break inside a header's value is dropped, so
/// that no value can begin another header.
void append_head(std::string& out, const Response& response, const HeadOptions& options);

/// What of a file is asked for.
struct FilePart {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool partial = false;
};

/// RFC 9110, 14: one byte range. Several ranges or nonsense give the whole file; a range behind its end gives
/// nothing (416).
std::optional<FilePart> choose_part(std::string_view range, std::uint64_t size);

/// A refusal by the protocol itself, in the language that the request asked for.
Response refusal(int status, const Request& request);

}  // namespace terreno::server
