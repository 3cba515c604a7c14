#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"

namespace terreno::server {

/// Thrown for a command line that cannot be understood; the message says what to write.
struct UsageError : Error {
  explicit UsageError(std::string what) : Error(ErrorCode::InvalidArgument, std::move(what)) {}
};

/// `--name value`, `--flag` and the rest of a command line.
class Arguments {
 public:
  /// `options` take a value, `flags` do not. Throws UsageError for any other `--name` and for a missing
  /// value.
  Arguments(const std::vector<std::string>& words, std::initializer_list<std::string_view> options,
            std::initializer_list<std::string_view> flags);

  bool has(std::string_view name) const { return values_.contains(name); }
  std::string get(std::string_view name, std::string_view otherwise = {}) const;
  /// Throws UsageError when it was not given.
  std::string need(std::string_view name) const;
  /// A whole number in [least, most], else UsageError.
  std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                      std::int64_t most) const;
  const std::vector<std::string>& rest() const { return rest_; }
  /// The one word that is no option; `what` names it when it is missing.
  std::string only_word(std::string_view what) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> rest_;
};

}  // namespace terreno::server
