#pragma once

#include <array>
#include <filesystem>
#include <mutex>

#include "core/base/result.hpp"
#include "core/base/uuid.hpp"
#include "core/model/work.hpp"

namespace terreno::server {

/// The bytes of evidence, each under its SHA-256: FOLDER/<tenant>/<ab>/<sha256>. A file that is not whole yet
/// lies beside under `.part`; it gets its name only when it is whole, verified and on the disk. Any thread.
class EvidenceFiles {
 public:
  /// Makes the folder. Throws Io when it cannot.
  explicit EvidenceFiles(std::filesystem::path folder);

  /// Bytes held of a file, durably: 0 when none, its size when it is whole and verified.
  std::uint64_t received(const Uuid& tenant_id, const EvidenceRef& file) const;
  bool whole(const Uuid& tenant_id, const EvidenceRef& file) const;

  /// Appends bytes at `offset` and returns how many are held then. Conflict when `offset` is not where the
  /// file stands; TooLarge when it would pass its size. With the last byte the file is verified:
  /// EvidenceInvalid when hash or type are not what was signed, and what was held is dropped. Throws DiskFull
  /// or Io.
  Result<std::uint64_t> append(const Uuid& tenant_id, const EvidenceRef& file, std::uint64_t offset,
                               ByteView bytes);

  /// Bytes that the folder's disk still has for us; 0 when it does not say.
  std::uint64_t free_bytes() const;

  std::filesystem::path path_of(const Uuid& tenant_id, const EvidenceRef& file) const;

 private:
  std::mutex& lock_of(const EvidenceRef& file) const;
  std::uint64_t settle(const EvidenceRef& file, const std::filesystem::path& path) const;
  Result<void> finish(const EvidenceRef& file, const std::filesystem::path& part,
                      const std::filesystem::path& path) const;

  const std::filesystem::path folder_;
  /// Two requests for one file take turns; different files seldom meet.
  mutable std::array<std::mutex, 64> locks_;
};

}  // namespace terreno::server
