#pragma once

#include <optional>
#include <string_view>

#include "core/sync/exchange.hpp"

namespace terreno {

/// Value of a response header whatever the case of its name; empty when it is absent.
std::string_view find_header(const HttpResponse& response, std::string_view name);

/// Value as a whole number; nothing when it is absent or none.
std::optional<std::uint64_t> header_number(const HttpResponse& response, std::string_view name);

}  // namespace terreno
