#include "core/sync/enrolment.hpp"

#include "core/codec/codec.hpp"

namespace terreno {

HttpRequest make_enrol_request(const EnrolRequest& message) {
  HttpRequest request;
  request.method = "POST";
  request.path = "/v1/enrol";
  request.body = codec::encode(message);
  return request;
}

Result<EnrolResponse> read_enrol_response(const HttpResponse& response, Language language) {
  switch (response.status) {
    case 200:
      break;
    case 404:
      return Error(ErrorCode::NotFound, text(language, "enrol.unknown_code"));
    case 409:
      return Error(ErrorCode::AlreadyEnrolled, text(language, "enrol.anothers"));
    case 426:
      return Error(ErrorCode::UnsupportedVersion, text(language, "sync.upgrade_needed"));
    case 429:
      return Error(ErrorCode::TooManyRequests, text(language, "enrol.too_many_tries"));
    case 503:
      return Error(ErrorCode::Unavailable, text(language, "sync.server_busy"));
    default:
      return Error(ErrorCode::MalformedBytes, text(language, "sync.not_our_server"));
  }
  auto message = codec::decode_enrol_response(response.body);
  if (message) return message;
  if (message.error().code == ErrorCode::UnsupportedVersion) {
    return Error(ErrorCode::UnsupportedVersion, text(language, "sync.upgrade_needed"));
  }
  return Error(ErrorCode::MalformedBytes, text(language, "sync.not_our_server"));
}

}  // namespace terreno
