#include "core/forms/pattern.hpp"

#include <algorithm>

#include "core/forms/utf8.hpp"

namespace terreno::forms {
namespace {

using Instruction = Pattern::Instruction;
using CharacterClass = Pattern::CharacterClass;
using Kind = Pattern::Kind;

constexpr std::size_t kMaxProgram = 20'000;
constexpr std::size_t kMaxRepeats = 1'000;
constexpr std::size_t kMaxGroups = 50;
constexpr std::size_t kMaxVisits = 64'000'000;

struct PatternError {
  const char* message;
};

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> codes;
  for (const std::string_view letter : utf8_characters(text)) codes.push_back(code_point_of(letter));
  return codes;
}

bool is_word(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Recursive descent over the pattern that writes the program as it goes. A part is compiled at the program's
/// end and falls through to what follows it.
class Compiler {
 public:
  Compiler(std::vector<char32_t> source, std::vector<Instruction>& program,
           std::vector<CharacterClass>& classes)
      : source_(std::move(source)), program_(program), classes_(classes) {}

  void run() {
    alternatives();
    if (at_ < source_.size()) throw PatternError{"The pattern has a ')' without its '('."};
    emit({Kind::Accept});
  }

 private:
  bool done() const { return at_ >= source_.size(); }
  char32_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : 0;
  }
  bool accept(char32_t c) {
    if (done() || source_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.size()); }
  std::uint32_t emit(Instruction instruction) {
    if (program_.size() >= kMaxProgram) throw PatternError{"The pattern is too long."};
    instruction.next = here() + 1;
    program_.push_back(instruction);
    return here() - 1;
  }

  void alternatives() {
    const std::uint32_t begin = here();
    sequence();
    std::vector<std::uint32_t> exits;
    std::uint32_t last_begin = begin;
    while (accept('|')) {
      insert_split(last_begin);
      exits.push_back(emit({Kind::Jump}));
      program_[last_begin].other = here();
      last_begin = here();
      sequence();
    }
    for (const std::uint32_t jump : exits) program_[jump].next = here();
  }

  /// Puts a Split in front of what was compiled from `place` on; targets behind it move by one.
  void insert_split(std::uint32_t place) {
    if (program_.size() >= kMaxProgram) throw PatternError{"The pattern is too long."};
    program_.insert(program_.begin() + place, Instruction{Kind::Split, 0, place + 1, 0});
    for (std::size_t i = place + 1; i < program_.size(); ++i) {
      if (program_[i].next >= place) ++program_[i].next;
      if (program_[i].other >= place) ++program_[i].other;
    }
  }

  void sequence() {
    while (!done() && peek() != '|' && peek() != ')') quantified();
  }

  void quantified() {
    const std::uint32_t begin = here();
    atom();
    std::size_t least = 1;
    std::size_t most = 1;
    if (!quantifier(least, most)) return;
    accept('?');  // which way is tried first does not change whether there is a match
    const std::vector<Instruction> part(program_.begin() + begin, program_.end());
    program_.resize(begin);
    for (std::size_t i = 0; i < least; ++i) copy(part, begin);
    if (most == kForever) {
      star(part, begin);
    } else {
      optional_copies(most - least, part, begin);
    }
  }

  /// Appends a part that was compiled at `origin`. Its targets all lie inside it or right behind it.
  void copy(const std::vector<Instruction>& part, std::uint32_t origin) {
    if (program_.size() + part.size() > kMaxProgram) throw PatternError{"The pattern is too long."};
    const std::uint32_t shift = here() - origin;
    for (Instruction instruction : part) {
      instruction.next += shift;
      instruction.other += shift;  // meaningless, and unused, where the kind has no other way
      program_.push_back(instruction);
    }
  }

  void star(const std::vector<Instruction>& part, std::uint32_t origin) {
    const std::uint32_t split = emit({Kind::Split});
    copy(part, origin);
    program_[emit({Kind::Jump})].next = split;
    program_[split].other = here();
  }

  void optional_copies(std::size_t count, const std::vector<Instruction>& part, std::uint32_t origin) {
    std::vector<std::uint32_t> splits;
    for (std::size_t i = 0; i < count; ++i) {
      splits.push_back(emit({Kind::Split}));
      copy(part, origin);
    }
    for (const std::uint32_t split : splits) program_[split].other = here();
  }

  bool quantifier(std::size_t& least, std::size_t& most) {
    if (accept('*')) return least = 0, most = kForever, true;
    if (accept('+')) return least = 1, most = kForever, true;
    if (accept('?')) return least = 0, most = 1, true;
    if (peek() != '{') return false;
    const std::size_t start = at_;
    ++at_;
    bool counted = digits(least);
    most = least;
    if (counted && accept(',')) most = digits(most) ? most : kForever;
    if (!counted || !accept('}')) {
      at_ = start;  // a brace that opens no count is a letter like any other
      return false;
    }
    if (least > kMaxRepeats || (most != kForever && most > kMaxRepeats))
      throw PatternError{"The pattern repeats a part too often."};
    if (most < least) throw PatternError{"The pattern has a count whose end is below its start."};
    return true;
  }

  bool digits(std::size_t& out) {
    if (peek() < '0' || peek() > '9') return false;
    out = 0;
    while (peek() >= '0' && peek() <= '9')
      out = std::min<std::size_t>(out * 10 + (source_[at_++] - '0'), 1'000'000);
    return true;
  }

  void atom() {
    const char32_t c = source_[at_++];
    switch (c) {
      case '(':
        return group();
      case '[':
        return bracket();
      case '.':
        emit({Kind::Any});
        return;
      case '^':
        emit({Kind::Begin});
        return;
      case '$':
        emit({Kind::End});
        return;
      case '\\':
        return escape();
      case '*':
      case '+':
      case '?':
        throw PatternError{"The pattern repeats nothing: put a letter or a group before '*', '+' or '?'."};
      default:
        emit({Kind::Character, c});
        return;
    }
  }

  void group() {
    if (++groups_ > kMaxGroups) throw PatternError{"The pattern has too many groups inside groups."};
    if (accept('?')) {
      if (accept('=')) return look_ahead(Kind::Ahead);
      if (accept('!')) return look_ahead(Kind::NotAhead);
      if (!accept(':')) throw PatternError{"The pattern has a kind of group that is not supported."};
    }
    alternatives();
    close_group();
  }

  void close_group() {
    if (!accept(')')) throw PatternError{"The pattern has a '(' without its ')'."};
    --groups_;
  }

  void look_ahead(Kind kind) {
    const std::uint32_t look = emit({kind});
    const std::uint32_t body = here();
    alternatives();
    emit({Kind::Accept});
    program_[look].other = body;
    program_[look].next = here();
    close_group();
  }

  static bool shorthand(char32_t c, CharacterClass& out) {
    const char32_t lower = c | 0x20U;
    if (lower != 'd' && lower != 'w' && lower != 's') return false;
    if (lower == 'd') out.ranges = {{'0', '9'}};
    if (lower == 'w') out.ranges = {{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'_', '_'}};
    if (lower == 's')
      out.ranges = {{'\t', '\r'},     {' ', ' '},       {0xA0, 0xA0},
                    {0x2000, 0x200A}, {0x2028, 0x2029}, {0xFEFF, 0xFEFF}};
    out.negated = c != lower;
    return true;
  }

  void add_class(CharacterClass made) {
    classes_.push_back(std::move(made));
    emit({Kind::Class, static_cast<std::uint32_t>(classes_.size() - 1)});
  }

  char32_t escaped_character(char32_t c) {
    switch (c) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'f':
        return '\f';
      case 'v':
        return '\v';
      case '0':
        return 0;
      case 'x':
        return hexadecimal(2);
      case 'u':
        return hexadecimal(4);
      default:
        return c;
    }
  }

  char32_t hexadecimal(int count) {
    char32_t code = 0;
    for (int i = 0; i < count; ++i) {
      const char32_t c = peek();
      const char32_t lower = c | 0x20U;
      if (c >= '0' && c <= '9')
        code = code * 16 + (c - '0');
      else if (lower >= 'a' && lower <= 'f')
        code = code * 16 + (lower - 'a' + 10);
      else
        throw PatternError{"The pattern has an unfinished \\x or \\u."};
      ++at_;
    }
    return code;
  }

  void escape() {
    if (done()) throw PatternError{"The pattern ends with a lone backslash."};
    const char32_t c = source_[at_++];
    CharacterClass made;
    if (c == 'b')
      emit({Kind::Boundary});
    else if (c == 'B')
      emit({Kind::NotBoundary});
    else if (shorthand(c, made))
      add_class(std::move(made));
    else if (c >= '1' && c <= '9')
      throw PatternError{"The pattern refers back to a group, which is not supported."};
    else
      emit({Kind::Character, escaped_character(c)});
  }

  void bracket() {
    CharacterClass made;
    made.negated = accept('^');
    while (!done() && peek() != ']') bracket_item(made);
    if (!accept(']')) throw PatternError{"The pattern has a '[' without its ']'."};
    add_class(std::move(made));
  }

  void bracket_item(CharacterClass& made) {
    CharacterClass inner;
    if (peek() == '\\' && shorthand(peek(1), inner)) {
      at_ += 2;
      add_shorthand(made, inner);
      return;
    }
    const char32_t first = bracket_character();
    char32_t last = first;
    if (peek() == '-' && peek(1) != ']' && peek(1) != 0) {
      ++at_;
      last = bracket_character();
    }
    if (last < first) throw PatternError{"The pattern has a range whose end is before its start."};
    made.ranges.push_back({first, last});
  }

  static void add_shorthand(CharacterClass& made, CharacterClass& inner) {
    if (!inner.negated) {
      made.ranges.insert(made.ranges.end(), inner.ranges.begin(), inner.ranges.end());
      return;
    }
    std::sort(inner.ranges.begin(), inner.ranges.end(), [](auto a, auto b) { return a.first < b.first; });
    char32_t from = 0;
    for (const auto& range : inner.ranges) {
      if (range.first > from) made.ranges.push_back({from, range.first - 1});
      from = range.last + 1;
    }
    made.ranges.push_back({from, 0x10FFFF});
  }

  char32_t bracket_character() {
    const char32_t c = source_[at_++];
    if (c != '\\') return c;
    if (done()) throw PatternError{"The pattern ends with a lone backslash."};
    const char32_t escaped = source_[at_++];
    return escaped == 'b' ? 8 : escaped_character(escaped);
  }

  static constexpr std::size_t kForever = static_cast<std::size_t>(-1);
  std::vector<char32_t> source_;
  std::vector<Instruction>& program_;
  std::vector<CharacterClass>& classes_;
  std::size_t at_ = 0;
  std::size_t groups_ = 0;
};

/// Walks the program depth-first and never visits one pair of instruction and place twice, which is sound
/// because nothing depends on how the pair was reached.
class Matcher {
 public:
  Matcher(const std::vector<Instruction>& program, const std::vector<CharacterClass>& classes,
          std::vector<char32_t> text)
      : program_(program), classes_(classes), text_(std::move(text)) {}

  bool matches_from(std::uint32_t start, std::size_t place, std::vector<bool>& visited) const {
    std::vector<std::pair<std::uint32_t, std::size_t>> open{{start, place}};
    while (!open.empty()) {
      auto [at, where] = open.back();
      open.pop_back();
      while (!visited[at * (text_.size() + 1) + where]) {
        visited[at * (text_.size() + 1) + where] = true;
        const Instruction& step = program_[at];
        if (step.kind == Kind::Accept) return true;
        if (step.kind == Kind::Split) open.emplace_back(step.other, where);
        if (!passes(step, where)) break;
        at = step.next;
      }
    }
    return false;
  }

  std::vector<bool> fresh_visits() const {
    return std::vector<bool>(program_.size() * (text_.size() + 1), false);
  }
  std::size_t length() const { return text_.size(); }

 private:
  bool passes(const Instruction& step, std::size_t& where) const {
    const bool more = where < text_.size();
    switch (step.kind) {
      case Kind::Character:
        return more && text_[where++] == step.value;
      case Kind::Any:
        return more && text_[where] != '\n' && text_[where++] != '\r';
      case Kind::Class:
        return more && classes_[step.value].holds(text_[where++]);
      case Kind::Begin:
        return where == 0;
      case Kind::End:
        return where == text_.size();
      case Kind::Boundary:
        return at_boundary(where);
      case Kind::NotBoundary:
        return !at_boundary(where);
      case Kind::Ahead:
      case Kind::NotAhead: {
        std::vector<bool> visited = fresh_visits();
        return matches_from(step.other, where, visited) == (step.kind == Kind::Ahead);
      }
      default:
        return true;
    }
  }

  bool at_boundary(std::size_t where) const {
    const bool before = where > 0 && is_word(text_[where - 1]);
    const bool after = where < text_.size() && is_word(text_[where]);
    return before != after;
  }

  const std::vector<Instruction>& program_;
  const std::vector<CharacterClass>& classes_;
  std::vector<char32_t> text_;
};

}  // namespace

bool Pattern::CharacterClass::holds(char32_t code) const {
  const bool inside = std::any_of(ranges.begin(), ranges.end(),
                                  [code](Range r) { return code >= r.first && code <= r.last; });
  return inside != negated;
}

Result<Pattern> Pattern::compile(std::string_view source) {
  Pattern made;
  try {
    Compiler(code_points(source), made.program_, made.classes_).run();
  } catch (const PatternError& error) {
    return Error(ErrorCode::FormInvalid, error.message);
  }
  return made;
}

std::optional<bool> Pattern::found_in(std::string_view text) const {
  const Matcher matcher(program_, classes_, code_points(text));
  const auto looks =
      static_cast<std::size_t>(std::count_if(program_.begin(), program_.end(), [](const Instruction& i) {
        return i.kind == Kind::Ahead || i.kind == Kind::NotAhead;
      }));
  // Each look-ahead may run once per place with visits of its own.
  const std::size_t visits = program_.size() * (matcher.length() + 1) * (1 + looks * (matcher.length() + 1));
  if (looks > 3 || visits > kMaxVisits) return std::nullopt;
  std::vector<bool> visited = matcher.fresh_visits();
  for (std::size_t place = 0; place <= matcher.length(); ++place) {
    if (matcher.matches_from(0, place, visited)) return true;
  }
  return false;
}

}  // namespace terreno::forms
