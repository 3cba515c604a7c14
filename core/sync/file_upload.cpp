#include "core/sync/file_upload.hpp"

#include <algorithm>

#include "core/base/bytes.hpp"
#include "core/sync/headers.hpp"

namespace terreno {
namespace {

constexpr int kMostMismatches = 3;

// tus asks for standard base64 in Upload-Metadata; the core has base64url.
std::string to_base64(ByteView bytes) {
  std::string text = to_base64url(bytes);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

HttpRequest tus_request(std::string method, std::string path) {
  HttpRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.headers = {{"Tus-Resumable", "1.0.0"}};
  return request;
}

/// What our server will say again however often the file is offered. A proxy's or a portal's answer is no
/// such word, whatever its status.
bool refuses_for_good(ErrorCode told) {
  return told == ErrorCode::InvalidArgument || told == ErrorCode::Forbidden || told == ErrorCode::TooLarge ||
         told == ErrorCode::EvidenceInvalid;
}

}  // namespace

std::optional<HttpRequest> FileUpload::next_request() {
  for (;;) {
    const auto next = store_.next_file();
    if (!next) return std::nullopt;
    if (!current_ || current_->file.sha256 != next->file.sha256) mismatches_ = 0;
    current_ = next;
    if (current_->upload_url.empty()) {
      asked_ = Asked::Create;
      return create_request();
    }
    if (!probed_.contains(current_->file.sha256)) {
      asked_ = Asked::Probe;
      return probe_request();
    }
    const auto piece = store_.file_bytes(current_->file.sha256, current_->offset, piece_bytes_);
    if (piece && !piece->empty()) {
      asked_ = Asked::Piece;
      return piece_request(*piece);
    }
    give_up(ErrorCode::NotFound);
  }
}

HttpRequest FileUpload::create_request() const {
  HttpRequest request = tus_request("POST", "/v1/files");
  request.headers.emplace_back("Upload-Length", std::to_string(current_->file.size));
  request.headers.emplace_back("Upload-Metadata", "sha256 " + to_base64(current_->file.sha256) +
                                                      ",media_type " +
                                                      to_base64(as_bytes(current_->file.media_type)));
  return request;
}

HttpRequest FileUpload::probe_request() const { return tus_request("HEAD", current_->upload_url); }

HttpRequest FileUpload::piece_request(const Bytes& piece) const {
  HttpRequest request = tus_request("PATCH", current_->upload_url);
  request.headers.emplace_back("Upload-Offset", std::to_string(current_->offset));
  request.headers.emplace_back("Content-Type", "application/offset+octet-stream");
  request.body = piece;
  return request;
}

FileUpload::Step FileUpload::on_response(const HttpResponse& response) {
  if (!current_) return Step::GoOn;
  const std::optional<ErrorCode> told = told_error(response);
  // Bytes that differ on arrival are worth a few more tries: the line may have changed them.
  const bool differs = asked_ == Asked::Piece && told == ErrorCode::EvidenceInvalid;
  if (told && refuses_for_good(*told) && !differs) return give_up(*told);
  if (response.status == 413) {  // whoever stands between takes no piece of this size
    piece_bytes_ = std::max(piece_bytes_ / 2, kSmallestPiece);
    return Step::TryLater;
  }
  switch (asked_) {
    case Asked::Create:
      return on_created(response);
    case Asked::Probe:
      return on_probed(response);
    case Asked::Piece:
      break;
  }
  return on_piece(response);
}

FileUpload::Step FileUpload::on_created(const HttpResponse& response) {
  const std::string location(find_header(response, "Location"));
  // Only a path on the same server: an answer must not send evidence elsewhere.
  if ((response.status != 201 && response.status != 200) || !location.starts_with("/v1/files/")) {
    return Step::TryLater;
  }
  current_->upload_url = location;
  probed_.insert(current_->file.sha256);
  return advance(header_number(response, "Upload-Offset").value_or(0));
}

FileUpload::Step FileUpload::on_probed(const HttpResponse& response) {
  if (response.status == 404 || response.status == 410) return start_over();
  const auto offset = header_number(response, "Upload-Offset");
  if (response.status != 200 || !offset) return Step::TryLater;
  probed_.insert(current_->file.sha256);
  return advance(*offset);
}

FileUpload::Step FileUpload::on_piece(const HttpResponse& response) {
  if (response.status == 404 || response.status == 410) return start_over();
  if (response.status == 409) {  // the server stands elsewhere: ask where
    probed_.erase(current_->file.sha256);
    return Step::GoOn;
  }
  if (told_error(response) == ErrorCode::EvidenceInvalid) {
    if (++mismatches_ >= kMostMismatches) return give_up(ErrorCode::EvidenceInvalid);
    return start_over();
  }
  const auto offset = header_number(response, "Upload-Offset");
  if (response.status != 204 || !offset || *offset <= current_->offset) return Step::TryLater;
  piece_bytes_ = std::min(piece_bytes_ * 2, kLargestPiece);
  return advance(*offset);
}

FileUpload::Step FileUpload::advance(std::uint64_t offset) {
  const Sha256& file = current_->file.sha256;
  if (offset > current_->file.size) return start_over();
  if (offset == current_->file.size) {
    store_.file_done(file);
    probed_.erase(file);
    current_.reset();
  } else {
    store_.file_progress(file, offset, current_->upload_url);
  }
  return Step::GoOn;
}

FileUpload::Step FileUpload::start_over() {
  store_.file_progress(current_->file.sha256, 0, "");
  probed_.erase(current_->file.sha256);
  return Step::TryLater;
}

FileUpload::Step FileUpload::give_up(ErrorCode why) {
  store_.file_set_aside(current_->file.sha256, why);
  current_.reset();
  return Step::GoOn;
}

void FileUpload::on_failure() {
  piece_bytes_ = std::max(piece_bytes_ / 2, kSmallestPiece);
  // Part of the piece may have arrived.
  if (current_) probed_.erase(current_->file.sha256);
}

}  // namespace terreno
