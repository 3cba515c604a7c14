#pragma once

#include <map>
#include <string>
#include <string_view>

namespace terreno::server {

/// Splits an origin-form request target and undoes percent-encoding. False when it is not one: no leading
/// slash, an incomplete %XX, a NUL.
bool split_target(std::string_view target, std::string& path, std::map<std::string, std::string>& query);

}  // namespace terreno::server
