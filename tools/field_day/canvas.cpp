#include "tools/field_day/canvas.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

namespace terreno::field_day {
namespace {

std::uint8_t channel(double value) { return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)); }

int pixel(double coordinate) { return static_cast<int>(std::lround(coordinate)); }

/// Rows of three dots, from above; bit 2 is the left one.
constexpr std::array<std::array<std::uint8_t, 5>, 10> kDigits = {{{7, 5, 5, 5, 7},
                                                                  {2, 6, 2, 2, 7},
                                                                  {7, 1, 7, 4, 7},
                                                                  {7, 1, 3, 1, 7},
                                                                  {5, 5, 7, 1, 1},
                                                                  {7, 4, 7, 1, 7},
                                                                  {7, 4, 7, 5, 7},
                                                                  {7, 1, 1, 2, 2},
                                                                  {7, 5, 7, 5, 7},
                                                                  {7, 5, 7, 1, 7}}};

void put_u32(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void put_chunk(Bytes& out, std::string_view type, const Bytes& data) {
  put_u32(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t begin = out.size();
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), data.begin(), data.end());
  const auto size = static_cast<uInt>(out.size() - begin);
  put_u32(out, static_cast<std::uint32_t>(crc32(0, out.data() + begin, size)));
}

Bytes deflated(const Bytes& raw) {
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  Bytes packed(size);
  compress2(packed.data(), &size, raw.data(), static_cast<uLong>(raw.size()), 6);
  packed.resize(size);
  return packed;
}

}  // namespace

Colour shaded(Colour colour, double factor) {
  return {channel(colour.red * factor), channel(colour.green * factor), channel(colour.blue * factor)};
}

Colour mixed(Colour a, Colour b, double share_of_b) {
  const auto mix = [&](std::uint8_t x, std::uint8_t y) { return channel(x + (y - x) * share_of_b); };
  return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

Canvas::Canvas(int width, int height, Colour background)
    : width_(width),
      height_(height),
      pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), background) {}

void Canvas::paint(int x, int y, Colour colour) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
  pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)] =
      colour;
}

void Canvas::rectangle(double left, double top, double right, double bottom, Colour colour) {
  gradient(left, top, right, bottom, colour, colour);
}

void Canvas::gradient(double left, double top, double right, double bottom, Colour above, Colour below) {
  for (int y = pixel(top); y < pixel(bottom); ++y) {
    const Colour colour = mixed(above, below, (y - top) / std::max(1.0, bottom - top));
    for (int x = pixel(left); x < pixel(right); ++x) paint(x, y, colour);
  }
}

void Canvas::frame(double left, double top, double right, double bottom, double thickness, Colour colour) {
  rectangle(left, top, right, top + thickness, colour);
  rectangle(left, bottom - thickness, right, bottom, colour);
  rectangle(left, top, left + thickness, bottom, colour);
  rectangle(right - thickness, top, right, bottom, colour);
}

void Canvas::disc(double x, double y, double radius, Colour colour) {
  for (int row = pixel(y - radius); row <= pixel(y + radius); ++row) {
    for (int column = pixel(x - radius); column <= pixel(x + radius); ++column)
      if (std::hypot(column - x, row - y) <= radius) paint(column, row, colour);
  }
}

void Canvas::polygon(const town::Polygon& corners, Colour colour) {
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x)
      if (town::contains(corners, {x + 0.5, y + 0.5})) paint(x, y, colour);
  }
}

void Canvas::stroke(const town::Line& line, double thickness, Colour colour) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    const int steps = std::max(1, static_cast<int>(town::distance(line[i - 1], line[i])));
    for (int step = 0; step <= steps; ++step) {
      const auto at = town::between(line[i - 1], line[i], static_cast<double>(step) / steps);
      disc(at.x, at.y, thickness / 2, colour);
    }
  }
}

void Canvas::number(double left, double top, int number, double size, Colour colour) {
  for (const char digit : std::to_string(number)) {
    const auto& rows = kDigits[static_cast<std::size_t>(digit - '0')];
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (int dot = 0; dot < 3; ++dot) {
        if ((rows[row] >> (2 - dot) & 1) == 0) continue;
        const double x = left + dot * size, y = top + static_cast<double>(row) * size;
        rectangle(x, y, x + size, y + size, colour);
      }
    }
    left += 4 * size;
  }
}

Bytes Canvas::png() const {
  Bytes raw;
  raw.reserve(pixels_.size() * 3 + static_cast<std::size_t>(height_));
  for (std::size_t i = 0; i < pixels_.size(); ++i) {
    if (i % static_cast<std::size_t>(width_) == 0) raw.push_back(0);  // this row is not filtered
    raw.insert(raw.end(), {pixels_[i].red, pixels_[i].green, pixels_[i].blue});
  }
  Bytes header;
  put_u32(header, static_cast<std::uint32_t>(width_));
  put_u32(header, static_cast<std::uint32_t>(height_));
  header.insert(header.end(), {8, 2, 0, 0, 0});
  Bytes out = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  put_chunk(out, "IHDR", header);
  put_chunk(out, "IDAT", deflated(raw));
  put_chunk(out, "IEND", {});
  return out;
}

}  // namespace terreno::field_day
