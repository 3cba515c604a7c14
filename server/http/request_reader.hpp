#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "server/http/link.hpp"
#include "server/http/request_parser.hpp"
#include "server/http/upgrade.hpp"

namespace terreno::server {

inline constexpr std::size_t kReadProgress = 16 * 1024;  ///< bytes of a body that renew the read deadline
inline constexpr std::size_t kMaxUnparsed = 64 * 1024;   ///< of chunk headers and trailers
inline constexpr std::size_t kFreeBody = 64 * 1024;  ///< of each body that the shared memory does not count

/// Reads one request after the other from a link, within the limits of size and time.
template <typename Stream>
class RequestReader {
 public:
  static constexpr int kPeerGone = -1;  ///< beside HTTP statuses: nobody is there to answer

  explicit RequestReader(Link<Stream>& link) : link_(link) {}
  ~RequestReader() { let_go(); }
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// 0 when a whole request stands in `request`, else the status of a refusal or kPeerGone.
  Task<int> read(Request& request) {
    let_go();
    parser_.emplace(request, options().max_header_bytes);
    link_.deadline_in(options().idle_timeout_s);
    begun_ = false;
    while (!parser_->is_header_done()) {
      if (!link_.buffer().empty()) {
        if (!begun_) link_.deadline_in(options().request_timeout_s);
        begun_ = true;
        const int refused = feed_parser();
        if (refused != 0) co_return refused;
        if (parser_->is_header_done()) break;
      }
      if (!begun_ && link_.shared()->draining) co_return kPeerGone;
      idle_ = !begun_;
      const bool more = co_await link_.fill();
      idle_ = false;
      if (!more) co_return kPeerGone;
    }
    if (parser_->refusal() != 0) co_return parser_->refusal();
    co_return co_await read_body(request);
  }

  /// Waiting for a request of which nothing has come: nothing is lost when the connection closes now.
  bool idle() const { return idle_; }
  /// A request had begun to come.
  bool begun() const { return begun_; }
  /// Of the request that was read last.
  bool keep_alive_wanted() const { return parser_->is_header_done() && parser_->keep_alive_wanted(); }
  bool is_http_11() const { return parser_->is_http_11(); }

 private:
  const HttpOptions& options() const { return link_.shared()->options; }

  int feed_parser() {
    ErrorCodeIo error;
    ReadBuffer& buffer = link_.buffer();
    const std::size_t used = parser_->put(asio::buffer(buffer.data(), buffer.size()), error);
    buffer.consume(used);
    if (error == boost::beast::http::error::need_more) return 0;
    return error ? RequestParser::status_of(error) : 0;
  }

  Task<int> read_body(Request& request) {
    const std::uint64_t limit = link_.shared()->application.body_limit(request.method, request.path);
    const auto length = parser_->content_length();
    if (length.value_or(0) > limit || (parser_->chunked() && limit == 0)) co_return 413;
    if (parser_->is_done()) co_return 0;
    parser_->limit_body(limit);
    const std::string_view expectation = request.header("expect");
    if (!expectation.empty()) {
      if (!same_text(expectation, "100-continue")) co_return 417;
      if (link_.buffer().empty()) {
        const bool sent = co_await link_.write_all("HTTP/1.1 100 Continue\r\n\r\n");
        if (!sent) co_return kPeerGone;
      }
    }
    if (length) co_return co_await read_sized_body(request.body, *length);
    co_return co_await read_chunks(request.body);
  }

  /// Past the parser, straight into the body.
  Task<int> read_sized_body(Bytes& body, std::uint64_t length) {
    ReadBuffer& buffer = link_.buffer();
    const std::size_t there = static_cast<std::size_t>(std::min<std::uint64_t>(length, buffer.size()));
    // A claimed length alone takes no memory.
    body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(length, kFreeBody)));
    body.assign(buffer.data(), buffer.data() + there);
    buffer.consume(there);
    std::size_t renewed_at = there;
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    while (body.size() < length) {
      const std::size_t have = body.size();
      const std::size_t piece = static_cast<std::size_t>(std::min<std::uint64_t>(length - have, kWriteSlice));
      if (!hold(have + piece)) co_return 503;
      body.resize(have + piece);
      const std::size_t count =
          co_await link_.stream().async_read_some(asio::buffer(&body[have], piece), token);
      body.resize(have + count);
      if (error) co_return kPeerGone;
      renew_deadline(body.size(), renewed_at);
    }
    co_return 0;
  }

  Task<int> read_chunks(const Bytes& body) {
    ReadBuffer& buffer = link_.buffer();
    std::size_t renewed_at = 0;
    while (true) {
      bool stuck = buffer.empty();
      while (!stuck && !parser_->is_done()) {
        const std::size_t before = buffer.size();
        const int refused = feed_parser();
        if (refused != 0) co_return refused;
        stuck = buffer.size() == before || buffer.empty();
      }
      if (parser_->is_done()) co_return 0;
      if (buffer.size() > kMaxUnparsed) co_return 413;
      const bool more = co_await link_.fill();
      if (!more) co_return kPeerGone;
      if (!hold(body.size())) co_return 503;
      renew_deadline(body.size(), renewed_at);
    }
  }

  void renew_deadline(std::size_t bytes, std::size_t& renewed_at) {
    if (bytes - renewed_at < kReadProgress) return;
    renewed_at = bytes;
    link_.deadline_in(options().request_timeout_s);
  }

  /// Room for a body of so many bytes in the memory that all bodies share; it is held until the next request.
  bool hold(std::size_t bytes) {
    if (bytes <= kFreeBody + held_) return true;
    const std::uint64_t more = bytes - kFreeBody - held_;
    if (!link_.shared()->bodies.take(more, options().max_body_memory)) return false;
    held_ += more;
    return true;
  }
  void let_go() {
    if (held_ > 0) link_.shared()->bodies.give(held_);
    held_ = 0;
  }

  Link<Stream>& link_;
  std::uint64_t held_ = 0;
  std::optional<RequestParser> parser_;
  bool begun_ = false;
  bool idle_ = false;
};

}  // namespace terreno::server
