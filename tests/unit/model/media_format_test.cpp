#include "core/model/media_format.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace terreno;
using namespace std::string_literals;

namespace {

bool begins(std::string_view media_type, const std::string& bytes) {
  const MediaFormat* format = find_media_format(media_type);
  REQUIRE(format != nullptr);
  return begins_like(*format, as_bytes(bytes));
}

}  // namespace

TEST_CASE("the beginning of a file tells its type, and only harmless types are known") {
  CHECK(begins("image/png", "\x89PNG\r\n\x1A\nrest"));
  CHECK_FALSE(begins("image/png", "\x89PN"));
  CHECK(begins("image/webp", "RIFF1234WEBPVP8 "));
  CHECK_FALSE(begins("image/webp", "XXXX1234WEBPVP8 "));
  CHECK_FALSE(begins("image/jpeg", ""));
  CHECK(begins("image/heic",
               "\0\0\0\x18"
               "ftypmsf1"s));
  CHECK(begins("audio/x-m4a",
               "\0\0\0\x18"
               "ftypM4A "s));
  CHECK_FALSE(begins("audio/mp4",
                     "\0\0\0\x18"
                     "ftypheic"s));
  CHECK(find_media_format("application/pdf") != nullptr);
  CHECK(find_media_format("image/svg+xml") == nullptr);
  CHECK(find_media_format("text/html") == nullptr);
}
