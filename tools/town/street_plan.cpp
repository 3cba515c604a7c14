#include "tools/town/street_plan.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tools/town/names.hpp"

namespace terreno::town {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr int kColumns = 25;  ///< of streets on each side of the plaza
constexpr int kRows = 21;
constexpr double kBankWidth_m = 24;  ///< between the water and the promenade

/// How the land bends the grid: a turn of the whole and three gentle waves.
class Bend {
 public:
  explicit Bend(Dice dice) : turn_(dice.uniform(6, 14) * kPi / 180) {
    for (auto& wave : waves_) {
      const double direction = dice.uniform(0, 2 * kPi);
      const double per_m = 2 * kPi / dice.uniform(1500, 2800);
      wave = {{std::cos(direction) * per_m, std::sin(direction) * per_m},
              dice.uniform(0, 2 * kPi),
              dice.uniform(0, 2 * kPi),
              dice.uniform(28, 52)};
    }
  }

  Point operator()(Point p) const {
    Point moved = p;
    for (const auto& wave : waves_) {
      const double phase = dot(wave.per_m, p);
      // The plaza keeps its place and its right angles: the waves grow with the distance from it.
      const double amount = wave.amplitude_m * std::min(1.0, length(p) / 500);
      moved = moved + Point{std::sin(phase + wave.phase_x), std::sin(phase + wave.phase_y)} * amount;
    }
    return {moved.x * std::cos(turn_) - moved.y * std::sin(turn_),
            moved.x * std::sin(turn_) + moved.y * std::cos(turn_)};
  }

 private:
  struct Wave {
    Point per_m;
    double phase_x = 0, phase_y = 0, amplitude_m = 0;
  };
  double turn_;
  Wave waves_[3];
};

Polygon draw_outline(Dice dice) {
  const double lobes[3] = {dice.uniform(0, 6), dice.uniform(0, 6), dice.uniform(0, 6)};
  Polygon outline;
  for (int i = 0; i < 96; ++i) {
    const double angle = 2 * kPi * i / 96;
    const double reach = 1 + 0.10 * std::sin(2 * angle + lobes[0]) + 0.08 * std::sin(3 * angle + lobes[1]) +
                         0.05 * std::sin(7 * angle + lobes[2]);
    outline.push_back({2150 * reach * std::cos(angle), 1720 * reach * std::sin(angle)});
  }
  return outline;
}

River draw_river(Dice dice) {
  River river;
  river.half_width_m = dice.uniform(20, 27);
  const double first = dice.uniform(0, 2 * kPi), second = dice.uniform(0, 2 * kPi);
  const double slope = dice.uniform(-0.10, 0.10);
  for (double x = -3400; x <= 3400; x += 40) {
    river.centre.push_back(
        {x, -720 + slope * x + 170 * std::sin(x / 640 + first) + 55 * std::sin(x / 260 + second)});
  }
  return river;
}

/// Positions of parallel streets: blocks near the plaza are of one size, the others vary.
std::vector<double> street_positions(Dice& dice, int per_side) {
  std::vector<double> positions(static_cast<std::size_t>(2 * per_side));
  double right = 44, left = -44;
  for (int i = 0; i < per_side; ++i) {
    positions[static_cast<std::size_t>(per_side + i)] = right;
    positions[static_cast<std::size_t>(per_side - 1 - i)] = left;
    right += i < 3 ? 88 : dice.uniform(76, 122);
    left -= i < 3 ? 88 : dice.uniform(76, 122);
  }
  return positions;
}

Line moved_aside(const Line& line, double metres) {
  Line moved;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Point ahead = line[std::min(i + 1, line.size() - 1)];
    const Point behind = line[i > 0 ? i - 1 : 0];
    moved.push_back(line[i] + left_of(unit(ahead - behind)) * metres);
  }
  return moved;
}

class Planner {
 public:
  explicit Planner(const Dice& dice)
      : dice_(dice.child("streets")),
        bend_(dice.child("bend")),
        names_(street_names()),
        avenues_(avenue_names()) {
    plan_.outline = draw_outline(dice.child("outline"));
    plan_.river = draw_river(dice.child("river"));
    dice_.shuffle(names_);
    dice_.shuffle(avenues_);
  }

  StreetPlan plan() {
    xs_ = street_positions(dice_, kColumns);
    ys_ = street_positions(dice_, kRows);
    plan_.park = bend_(cell_centre(kColumns + 5, kRows + 3));
    plan_.stadium = bend_(cell_centre(kColumns - 11, kRows + 6));
    for (std::size_t i = 0; i < xs_.size(); ++i) add_column(i);
    for (std::size_t j = 0; j < ys_.size(); ++j) add_row(j);
    add_ring();
    add_diagonals();
    add_promenades();
    add_highways();
    return std::move(plan_);
  }

 private:
  Point cell_centre(std::size_t i, std::size_t j) const {
    return {(xs_[i] + xs_[i + 1]) / 2, (ys_[j] + ys_[j + 1]) / 2};
  }
  /// The two streets beside the plaza and every sixth from there are avenues.
  static bool is_avenue(std::size_t index, int per_side) {
    const int from_plaza = static_cast<int>(index) - per_side;
    return from_plaza == 0 || (from_plaza != 0 && (from_plaza + 60) % 6 == 0);
  }
  static bool has_bridge(std::size_t index, int per_side) {
    return (static_cast<int>(index) - per_side + 60) % 4 == 0;
  }
  std::string next_name(bool avenue) {
    std::vector<std::string>& from = avenue && !avenues_.empty() ? avenues_ : names_;
    if (from.empty()) return "Privada " + std::to_string(++private_streets_);
    std::string name = std::move(from.back());
    from.pop_back();
    return avenue && &from == &avenues_ ? name : "Calle " + name;
  }

  /// Open spaces swallow the streets inside them.
  bool swallowed(Point middle) const {
    const auto within = [&](std::size_t i0, std::size_t i1, std::size_t j0, std::size_t j1) {
      return middle.x > xs_[i0] + 1 && middle.x < xs_[i1] - 1 && middle.y > ys_[j0] + 1 &&
             middle.y < ys_[j1] - 1;
    };
    return within(kColumns + 4, kColumns + 7, kRows + 2, kRows + 5) ||
           within(kColumns - 12, kColumns - 10, kRows + 5, kRows + 7);
  }
  /// Outside the centre a street sometimes does not go through.
  bool interrupted(Point middle) {
    const double outwards = std::hypot(middle.x / 2150, middle.y / 1720);
    return dice_.chance(std::clamp((outwards - 0.3) * 0.22, 0.0, 0.13));
  }

  void add_column(std::size_t i) {
    const bool avenue = is_avenue(i, kColumns);
    std::vector<Line> lines(1);
    for (std::size_t j = 0; j < ys_.size(); ++j) {
      const Point here{xs_[i], ys_[j]};
      lines.back().push_back(bend_(here));
      if (j + 1 == ys_.size()) break;
      const Point middle{xs_[i], (ys_[j] + ys_[j + 1]) / 2};
      if (swallowed(middle) || (!avenue && interrupted(middle))) lines.emplace_back();
    }
    add(next_name(avenue), avenue, std::move(lines), has_bridge(i, kColumns));
  }

  void add_row(std::size_t j) {
    const bool avenue = is_avenue(j, kRows);
    std::vector<Line> lines(1);
    for (std::size_t i = 0; i < xs_.size(); ++i) {
      lines.back().push_back(bend_({xs_[i], ys_[j]}));
      if (i + 1 == xs_.size()) break;
      const Point middle{(xs_[i] + xs_[i + 1]) / 2, ys_[j]};
      if (swallowed(middle) || (!avenue && interrupted(middle))) lines.emplace_back();
    }
    add(next_name(avenue), avenue, std::move(lines), false);
  }

  void add_ring() {
    Line ring;
    const double phase = dice_.uniform(0, 6);
    for (int i = 0; i <= 120; ++i) {
      const double angle = 2 * kPi * i / 120;
      const double reach = 1 + 0.03 * std::sin(3 * angle + phase);
      ring.push_back({1480 * reach * std::cos(angle), 1190 * reach * std::sin(angle)});
    }
    add("Anillo Periférico", true, {ring}, true);
  }

  void add_diagonals() {
    add("Diagonal " + names_.back(), true, {{bend_({132, 132}), {760, 640}, {1600, 1180}}}, true);
    names_.pop_back();
    add("Diagonal " + names_.back(), true, {{bend_({-132, 220}), {-820, 760}, {-1500, 1350}}}, true);
    names_.pop_back();
    add("Calzada del Santuario", true, {{bend_({-220, -132}), {-700, -760}, {-1150, -1400}}}, true);
  }

  void add_promenades() {
    const double aside = plan_.river.half_width_m + kBankWidth_m;
    add("Malecón Norte", false, {moved_aside(plan_.river.centre, aside)}, true);
    add("Malecón Sur", false, {moved_aside(plan_.river.centre, -aside)}, true);
  }

  /// Ways out of town; they alone go on behind the outline.
  void add_highways() {
    const struct {
      const char* name;
      double degrees;
    } ways[] = {
        {"Carretera a Tres Cruces", 22}, {"Carretera a El Refugio", 158}, {"Carretera a la Presa", 276}};
    for (const auto& way : ways) {
      const double angle = way.degrees * kPi / 180;
      const Point out{std::cos(angle), std::sin(angle)};
      Line line;
      for (double reach = 1150; reach <= 3600; reach += 140)
        line.push_back(out * reach + left_of(out) * (90 * std::sin(reach / 520)));
      plan_.streets.push_back({way.name, StreetClass::Highway, {line}});
    }
  }

  void add(std::string name, bool avenue, std::vector<Line> lines, bool bridge) {
    PlannedStreet street{std::move(name), avenue ? StreetClass::Avenue : StreetClass::Street, {}};
    for (const Line& line : lines) {
      for (Line& run : runs_on_land(line, bridge)) street.lines.push_back(std::move(run));
    }
    if (!street.lines.empty()) plan_.streets.push_back(std::move(street));
  }

  /// The parts of a line that lie in town and, without a bridge, on land. Both ends go on by a little, so
  /// that they reach the street at which they end.
  std::vector<Line> runs_on_land(const Line& line, bool bridge) const {
    std::vector<Line> runs(1);
    const double clear = plan_.river.half_width_m + kBankWidth_m - 3;
    for (std::size_t i = 1; i < line.size(); ++i) {
      const int steps = std::max(1, static_cast<int>(distance(line[i - 1], line[i]) / 14));
      for (int step = i == 1 ? 0 : 1; step <= steps; ++step) {
        const Point here = between(line[i - 1], line[i], static_cast<double>(step) / steps);
        const bool near_river = distance_to(plan_.river.centre, here) < clear;
        if (!contains(plan_.outline, here) || (near_river && !bridge)) {
          if (!runs.back().empty()) runs.emplace_back();
        } else if (step == steps || step == 0 || near_river || runs.back().empty() || step % 2 == 0) {
          runs.back().push_back(here);
        }
      }
    }
    std::erase_if(runs, [](const Line& run) { return run.size() < 2 || length(run) < 30; });
    for (Line& run : runs) {
      run.front() = run.front() + unit(run.front() - run[1]) * 3;
      run.back() = run.back() + unit(run.back() - run[run.size() - 2]) * 3;
    }
    return runs;
  }

  Dice dice_;
  Bend bend_;
  std::vector<std::string> names_, avenues_;
  std::vector<double> xs_, ys_;
  int private_streets_ = 0;
  StreetPlan plan_;
};

}  // namespace

double half_width_m(StreetClass street_class) {
  switch (street_class) {
    case StreetClass::Highway:
      return 10;
    case StreetClass::Avenue:
      return 9;
    case StreetClass::Street:
      return 5.5;
  }
  return 5.5;
}

StreetPlan plan_streets(const Dice& dice) { return Planner(dice).plan(); }

}  // namespace terreno::town
