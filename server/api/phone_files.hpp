#pragma once

#include "server/api/http_types.hpp"
#include "server/files/evidence_files.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

inline constexpr std::string_view kFilesPath = "/v1/files";
inline constexpr std::uint64_t kMaxPieceBytes = 8ULL * 1024 * 1024;  ///< of one PATCH

/// tus 1.0 (core protocol and creation) for evidence. A file's address is its SHA-256, and only files that a
/// journal entry of the tenant named are taken: the phone sends entries first. Any thread.
class PhoneFiles {
 public:
  PhoneFiles(Storage& storage, EvidenceFiles& files) : storage_(storage), files_(files) {}

  /// `tenant_id` is of the phone's credential.
  Response handle(const Request& request, const Uuid& tenant_id);

 private:
  Response create(const Request& request, const Uuid& tenant_id);
  Response probe(const EvidenceRecord& record, const Uuid& tenant_id);
  Response append(const Request& request, const EvidenceRecord& record, const Uuid& tenant_id);
  /// Bytes held on disk, and the database brought to agree.
  std::uint64_t settled(const EvidenceRecord& record, const Uuid& tenant_id);
  void note(const EvidenceRecord& record, const Uuid& tenant_id, std::uint64_t received);

  Storage& storage_;
  EvidenceFiles& files_;
};

}  // namespace terreno::server
