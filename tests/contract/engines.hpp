#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/storage/storage.hpp"

namespace terreno::tests {

/// An engine that must keep the contract: opens a storage in a folder, and again what an earlier one left
/// there.
struct Engine {
  const char* name;
  std::unique_ptr<server::Storage> (*open)(const std::string& folder);
};

inline std::vector<Engine> engines() {
  return {{"sqlite", [](const std::string& folder) {
             server::SqliteOptions options;
             options.path = folder + "/terreno.db";
             return server::open_sqlite_storage(options);
           }}};
}

}  // namespace terreno::tests
