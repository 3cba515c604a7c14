#include "tools/field_day/pictures.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string_view>

using namespace terreno;
using namespace terreno::field_day;

namespace {

std::uint32_t u32_at(const Bytes& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[at + i];
  return value;
}

/// Reads the file as a decoder would: signature, checksums of the chunks, size of the unpacked rows.
void check_png(const Bytes& png, std::uint32_t width, std::uint32_t height) {
  REQUIRE(png.size() > 57);
  CHECK(std::string_view(reinterpret_cast<const char*>(png.data()), 4) == "\x89PNG");
  CHECK(u32_at(png, 16) == width);
  CHECK(u32_at(png, 20) == height);
  std::size_t at = 8;
  Bytes packed;
  std::string_view type;
  while (type != "IEND") {
    const std::uint32_t size = u32_at(png, at);
    REQUIRE(at + 12 + size <= png.size());
    type = {reinterpret_cast<const char*>(png.data() + at + 4), 4};
    CHECK(u32_at(png, at + 8 + size) == crc32(0, png.data() + at + 4, size + 4));
    if (type == "IDAT")
      packed.assign(png.begin() + static_cast<long>(at) + 8, png.begin() + static_cast<long>(at + 8 + size));
    at += 12 + size;
  }
  CHECK(at == png.size());
  Bytes rows((width * 3 + 1) * height);
  uLongf size = rows.size();
  REQUIRE(uncompress(rows.data(), &size, packed.data(), packed.size()) == Z_OK);
  CHECK(size == rows.size());
}

}  // namespace

TEST_CASE("every picture is a PNG that a browser can show, and small") {
  town::Dice dice(1);
  check_png(facade_picture(3, 1214, false, dice), 480, 360);
  check_png(facade_picture(4, 7, true, dice), 480, 360);
  check_png(street_picture(5, dice), 480, 360);
  check_png(document_picture(dice), 360, 480);
  check_png(signature_picture(dice), 420, 160);
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    CHECK(facade_picture(seed, 100, seed % 2 == 0, dice).size() < 20'000);
}

TEST_CASE("two pictures of one house differ, as two photographs do") {
  town::Dice dice(1);
  CHECK(facade_picture(3, 12, false, dice) != facade_picture(3, 12, false, dice));
}
