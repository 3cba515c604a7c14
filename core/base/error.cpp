#include "core/base/error.hpp"

#include <algorithm>
#include <iterator>

namespace terreno {

const ErrorTraits& traits_of(ErrorCode code) noexcept {
  const auto* found = std::find_if(std::begin(kErrorTraits), std::end(kErrorTraits),
                                   [code](const ErrorTraits& row) { return row.code == code; });
  return found == std::end(kErrorTraits) ? kErrorTraits[0] : *found;
}

Error::Error(ErrorCode code_in, std::string message_in)
    : code(code_in), message(std::move(message_in)), retryable(traits_of(code_in).retryable) {}

}  // namespace terreno
