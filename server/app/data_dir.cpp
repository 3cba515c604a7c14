#include "server/app/data_dir.hpp"

#include <fstream>
#include <iterator>

#include "core/base/crypto.hpp"
#include "server/app/cli_text.hpp"

namespace terreno::server {

namespace fs = std::filesystem;

DataDir::DataDir(fs::path path, Absent absent) : path_(std::move(path)) {
  std::error_code failure;
  if (absent == Absent::Refuse && !fs::exists(database(), failure)) {
    throw Error(ErrorCode::NotFound, cli_text("cli.no_data", {{"path", path_.string()}}));
  }
  if (fs::create_directories(path_, failure)) fs::permissions(path_, fs::perms::owner_all, failure);
  fs::create_directories(basemaps(), failure);
  if (!fs::is_directory(path_)) {
    throw Error(ErrorCode::Io, cli_text("cli.no_data_dir", {{"path", path_.string()}}));
  }
}

std::unique_ptr<Storage> DataDir::open_storage() const {
  SqliteOptions options;
  options.path = database().string();
  return open_sqlite_storage(options);
}

fs::path DataDir::basemap_of(const Uuid& tenant_id) const {
  return basemaps() / (tenant_id.to_string() + ".geojson");
}

std::string DataDir::metrics_token() const {
  const fs::path file = path_ / "metrics.token";
  if (!fs::exists(file)) {
    write_file(file, random_token() + "\n");
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  }
  std::string token = read_file(file, 1024);
  token.erase(token.find_last_not_of(" \r\n") + 1);
  return token;
}

std::string read_file(const fs::path& path, std::uintmax_t max_bytes) {
  std::error_code failure;
  const auto size = fs::file_size(path, failure);
  std::ifstream file(path, std::ios::binary);
  if (failure || !file) throw Error(ErrorCode::NotFound, cli_text("cli.no_file", {{"path", path.string()}}));
  if (size > max_bytes) {
    throw Error(ErrorCode::TooLarge, cli_text("cli.file_too_large", {{"path", path.string()},
                                                                     {"limit", std::to_string(max_bytes)}}));
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const fs::path& path, std::string_view content) {
  fs::path part = path;
  part += ".part";
  {
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    file << content;
    file.flush();
    if (!file) throw Error(ErrorCode::Io, cli_text("cli.cannot_write", {{"path", path.string()}}));
  }
  fs::rename(part, path);
}

}  // namespace terreno::server
