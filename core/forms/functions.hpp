#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/forms/xpath_eval.hpp"

namespace terreno::forms {

/// The arguments of one call. Each is evaluated only when it is asked for, so that if() and coalesce() stay
/// lazy.
class Call {
 public:
  Call(Evaluator& evaluator, const ExprNode& node, const Scope& scope)
      : evaluator_(evaluator), node_(node), scope_(scope) {}

  std::size_t count() const { return node_.b; }
  Value value(std::size_t i) { return evaluator_.value(argument(i), scope_); }
  std::string text(std::size_t i) { return evaluator_.text(argument(i), scope_); }
  /// As text(), without a copy where it can be; lives as long as `scratch`.
  std::string_view view(std::size_t i, std::string& scratch) {
    return evaluator_.text_view(argument(i), scope_, scratch);
  }
  double number(std::size_t i) { return evaluator_.number(argument(i), scope_); }
  bool boolean(std::size_t i) { return evaluator_.boolean(argument(i), scope_); }
  NodeSet nodes(std::size_t i) { return evaluator_.nodes(argument(i), scope_); }
  /// The collection of the form that an argument names as a whole; kNoCollection when it is anything else.
  std::uint32_t collection(std::size_t i) const;
  /// Texts of every argument from `first` on; a node-set gives one per node.
  std::vector<std::string> texts_from(std::size_t first);

  Evaluator& evaluator() { return evaluator_; }
  XPathHost& host() { return evaluator_.host(); }
  const Scope& scope() const { return scope_; }

 private:
  ExprId argument(std::size_t i) const { return evaluator_.code().arguments[node_.a + i]; }
  Evaluator& evaluator_;
  const ExprNode& node_;
  const Scope& scope_;
};

struct FunctionRow {
  std::string_view name;
  std::uint8_t least;  ///< arguments
  std::uint8_t most;
  Value (*run)(Call&);
};

inline constexpr std::uint16_t kUnknownFunction = 0xFFFF;
inline constexpr std::uint8_t kManyArguments = 255;

/// The row of a function by its name as written in a form ("jr:choice-name"), or kUnknownFunction.
std::uint16_t function_named(std::string_view name);
const FunctionRow& function_row(std::uint16_t row);
bool takes_arguments(std::uint16_t row, std::size_t count);
/// What is wrong with calling it with so many arguments.
std::string argument_count_fault(std::uint16_t row, std::size_t count);

/// A version 4 UUID from the host's random bits.
std::string random_uuid(XPathHost& host);

// One table per file of functions; function_named() looks through all.
std::span<const FunctionRow> core_functions();
std::span<const FunctionRow> text_functions();
std::span<const FunctionRow> number_functions();
std::span<const FunctionRow> date_functions();
std::span<const FunctionRow> node_functions();
std::span<const FunctionRow> choice_functions();
std::span<const FunctionRow> geo_functions();

}  // namespace terreno::forms
