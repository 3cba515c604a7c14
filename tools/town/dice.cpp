#include "tools/town/dice.hpp"

#include <cmath>
#include <numbers>

namespace terreno::town {

Dice Dice::child(std::string_view name, std::uint64_t number) const {
  std::uint64_t hash = 14695981039346656037ULL ^ seed_;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  Dice mixed(hash ^ (number * 0x9E3779B97F4A7C15ULL));
  return Dice(mixed.next());
}

// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t Dice::next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

double Dice::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

int Dice::integer(int from, int to) {
  return from + static_cast<int>(next() % static_cast<std::uint64_t>(to - from + 1));
}

double Dice::normal(double mean, double sigma) {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return mean + sigma * radius * std::cos(2 * std::numbers::pi * uniform());
}

double Dice::lognormal(double median, double sigma) { return median * std::exp(normal(0, sigma)); }

double Dice::exponential(double mean) { return -mean * std::log(1 - uniform()); }

int Dice::poisson(double mean) {
  const double limit = std::exp(-mean);
  int count = 0;
  for (double product = uniform(); product > limit; product *= uniform()) ++count;
  return count;
}

// Marsaglia and Tsang 2000, for shape >= 1; smaller ones by the usual boost.
double Dice::gamma(double shape) {
  if (shape < 1) return gamma(shape + 1) * std::pow(1 - uniform(), 1 / shape);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

int Dice::negative_binomial(double mean, double shape) { return poisson(gamma(shape) * mean / shape); }

std::size_t Dice::weighted(const std::vector<double>& weights) {
  double total = 0;
  for (const double weight : weights) total += weight;
  double left = uniform() * total;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return weights.size() - 1;
}

}  // namespace terreno::town
