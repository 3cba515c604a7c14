#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/uuid.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

/// Where one server keeps everything: terreno.db, evidence/, basemap/<tenant>.geojson, metrics.token.
/// Readable by its owner alone.
class DataDir {
 public:
  /// What to do where there is no server's data yet. Only what begins a server makes it: a mistyped path must
  /// not become a second, empty server.
  enum class Absent : std::uint8_t { Refuse, Make };

  /// Throws NotFound or Io.
  explicit DataDir(std::filesystem::path path, Absent absent = Absent::Refuse);

  std::unique_ptr<Storage> open_storage() const;
  std::filesystem::path evidence() const { return path_ / "evidence"; }
  std::filesystem::path basemaps() const { return path_ / "basemap"; }
  std::filesystem::path basemap_of(const Uuid& tenant_id) const;
  /// The bearer token for /metrics; made at first use.
  std::string metrics_token() const;

 private:
  std::filesystem::path database() const { return path_ / "terreno.db"; }

  std::filesystem::path path_;
};

/// A whole file, at most `max_bytes`. Throws Error with what to do.
std::string read_file(const std::filesystem::path& path, std::uintmax_t max_bytes);
/// Replaces a file in one step: a reader sees the old or the new one, whole.
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace terreno::server
