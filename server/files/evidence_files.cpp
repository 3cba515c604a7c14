#include "server/files/evidence_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/model/media_format.hpp"

namespace terreno::server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadBytes = 256 * 1024;

[[noreturn]] void throw_errno(const char* what) {
  const int reason = errno;
  if (reason == ENOSPC || reason == EDQUOT) throw Error(ErrorCode::DiskFull, "the server's disk is full");
  throw Error(ErrorCode::Io, std::string(what) + ": " + std::strerror(reason));
}

/// An open file, closed at the end of its scope.
class File {
 public:
  File(const fs::path& path, int flags) : handle_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (handle_ < 0) throw_errno("cannot open an evidence file");
  }
  ~File() { ::close(handle_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write_at(std::uint64_t offset, ByteView bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(handle_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw_errno("cannot write an evidence file");
      offset += static_cast<std::uint64_t>(written);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  std::size_t read(std::span<std::uint8_t> out) const {
    for (;;) {
      const ssize_t got = ::read(handle_, out.data(), out.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw_errno("cannot read an evidence file");
    }
  }

  void truncate(std::uint64_t size) const {
    if (::ftruncate(handle_, static_cast<off_t>(size)) != 0) throw_errno("cannot cut an evidence file");
  }

  void sync() const {
    if (::fsync(handle_) != 0) throw_errno("cannot sync an evidence file");
  }

 private:
  int handle_;
};

void sync_folder(const fs::path& folder) { File(folder, O_RDONLY | O_DIRECTORY).sync(); }

fs::path part_of(fs::path path) { return path += ".part"; }

std::uint64_t size_of(const fs::path& path) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  return failed ? 0 : size;
}

void make_folders(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) throw Error(ErrorCode::Io, "cannot make the folder of the evidence: " + failed.message());
}

struct Contents {
  Sha256 hash{};
  Bytes beginning;
};

Contents examine(const fs::path& path) {
  Contents contents;
  Sha256Stream stream;
  const File file(path, O_RDONLY);
  std::vector<std::uint8_t> buffer(kReadBytes);
  while (const std::size_t got = file.read(buffer)) {
    const ByteView piece(buffer.data(), got);
    if (contents.beginning.empty()) contents.beginning = to_bytes(piece.first(std::min(got, kMagicBytes)));
    stream.update(piece);
  }
  contents.hash = stream.finish();
  return contents;
}

}  // namespace

EvidenceFiles::EvidenceFiles(fs::path folder) : folder_(std::move(folder)) { make_folders(folder_); }

std::uint64_t EvidenceFiles::free_bytes() const {
  std::error_code failed;
  const fs::space_info space = fs::space(folder_, failed);
  return failed ? 0 : space.available;
}

fs::path EvidenceFiles::path_of(const Uuid& tenant_id, const EvidenceRef& file) const {
  const std::string name = to_hex(file.sha256);
  return folder_ / tenant_id.to_string() / name.substr(0, 2) / name;
}

std::mutex& EvidenceFiles::lock_of(const EvidenceRef& file) const {
  return locks_[file.sha256[0] % locks_.size()];
}

bool EvidenceFiles::whole(const Uuid& tenant_id, const EvidenceRef& file) const {
  std::error_code failed;
  return fs::exists(path_of(tenant_id, file), failed);
}

std::uint64_t EvidenceFiles::received(const Uuid& tenant_id, const EvidenceRef& file) const {
  const std::lock_guard lock(lock_of(file));
  return settle(file, path_of(tenant_id, file));
}

/// Bytes held. What a crash left complete but not verified is verified now. Under the file's lock.
std::uint64_t EvidenceFiles::settle(const EvidenceRef& file, const fs::path& path) const {
  std::error_code failed;
  if (fs::exists(path, failed)) return file.size;
  const fs::path part = part_of(path);
  const std::uint64_t held = size_of(part);
  if (held < file.size || held == 0) return held;
  return finish(file, part, path) ? file.size : 0;
}

Result<std::uint64_t> EvidenceFiles::append(const Uuid& tenant_id, const EvidenceRef& file,
                                            std::uint64_t offset, ByteView bytes) {
  const std::lock_guard lock(lock_of(file));
  const fs::path path = path_of(tenant_id, file);
  const std::uint64_t held = settle(file, path);
  if (offset != held) {
    return Error(ErrorCode::Conflict, "the file stands at byte " + std::to_string(held));
  }
  if (bytes.size() > file.size - held) {
    return Error(ErrorCode::TooLarge, "the file has " + std::to_string(file.size) + " bytes");
  }
  if (bytes.empty()) return held;
  make_folders(path.parent_path());
  const fs::path part = part_of(path);
  {
    const File out(part, O_WRONLY | O_CREAT);
    try {
      out.write_at(held, bytes);
    } catch (...) {
      // A full disk may have taken a piece: what counts as received is what was asked to be kept whole.
      out.truncate(held);
      throw;
    }
    out.sync();
  }
  if (held == 0) sync_folder(path.parent_path());
  if (held + bytes.size() == file.size) {
    if (const auto finished = finish(file, part, path); !finished) return finished.error();
  }
  return held + bytes.size();
}

Result<void> EvidenceFiles::finish(const EvidenceRef& file, const fs::path& part,
                                   const fs::path& path) const {
  const Contents contents = examine(part);
  const MediaFormat* format = find_media_format(file.media_type);
  if (contents.hash != file.sha256 || format == nullptr || !begins_like(*format, contents.beginning)) {
    fs::remove(part);
    return Error(ErrorCode::EvidenceInvalid, contents.hash != file.sha256
                                                 ? "the file is not the one that was signed"
                                                 : "the file is not of the type that it claims");
  }
  fs::rename(part, path);
  sync_folder(path.parent_path());
  return {};
}

}  // namespace terreno::server
