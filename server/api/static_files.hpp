#pragma once

#include <filesystem>

#include "server/api/http_types.hpp"

namespace terreno::server {

/// A file of the console, or its page for any other path, since the page itself routes. Hashed assets may be
/// kept for ever; a missing one gives 404. A file's .gz beside it is sent to whoever takes gzip.
Response serve_static(const std::filesystem::path& folder, const Request& request);

}  // namespace terreno::server
