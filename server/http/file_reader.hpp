#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <string>

namespace terreno::server {

/// A regular file opened for an answer. Blocks: used on the worker pool.
class FileReader {
 public:
  FileReader() = default;
  ~FileReader() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  bool open(const std::string& path) {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat facts {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
    size_ = static_cast<std::uint64_t>(facts.st_size);
    return true;
  }

  std::uint64_t size() const { return size_; }

  /// Fills `out` up to its size; false when the file ended sooner or cannot be read.
  bool read(std::uint64_t offset, std::string& out) const {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t count =
          ::pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (count <= 0) return false;
      done += static_cast<std::size_t>(count);
    }
    return true;
  }

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace terreno::server
