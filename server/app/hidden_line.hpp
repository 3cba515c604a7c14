#pragma once

#include <string>

namespace terreno::server {

/// One line of the standard input. Where that is a terminal, what is typed does not show.
std::string read_hidden_line();

}  // namespace terreno::server
