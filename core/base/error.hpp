#pragma once

#include <exception>
#include <string>
#include <utility>

#include "core/base/error_codes.hpp"

namespace terreno {

/// What went wrong. Returned inside Result when failure is expected; thrown when an invariant or I/O broke.
/// `message` says what, where and what to do, and holds no personal data.
struct Error : std::exception {
  Error(ErrorCode code_in, std::string message_in);

  ErrorCode code;
  std::string message;
  bool retryable;  ///< from schema/errors.csv: the same call may succeed later

  const char* what() const noexcept override { return message.c_str(); }
};

const ErrorTraits& traits_of(ErrorCode code) noexcept;

}  // namespace terreno
