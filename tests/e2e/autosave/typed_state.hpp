#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace terreno::tests {

/// Questions of the sample form that are typed, in its order; those of a neighbour stand in a repeat.
enum class Field : std::uint8_t { Outcome, Amount, Date, Means, Method, Paid, Receipt };
inline constexpr std::array<const char*, 7> kFieldPaths = {
    "outcome",        "promise/amount", "promise/date",   "promise/means",
    "payment/method", "payment/amount", "payment/receipt"};

/// One thing that a gestor does. It goes through a pipe as it is.
struct Deed {
  enum class Kind : std::uint8_t {
    Arrive,
    Begin,
    Type,
    AddNeighbour,
    TypeNeighbour,
    RemoveNeighbour,
    Finish,
    Cancel
  };
  Kind kind = Kind::Arrive;
  std::uint8_t case_number = 1;
  std::uint8_t field = 0;     ///< of Type
  std::uint8_t instance = 0;  ///< from 1, of the neighbours' deeds
  std::array<char, 32> value{};

  void set_value(const std::string& text) { text.copy(value.data(), value.size() - 1); }
};

/// What one open visit must hold, kept without any help of the core.
struct TypedVisit {
  bool answering = false;
  std::array<std::string, kFieldPaths.size()> fields;  ///< hidden ones too
  std::vector<std::string> neighbours;                 ///< a name each

  bool shows(Field field) const;
  /// Path and value of everything a screen shows, instances of the repeat with an empty value.
  std::map<std::string, std::string> shown() const;
  bool operator==(const TypedVisit&) const = default;
};

/// All that the phone must hold: by case, since a visit's id is the phone's own choice.
struct TypedState {
  std::map<int, TypedVisit> visits;
  std::size_t finished = 0;
  std::optional<TypedVisit> last_finished;

  void apply(const Deed& deed);
};

/// A deed that the state allows. Most are keystrokes: a text grows by one letter at a time.
Deed next_deed(const TypedState& state, std::mt19937& random);

}  // namespace terreno::tests
