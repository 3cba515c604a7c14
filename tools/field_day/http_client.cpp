#include "tools/field_day/http_client.hpp"

#include <curl/curl.h>

#include <memory>
#include <utility>

#include "core/base/error.hpp"

namespace terreno::field_day {
namespace {

constexpr long kTimeout_ms = 20'000;
constexpr std::size_t kMaxBody = 32U << 20U;

struct LibraryStart {
  LibraryStart() { curl_global_init(CURL_GLOBAL_DEFAULT); }
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& body = static_cast<HttpResponse*>(into)->body;
  if (body.size() + size * count > kMaxBody) return 0;
  body.insert(body.end(), bytes, bytes + size * count);
  return size * count;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* into) {
  std::string line(bytes, size * count);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos) return size * count;
  const std::size_t value = line.find_first_not_of(' ', colon + 1);
  static_cast<HttpResponse*>(into)->headers.emplace_back(
      line.substr(0, colon), value == std::string::npos ? std::string() : line.substr(value));
  return size * count;
}

// CURLINFO_REQUEST_SIZE and CURLINFO_SIZE_UPLOAD both count a small body; what passes here passed the socket.
int count_bytes(CURL*, curl_infotype type, char*, std::size_t size, void* into) {
  auto& traffic = *static_cast<Traffic*>(into);
  if (type == CURLINFO_HEADER_OUT || type == CURLINFO_DATA_OUT) traffic.sent += size;
  if (type == CURLINFO_HEADER_IN || type == CURLINFO_DATA_IN) traffic.received += size;
  return 0;
}

NetworkFailure failure_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
      return NetworkFailure::NoConnection;
    case CURLE_OPERATION_TIMEDOUT:
      return NetworkFailure::Timeout;
    default:
      return NetworkFailure::Interrupted;
  }
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList headers_of(const HttpRequest& request) {
  HeaderList list;
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    static_cast<void>(list.release());
    list.reset(longer);
  };
  // What curl would add by itself costs bytes and tells the server nothing.
  for (const char* unwanted : {"Accept:", "User-Agent:", "Expect:"}) add(unwanted);
  bool typed = false;
  for (const auto& [name, value] : request.headers) {
    typed = typed || name == "Content-Type";
    add(name + ": " + value);
  }
  if (!typed) add("Content-Type:");
  return list;
}

}  // namespace

HttpClient::HttpClient(std::string base) : base_(std::move(base)) {
  static const LibraryStart started;
  handle_ = curl_easy_init();
  if (handle_ == nullptr) throw Error(ErrorCode::Internal, "libcurl gave no handle");
}

HttpClient::~HttpClient() { curl_easy_cleanup(handle_); }

void HttpClient::prepare(const HttpRequest& request, void* headers, HttpResponse& response) {
  curl_easy_reset(handle_);
  curl_easy_setopt(handle_, CURLOPT_URL, (base_ + request.path).c_str());
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, kTimeout_ms);
  curl_easy_setopt(handle_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(handle_, CURLOPT_PROXY, "");
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, static_cast<curl_slist*>(headers));
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &response);
  curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &response);
  curl_easy_setopt(handle_, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(handle_, CURLOPT_DEBUGFUNCTION, count_bytes);
  curl_easy_setopt(handle_, CURLOPT_DEBUGDATA, &traffic_);
  if (request.method == "HEAD") {
    curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(handle_, CURLOPT_POST, 1L);
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

std::variant<HttpResponse, NetworkFailure> HttpClient::perform(const HttpRequest& request) {
  HttpResponse response;
  const HeaderList headers = headers_of(request);
  prepare(request, headers.get(), response);
  const CURLcode code = curl_easy_perform(handle_);
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  ++traffic_.requests;
  if (code != CURLE_OK) return failure_of(code);
  response.status = static_cast<int>(status);
  return response;
}

}  // namespace terreno::field_day
