// Conversions, conditions and what belongs to the filling itself.
#include <array>
#include <cmath>

#include "core/forms/functions.hpp"

namespace terreno::forms {
namespace {

Value make_true(Call&) { return Value::of_boolean(true); }
Value make_false(Call&) { return Value::of_boolean(false); }
Value make_not(Call& call) { return Value::of_boolean(!call.boolean(0)); }
Value make_boolean(Call& call) { return Value::of_boolean(call.boolean(0)); }

Value make_string(Call& call) {
  if (call.count() == 0) return Value::of_text(call.evaluator().text_of(call.scope().node));
  return Value::of_text(call.text(0));
}

Value make_number(Call& call) {
  if (call.count() == 0) return Value::of_number(call.evaluator().number_of(call.scope().node));
  return Value::of_number(call.number(0));
}

Value boolean_from_string(Call& call) {
  const std::string text = call.text(0);
  return Value::of_boolean(text == "true" || text == "1");
}

Value make_if(Call& call) { return call.value(call.boolean(0) ? 1 : 2); }

/// The text of an argument, empty for a calculation that came to no number.
std::string text_or_blank(Call& call, std::size_t i) {
  const Value found = call.value(i);
  if (found.kind == ValueKind::Number && std::isnan(found.number)) return {};
  return call.evaluator().to_text(found);
}

Value coalesce(Call& call) {
  for (std::size_t i = 0; i + 1 < call.count(); ++i) {
    std::string text = text_or_blank(call, i);
    if (!text.empty()) return Value::of_text(std::move(text));
  }
  return Value::of_text(call.text(call.count() - 1));
}

Value once(Call& call) {
  std::string present = call.evaluator().text_of(call.evaluator().current());
  if (!present.empty()) return Value::of_text(std::move(present));
  return Value::of_text(text_or_blank(call, 0));
}

double unit_random(std::uint64_t bits) { return static_cast<double>(bits >> 11U) * 0x1.0p-53; }

Value random_number(Call& call) { return Value::of_number(unit_random(call.host().random_bits())); }

Value uuid(Call& call) {
  if (call.count() == 0) return Value::of_text(random_uuid(call.host()));
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  constexpr double kLongest = 4096;
  const double length = call.number(0);
  if (!(length >= 0) || length > kLongest) throw XPathError{"uuid() takes a length from 0 to 4096."};
  std::string made;
  for (int i = 0; i < static_cast<int>(length); ++i)
    made += kLetters[call.host().random_bits() % kLetters.size()];
  return Value::of_text(std::move(made));
}

Value itext(Call& call) { return Value::of_text(call.host().itext(call.text(0))); }
Value version(Call& call) { return Value::of_text(call.host().form_property("version")); }
Value property(Call& call) { return Value::of_text(call.host().form_property(call.text(0))); }

/// depend(a, b...) yields a and only names what else it should be recomputed for.
Value depend(Call& call) { return call.value(0); }

constexpr std::array kRows{
    FunctionRow{"true", 0, 0, make_true},
    FunctionRow{"false", 0, 0, make_false},
    FunctionRow{"not", 1, 1, make_not},
    FunctionRow{"boolean", 1, 1, make_boolean},
    FunctionRow{"string", 0, 1, make_string},
    FunctionRow{"number", 0, 1, make_number},
    FunctionRow{"boolean-from-string", 1, 1, boolean_from_string},
    FunctionRow{"if", 3, 3, make_if},
    FunctionRow{"coalesce", 2, kManyArguments, coalesce},
    FunctionRow{"once", 1, 1, once},
    FunctionRow{"random", 0, 0, random_number},
    FunctionRow{"uuid", 0, 1, uuid},
    FunctionRow{"jr:itext", 1, 1, itext},
    FunctionRow{"version", 0, 0, version},
    FunctionRow{"property", 1, 1, property},
    FunctionRow{"depend", 1, kManyArguments, depend},
};

}  // namespace

std::string random_uuid(XPathHost& host) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string made;
  std::uint64_t bits = 0;
  for (int i = 0; i < 32; ++i) {
    if (i % 16 == 0) bits = host.random_bits();
    auto digit = static_cast<unsigned>(bits & 15U);
    bits >>= 4U;
    if (i == 12) digit = 4;                  // version 4
    if (i == 16) digit = 8U | (digit & 3U);  // the variant of RFC 9562
    if (i == 8 || i == 12 || i == 16 || i == 20) made += '-';
    made += kDigits[digit];
  }
  return made;
}

std::span<const FunctionRow> core_functions() { return kRows; }

}  // namespace terreno::forms
