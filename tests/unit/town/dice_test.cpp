#include "tools/town/dice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using terreno::town::Dice;

TEST_CASE("the same seed throws the same, and a child does not depend on what was thrown before") {
  Dice first(7), second(7);
  const auto child = first.child("gps", 3).next();
  for (int i = 0; i < 100; ++i) CHECK(first.next() == second.next());
  CHECK(second.child("gps", 3).next() == child);
  CHECK(second.child("gps", 4).next() != child);
  CHECK(Dice(8).child("gps", 3).next() != child);
}

TEST_CASE("distributions have the moments that they are asked for") {
  Dice dice(1);
  constexpr int kThrows = 40'000;
  double normal = 0, squares = 0, exponential = 0, poisson = 0, binomial = 0, binomial_squares = 0;
  int under_median = 0;
  for (int i = 0; i < kThrows; ++i) {
    const double value = dice.normal(3, 2);
    normal += value;
    squares += (value - 3) * (value - 3);
    under_median += dice.lognormal(9, 0.6) < 9;
    exponential += dice.exponential(25);
    poisson += dice.poisson(0.6);
    const double visits = dice.negative_binomial(14, 6);
    binomial += visits;
    binomial_squares += visits * visits;
  }
  CHECK(normal / kThrows == doctest::Approx(3).epsilon(0.02));
  CHECK(std::sqrt(squares / kThrows) == doctest::Approx(2).epsilon(0.02));
  CHECK(under_median == doctest::Approx(kThrows / 2).epsilon(0.03));
  CHECK(exponential / kThrows == doctest::Approx(25).epsilon(0.03));
  CHECK(poisson / kThrows == doctest::Approx(0.6).epsilon(0.03));
  const double mean = binomial / kThrows;
  CHECK(mean == doctest::Approx(14).epsilon(0.02));
  CHECK(binomial_squares / kThrows - mean * mean == doctest::Approx(14 + 14 * 14 / 6.0).epsilon(0.05));
}

TEST_CASE("weights are kept to") {
  Dice dice(5);
  std::vector<int> hits(3);
  for (int i = 0; i < 30'000; ++i) ++hits[dice.weighted({32, 0, 8})];
  CHECK(hits[1] == 0);
  CHECK(hits[0] == doctest::Approx(24'000).epsilon(0.03));
}
