#pragma once

#include <optional>
#include <string_view>

#include "core/base/error_codes.hpp"
#include "core/sync/exchange.hpp"

namespace terreno {

/// Value of a response header whatever the case of its name; empty when it is absent.
std::string_view find_header(const HttpResponse& response, std::string_view name);

/// Value as a whole number; nothing when it is absent or none.
std::optional<std::uint64_t> header_number(const HttpResponse& response, std::string_view name);

/// The code of schema/errors.csv that our server names in `Terreno-Error`; nothing when the answer names
/// none: a proxy or a captive portal gave it, whatever its status. A code that this phone does not know is
/// Internal.
std::optional<ErrorCode> told_error(const HttpResponse& response);

}  // namespace terreno
