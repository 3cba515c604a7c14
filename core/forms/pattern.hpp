#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace terreno::forms {

/// A regular expression of regex(): the part of ECMAScript's syntax that form authors use (classes, groups,
/// alternatives, quantifiers, anchors, \d \w \s \b, look-ahead; no back-references). Matching takes at most
/// pattern × text steps, whatever the pattern: a form cannot hang a phone. Immutable; any thread.
class Pattern {
 public:
  static Result<Pattern> compile(std::string_view source);
  /// Whether any part of the text matches, as test() of ECMAScript. Nothing when pattern × text is over the
  /// budget.
  std::optional<bool> found_in(std::string_view text) const;

  struct Range {
    char32_t first;
    char32_t last;
  };
  struct CharacterClass {
    bool negated = false;
    std::vector<Range> ranges;
    bool holds(char32_t code) const;
  };
  enum class Kind : std::uint8_t {
    Character,  ///< value
    Any,        ///< all but line ends
    Class,      ///< classes[value]
    Split,      ///< first `next`, then `other`
    Jump,       ///< to `next`
    Begin,
    End,
    Boundary,
    NotBoundary,
    Ahead,     ///< what begins at `other` must match here; go on at `next`
    NotAhead,  ///< must not
    Accept
  };
  struct Instruction {
    Kind kind;
    std::uint32_t value = 0;
    std::uint32_t next = 0;
    std::uint32_t other = 0;
  };

 private:
  std::vector<Instruction> program_;
  std::vector<CharacterClass> classes_;
};

}  // namespace terreno::forms
