#include "mobile-bridge/abi/http_messages.hpp"

#include <memory>

#include "core/base/result.hpp"

namespace terreno::bridge {
namespace {

/// Keeps what the flat struct points at.
struct HeldRequest {
  HttpRequest request;
  std::vector<terreno_header> headers;
};

constexpr std::size_t kMostHeaders = 200;

}  // namespace

void hand_out(HttpRequest request, terreno_http_request& out) {
  auto held = std::make_unique<HeldRequest>();
  held->request = std::move(request);
  for (const auto& [name, value] : held->request.headers)
    held->headers.push_back({name.c_str(), value.c_str()});
  out.method = held->request.method.c_str();
  out.path = held->request.path.c_str();
  out.headers = held->headers.data();
  out.header_count = held->headers.size();
  out.body = held->request.body.data();
  out.body_size = held->request.body.size();
  out.owner = held.release();
}

Result<HttpResponse> taken_in(const terreno_http_response* response) {
  const auto wrong = [](const char* why) { return Error{ErrorCode::InvalidArgument, why}; };
  if (response == nullptr) return wrong("The response is missing");
  if (response->headers == nullptr && response->header_count > 0) return wrong("The headers are missing");
  if (response->header_count > kMostHeaders) return wrong("More than 200 headers");
  if (response->body == nullptr && response->body_size > 0) return wrong("The body is missing");
  HttpResponse taken;
  taken.status = response->status;
  for (std::size_t i = 0; i < response->header_count; ++i) {
    const terreno_header& header = response->headers[i];
    if (header.name == nullptr || header.value == nullptr) return wrong("A header without name or value");
    taken.headers.emplace_back(header.name, header.value);
  }
  if (response->body_size > 0) taken.body.assign(response->body, response->body + response->body_size);
  return taken;
}

}  // namespace terreno::bridge

void terreno_http_request_free(terreno_http_request* request) noexcept {
  if (request == nullptr) return;
  delete static_cast<terreno::bridge::HeldRequest*>(request->owner);
  *request = terreno_http_request{};
}
