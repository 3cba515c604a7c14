#pragma once

#include <cstdint>
#include <vector>

#include "core/base/bytes.hpp"
#include "tools/town/plane.hpp"

namespace terreno::field_day {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
};

/// Lighter above 1, darker below.
Colour shaded(Colour colour, double factor);
Colour mixed(Colour a, Colour b, double share_of_b);

/// A picture under the brush. Coordinates are pixels from the upper left; what lies outside is not painted.
class Canvas {
 public:
  Canvas(int width, int height, Colour background);
  int width() const { return width_; }
  int height() const { return height_; }

  void rectangle(double left, double top, double right, double bottom, Colour colour);
  void gradient(double left, double top, double right, double bottom, Colour above, Colour below);
  void frame(double left, double top, double right, double bottom, double thickness, Colour colour);
  void disc(double x, double y, double radius, Colour colour);
  /// Painted by the even-odd rule.
  void polygon(const town::Polygon& corners, Colour colour);
  void stroke(const town::Line& line, double thickness, Colour colour);
  /// Digits of a house number, `size` pixels to a dot of their 3 × 5 dots.
  void number(double left, double top, int number, double size, Colour colour);

  /// RFC 2083 PNG, eight bits a channel.
  Bytes png() const;

 private:
  void paint(int x, int y, Colour colour);
  int width_, height_;
  std::vector<Colour> pixels_;
};

}  // namespace terreno::field_day
