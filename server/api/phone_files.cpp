#include "server/api/phone_files.hpp"

#include <algorithm>
#include <charconv>

#include "core/model/media_format.hpp"
#include "server/api/call.hpp"

namespace terreno::server {
namespace {

constexpr std::string_view kTusVersion = "1.0.0";

void add(Response& response, const char* name, std::string value) {
  response.headers.emplace_back(name, std::move(value));
}

Response tus_response(int status) {
  Response response;
  response.status = status;
  add(response, "Tus-Resumable", std::string(kTusVersion));
  add(response, "Cache-Control", "no-store");
  return response;
}

Response tus_error(ErrorCode code, std::string_view message) {
  Response response = error_response(code, message);
  add(response, "Tus-Resumable", std::string(kTusVersion));
  return response;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Bytes> from_base64(std::string_view text) {
  std::string url(text);
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  while (!url.empty() && url.back() == '=') url.pop_back();
  auto bytes = from_base64url(url);
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

/// The value of `key` in Upload-Metadata: "key base64,key base64".
std::optional<Bytes> metadata(std::string_view header, std::string_view key) {
  while (!header.empty()) {
    const std::size_t comma = header.find(',');
    std::string_view pair = header.substr(0, comma);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    const std::size_t space = pair.find(' ');
    if (pair.substr(0, space) == key && space != std::string_view::npos)
      return from_base64(pair.substr(space + 1));
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  return std::nullopt;
}

std::optional<Sha256> hash_from(const Bytes& bytes) {
  Sha256 hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

/// The hash as a client may give it: its 32 bytes, or 64 hexadecimal digits.
std::optional<Sha256> hash_in_metadata(std::string_view header) {
  const auto value = metadata(header, "sha256");
  if (!value) return std::nullopt;
  if (const auto hash = hash_from(*value)) return hash;
  const auto bytes = from_hex(as_text(*value));
  return bytes ? hash_from(*bytes) : std::nullopt;
}

std::optional<Sha256> hash_in_path(std::string_view path) {
  const auto bytes = from_hex(path.substr(std::min(path.size(), kFilesPath.size() + 1)));
  return bytes ? hash_from(*bytes) : std::nullopt;
}

Response what_we_speak() {
  Response response = tus_response(204);
  add(response, "Tus-Version", std::string(kTusVersion));
  add(response, "Tus-Extension", "creation");
  add(response, "Tus-Max-Size", std::to_string(kMaxEvidenceBytes));
  return response;
}

Response other_version() {
  Response response = error_response(ErrorCode::UnsupportedVersion, "only tus 1.0.0 is spoken here");
  response.status = 412;
  add(response, "Tus-Version", std::string(kTusVersion));
  return response;
}

Response wrong_method(const char* allowed) {
  Response response = tus_error(ErrorCode::MethodNotAllowed, "the method is not one of this address");
  add(response, "Allow", allowed);
  return response;
}

}  // namespace

Response PhoneFiles::handle(const Request& request, const Uuid& tenant_id) {
  if (request.method == "OPTIONS") return what_we_speak();
  if (request.header("tus-resumable") != kTusVersion) return other_version();
  if (request.path == kFilesPath) {
    return request.method == "POST" ? create(request, tenant_id) : wrong_method("POST, OPTIONS");
  }
  if (request.method != "HEAD" && request.method != "PATCH") return wrong_method("HEAD, PATCH, OPTIONS");
  const auto sha256 = hash_in_path(request.path);
  const auto record = sha256 ? storage_.find_evidence(tenant_id, *sha256) : std::nullopt;
  if (!record) return tus_error(ErrorCode::NotFound, "no visit names this file");
  return request.method == "HEAD" ? probe(*record, tenant_id) : append(request, *record, tenant_id);
}

Response PhoneFiles::create(const Request& request, const Uuid& tenant_id) {
  const auto length = number_in(request.header("upload-length"));
  if (!length) return tus_error(ErrorCode::InvalidArgument, "Upload-Length is missing");
  if (*length > kMaxEvidenceBytes) return tus_error(ErrorCode::TooLarge, "the file is over its limit");
  const auto sha256 = hash_in_metadata(request.header("upload-metadata"));
  if (!sha256) return tus_error(ErrorCode::InvalidArgument, "Upload-Metadata names no sha256");
  const auto record = storage_.find_evidence(tenant_id, *sha256);
  if (!record) return tus_error(ErrorCode::Forbidden, "no visit names this file: send the visit first");
  if (record->ref.size != *length) {
    return tus_error(ErrorCode::EvidenceInvalid, "the visit that names this file gives it another size");
  }
  if (find_media_format(record->ref.media_type) == nullptr) {
    return tus_error(ErrorCode::EvidenceInvalid, "files of this type are not taken");
  }
  const std::uint64_t held = settled(*record, tenant_id);
  Response response = tus_response(held == record->ref.size ? 200 : 201);
  add(response, "Location", std::string(kFilesPath) + "/" + to_hex(*sha256));
  add(response, "Upload-Offset", std::to_string(held));
  return response;
}

Response PhoneFiles::probe(const EvidenceRecord& record, const Uuid& tenant_id) {
  Response response = tus_response(200);
  add(response, "Upload-Offset", std::to_string(settled(record, tenant_id)));
  add(response, "Upload-Length", std::to_string(record.ref.size));
  return response;
}

Response PhoneFiles::append(const Request& request, const EvidenceRecord& record, const Uuid& tenant_id) {
  if (request.header("content-type") != "application/offset+octet-stream") {
    Response response =
        tus_error(ErrorCode::InvalidArgument, "a PATCH brings application/offset+octet-stream");
    response.status = 415;
    return response;
  }
  const auto offset = number_in(request.header("upload-offset"));
  if (!offset) return tus_error(ErrorCode::InvalidArgument, "Upload-Offset is missing");
  if (find_media_format(record.ref.media_type) == nullptr) {
    return tus_error(ErrorCode::EvidenceInvalid, "files of this type are not taken");
  }
  const auto held = files_.append(tenant_id, record.ref, *offset, request.body);
  if (!held) {
    if (held.error().code == ErrorCode::EvidenceInvalid) note(record, tenant_id, 0);
    return tus_error(held.error().code, held.error().message);
  }
  note(record, tenant_id, *held);
  Response response = tus_response(204);
  add(response, "Upload-Offset", std::to_string(*held));
  return response;
}

std::uint64_t PhoneFiles::settled(const EvidenceRecord& record, const Uuid& tenant_id) {
  const std::uint64_t held = files_.received(tenant_id, record.ref);
  // They differ after a crash between the file and the database.
  if (held != record.received_bytes) note(record, tenant_id, held);
  return held;
}

void PhoneFiles::note(const EvidenceRecord& record, const Uuid& tenant_id, std::uint64_t received) {
  EvidenceState state = EvidenceState::Expected;
  if (received > 0) state = EvidenceState::Receiving;
  if (received == record.ref.size) state = EvidenceState::Received;
  storage_.set_evidence_progress(tenant_id, record.ref.sha256, state, received);
}

}  // namespace terreno::server
