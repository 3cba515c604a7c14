#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/texts.hpp"

namespace terreno::server {

/// The terminal's language by LC_ALL, LC_MESSAGES and LANG; Spanish unless they say otherwise.
Language cli_language();
std::string cli_text(std::string_view key,
                     std::initializer_list<std::pair<std::string_view, std::string>> arguments = {});

}  // namespace terreno::server
