#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace terreno::town {

/// Random numbers that are the same for the same seed on every machine and library (the standard
/// distributions are not). One thread at a time.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed), state_(seed) {}
  /// Independent of what this one has thrown so far: the same name always gives the same child.
  Dice child(std::string_view name, std::uint64_t number = 0) const;

  std::uint64_t next();
  /// 0 <= u < 1.
  double uniform();
  double uniform(double from, double to) { return from + (to - from) * uniform(); }
  /// from..to, both included.
  int integer(int from, int to);
  bool chance(double probability) { return uniform() < probability; }
  double normal(double mean = 0, double sigma = 1);
  /// By its median; `sigma` is that of the logarithm.
  double lognormal(double median, double sigma);
  double exponential(double mean);
  int poisson(double mean);
  /// Of the given mean, with variance mean + mean²/shape.
  int negative_binomial(double mean, double shape);
  /// An index, each as probable as its weight.
  std::size_t weighted(const std::vector<double>& weights);
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(next() % from.size())];
  }
  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[next() % i]);
  }

 private:
  double gamma(double shape);
  std::uint64_t seed_;
  std::uint64_t state_;
};

}  // namespace terreno::town
