#include "tools/field_day/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tools/field_day/canvas.hpp"

namespace terreno::field_day {
namespace {

using town::Dice;

constexpr int kWidth = 480;
constexpr int kHeight = 360;
constexpr Colour kStone{126, 120, 112};
constexpr Colour kAsphalt{86, 86, 90};
constexpr Colour kGlass{70, 92, 110};

const std::vector<Colour>& wall_colours() {
  static const std::vector<Colour> colours = {
      {232, 196, 112}, {214, 128, 96},  {236, 226, 204}, {146, 178, 170}, {196, 92, 82},   {120, 150, 190},
      {226, 178, 162}, {178, 190, 130}, {240, 214, 160}, {190, 150, 180}, {205, 205, 200}, {222, 148, 70}};
  return colours;
}

const std::vector<Colour>& door_colours() {
  static const std::vector<Colour> colours = {
      {92, 58, 36}, {40, 70, 56}, {56, 60, 70}, {120, 44, 36}, {36, 58, 96}};
  return colours;
}

void sky(Canvas& canvas, double light, Dice& dice) {
  canvas.gradient(0, 0, kWidth, 150, shaded({120, 170, 220}, light), shaded({206, 224, 238}, light));
  for (int i = dice.integer(0, 3); i > 0; --i) {
    const double x = dice.uniform(20, kWidth - 60), y = dice.uniform(14, 60);
    for (int puff = 0; puff < 4; ++puff)
      canvas.disc(x + puff * 17, y + dice.uniform(-5, 5), dice.uniform(9, 16),
                  shaded({240, 244, 248}, light));
  }
}

void window(Canvas& canvas, double left, double top, double width, double height, Colour bars) {
  canvas.rectangle(left - 5, top - 5, left + width + 5, top + height + 5, {236, 232, 224});
  canvas.gradient(left, top, left + width, top + height, shaded(kGlass, 1.3), kGlass);
  canvas.rectangle(left + width * 0.1, top, left + width * 0.35, top + height, shaded(kGlass, 1.5));
  for (double x = left + 8; x < left + width; x += 13) canvas.rectangle(x, top, x + 2, top + height, bars);
  canvas.rectangle(left, top + height / 2, left + width, top + height / 2 + 2, bars);
}

void door(Canvas& canvas, double left, double top, double width, double bottom, Colour colour) {
  canvas.rectangle(left - 6, top - 7, left + width + 6, bottom, {214, 206, 192});
  canvas.gradient(left, top, left + width, bottom, shaded(colour, 1.15), shaded(colour, 0.9));
  canvas.frame(left + 8, top + 9, left + width - 8, top + (bottom - top) * 0.45, 2, shaded(colour, 0.7));
  canvas.frame(left + 8, top + (bottom - top) * 0.53, left + width - 8, bottom - 10, 2, shaded(colour, 0.7));
  canvas.disc(left + width - 9, (top + bottom) / 2, 3, {214, 180, 90});
}

void shop_front(Canvas& canvas, double left, double top, double width, double bottom, Colour awning) {
  canvas.gradient(left, top + 40, left + width, bottom, {58, 60, 66}, {30, 30, 34});
  for (double shelf = top + 62; shelf < bottom - 8; shelf += 26) {
    canvas.rectangle(left + 6, shelf, left + width - 6, shelf + 3, {150, 120, 84});
    for (double x = left + 10; x < left + width - 18; x += 15) {
      const double tint = std::fmod(x * 7 + shelf * 3, 100) / 100;
      canvas.rectangle(x, shelf - 14, x + 10, shelf, mixed({196, 70, 60}, {70, 140, 190}, tint));
    }
  }
  for (int stripe = 0; stripe * 16 < width; ++stripe) {
    const Colour colour = stripe % 2 == 0 ? awning : Colour{244, 240, 230};
    const double x = left + stripe * 16;
    canvas.rectangle(x, top + 14, std::min(x + 16, left + width), top + 44, colour);
    canvas.disc(std::min(x + 8, left + width - 8), top + 44, 8, colour);
  }
  canvas.rectangle(left, top - 14, left + width, top + 12, shaded(awning, 0.75));
  canvas.rectangle(left + width * 0.2, top - 5, left + width * 0.8, top + 3, {248, 240, 214});
}

void plate(Canvas& canvas, double left, double top, int number) {
  const double width = (number > 999 ? 16 : number > 99 ? 12 : 8) * 3.0 + 5;
  canvas.rectangle(left, top, left + width, top + 23, {246, 246, 240});
  canvas.frame(left, top, left + width, top + 23, 1, {60, 60, 66});
  canvas.number(left + 4, top + 4, number, 3, {40, 56, 110});
}

void tree(Canvas& canvas, double x, double ground, Dice& dice) {
  canvas.rectangle(x - 4, ground - 96, x + 4, ground, {96, 74, 54});
  for (int i = 0; i < 14; ++i) {
    canvas.disc(x + dice.uniform(-28, 28), ground - 110 + dice.uniform(-30, 22), dice.uniform(13, 22),
                shaded({84, 132, 70}, dice.uniform(0.8, 1.15)));
  }
}

void pavement(Canvas& canvas, double ground, double light) {
  canvas.gradient(0, ground, kWidth, ground + 34, shaded({188, 182, 172}, light),
                  shaded({164, 158, 150}, light));
  for (double x = 20; x < kWidth; x += 58) canvas.rectangle(x, ground, x + 1, ground + 34, kStone);
  canvas.rectangle(0, ground + 34, kWidth, ground + 41, {206, 196, 120});
  canvas.gradient(0, ground + 41, kWidth, kHeight, shaded(kAsphalt, light), shaded(kAsphalt, light * 0.85));
}

}  // namespace

Bytes facade_picture(std::uint64_t home_seed, int number, bool business, Dice& dice) {
  Dice house(home_seed);
  const double light = dice.uniform(0.86, 1.06);
  const double shift = dice.uniform(-14, 14);
  const double ground = 286 + dice.uniform(-8, 8);
  Canvas canvas(kWidth, kHeight, {206, 224, 238});
  sky(canvas, light, dice);
  const Colour wall = shaded(house.pick(wall_colours()), light);
  const Colour neighbour = shaded(house.pick(wall_colours()), light * 0.92);
  const Colour leaf = house.pick(door_colours());
  const double top = house.uniform(70, 128), left = 70 + shift, right = 410 + shift;
  canvas.gradient(0, top + house.uniform(-24, 40), left, ground, neighbour, shaded(neighbour, 0.85));
  canvas.gradient(right, top + house.uniform(-24, 40), kWidth, ground, shaded(neighbour, 0.95),
                  shaded(neighbour, 0.8));
  canvas.gradient(left, top, right, ground, wall, shaded(wall, 0.9));
  canvas.rectangle(left, top - 8, right, top + 6, shaded(wall, 0.72));
  canvas.rectangle(left, ground - 34, right, ground, shaded(wall, 0.62));
  const bool door_left = house.chance(0.5);
  const double door_at = door_left ? left + 28 : right - 88;
  door(canvas, door_at, top + 62, 60, ground, leaf);
  plate(canvas, door_left ? door_at + 74 : door_at - 56, top + 74, number);
  const double open_from = door_left ? left + 142 : left + 26;
  if (business) {
    shop_front(canvas, open_from, top + 40, 172, ground, house.pick(door_colours()));
  } else {
    window(canvas, open_from + 16, top + 62, 60, 66, shaded(leaf, 0.8));
    if (house.chance(0.7)) window(canvas, open_from + 104, top + 62, 50, 66, shaded(leaf, 0.8));
  }
  pavement(canvas, ground, light);
  if (house.chance(0.45)) tree(canvas, house.chance(0.5) ? left - 18 : right + 22, ground + 6, house);
  return canvas.png();
}

Bytes street_picture(std::uint64_t street_seed, Dice& dice) {
  Dice street(street_seed);
  const double light = dice.uniform(0.86, 1.06);
  const double vanish_x = kWidth / 2.0 + dice.uniform(-30, 30), vanish_y = 168;
  Canvas canvas(kWidth, kHeight, {206, 224, 238});
  sky(canvas, light, dice);
  for (const int side : {-1, 1}) {
    const double edge = side < 0 ? 0 : kWidth;
    for (int i = 0; i < 5; ++i) {
      const double near = 1 - i * 0.19, far = 1 - (i + 1) * 0.19;
      const double roof = street.uniform(90, 128);
      const Colour wall = shaded(street.pick(wall_colours()), light * (1 - 0.05 * i));
      const auto at = [&](double reach, double height) {
        return town::Point{vanish_x + (edge - vanish_x) * reach, vanish_y - height * reach};
      };
      canvas.polygon({at(near, roof), at(far, roof), at(far, -100), at(near, -100)}, wall);
      const double middle = (near + far) / 2, half = (near - far) * 0.16;
      canvas.polygon(
          {at(middle + half, 30), at(middle - half, 30), at(middle - half, -96), at(middle + half, -96)},
          shaded(street.pick(door_colours()), light));
    }
  }
  canvas.polygon(
      {{vanish_x, vanish_y + 4}, {kWidth + 40.0, 300}, {kWidth + 40.0, 400}, {-40, 400}, {-40, 300}},
      shaded({176, 170, 160}, light));
  canvas.polygon({{vanish_x, vanish_y + 4}, {kWidth - 40.0, 400}, {40, 400}}, shaded(kAsphalt, light));
  for (int i = 0; i < 5; ++i) {
    const double reach = 0.2 + i * 0.17;
    const double x = vanish_x + (kWidth / 2.0 - vanish_x) * reach, y = vanish_y + 200 * reach;
    canvas.rectangle(x - 2 * reach - 1, y, x + 2 * reach + 1, y + 16 * reach, {222, 214, 170});
  }
  return canvas.png();
}

Bytes document_picture(Dice& dice) {
  Canvas canvas(360, 480, {122, 96, 72});
  canvas.rectangle(28, 26, 332, 456, {246, 245, 240});
  canvas.rectangle(46, 44, 136, 74, dice.chance(0.5) ? Colour{40, 120, 90} : Colour{40, 80, 150});
  for (int line = 0; line < 20; ++line) {
    const double top = 98 + line * 16;
    if (line % 7 == 6) continue;
    canvas.rectangle(46, top, 46 + dice.uniform(120, 262), top + 5, {120, 122, 128});
  }
  canvas.number(228, 52, dice.integer(1000, 9999), 4, {60, 60, 66});
  return canvas.png();
}

Bytes signature_picture(Dice& dice) {
  Canvas canvas(420, 160, {255, 255, 255});
  double x = 40, phase = dice.uniform(0, 6);
  town::Line line;
  const double beat = dice.uniform(0.16, 0.26), height = dice.uniform(22, 40);
  while (x < 370) {
    x += dice.uniform(1.5, 3.5);
    phase += beat;
    const double swing = std::sin(phase) * height * (0.6 + 0.4 * std::sin(phase / 3.1));
    line.push_back({x + 9 * std::cos(phase), 78 - swing});
  }
  canvas.stroke(line, 3, {24, 30, 80});
  canvas.stroke({{50, 122}, {210, 112 + dice.uniform(-6, 6)}, {384, 118}}, 2.4, {24, 30, 80});
  return canvas.png();
}

}  // namespace terreno::field_day
