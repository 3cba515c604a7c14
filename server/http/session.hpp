#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/http/answer.hpp"
#include "server/http/file_reader.hpp"
#include "server/http/live_queue.hpp"
#include "server/http/read_buffer.hpp"
#include "server/http/request_parser.hpp"
#include "server/http/upgrade.hpp"

namespace terreno::server {

// One connection from accept to close. Only named objects enter a co_await: g++ 12 destroys a temporary
// lambda or aggregate there twice.

inline Socket& socket_of(Socket& stream) { return stream; }
inline Socket& socket_of(asio::ssl::stream<Socket>& stream) { return stream.next_layer(); }

inline constexpr std::size_t kSmallBody = 16 * 1024;     ///< goes out in one write with its head
inline constexpr std::size_t kWriteSlice = 256 * 1024;   ///< bytes that one write deadline covers
inline constexpr std::size_t kReadProgress = 16 * 1024;  ///< bytes of a body that renew the read deadline
inline constexpr std::size_t kMaxUnparsed = 64 * 1024;   ///< of chunk headers and trailers
inline constexpr std::size_t kLingerBytes = 4 * 1024 * 1024;  ///< read and dropped so that a refusal arrives
inline constexpr std::uint32_t kCloseTimeout_s = 5;
inline constexpr std::uint32_t kHandshakeTimeout_s = 10;
inline constexpr std::uint32_t kLiveWriteTimeout_s = 20;

template <typename Stream>
class Session final : public LiveSession {
 public:
  Session(std::shared_ptr<IoLoop> loop, std::shared_ptr<ServerShared> shared, Stream stream,
          std::string remote)
      : loop_(std::move(loop)),
        shared_(std::move(shared)),
        stream_(std::move(stream)),
        wake_(loop_->context()),
        live_wake_(loop_->context()),
        remote_(std::move(remote)) {}

  static void start(std::shared_ptr<Session> self) {
    self->loop_->add(self.get());
    asio::io_context& context = self->loop_->context();
    asio::co_spawn(context, run(std::move(self)), asio::detached);
  }

  void abort() override {
    aborted_ = true;
    ErrorCodeIo ignored;
    socket_of(stream_).close(ignored);
    wake_.cancel();
    live_wake_.cancel();
  }

  void drain() override {
    if (idle_) abort();
    if (live_) live_->close();
  }

  void wake_writer() override { live_wake_.cancel(); }

 private:
  static constexpr int kPeerGone = -1;  ///< beside HTTP statuses: nobody is there to answer

  static Task<void> run(std::shared_ptr<Session> self) {
    try {
      co_await self->serve();
    } catch (const std::exception&) {
      // Out of memory or a bug in one connection must not end the others; the peer sees it closed.
    }
    self->finish();
  }

  void finish() {
    ErrorCodeIo ignored;
    socket_of(stream_).close(ignored);
    loop_->remove(this);
    --shared_->open_connections;
  }

  Task<void> serve() {
    const bool secure = co_await handshake();
    bool go_on = secure;
    while (go_on) go_on = co_await serve_one();
    if (secure) co_await close_gently();
  }

  Task<bool> handshake() {
    if constexpr (!std::is_same_v<Stream, Socket>) {
      deadline_in(kHandshakeTimeout_s);
      ErrorCodeIo error;
      auto token = asio::redirect_error(kAwait, error);
      co_await stream_.async_handshake(asio::ssl::stream_base::server, token);
      co_return !error;
    }
    co_return true;
  }

  /// One request and its answer. False when the connection is to be closed.
  Task<bool> serve_one() {
    const int refused = co_await read_request();
    if (refused == kPeerGone) co_return false;
    note_request();
    if (refused != 0) {
      response_ = refusal(refused, request_);
      keep_alive_ = false;
      linger_ = true;
      co_return co_await write_answer();
    }
    if (is_upgrade_to_websocket(request_)) co_return co_await serve_live();
    hand_over();
    co_await wait_until_answered();
    if (aborted_) co_return false;
    co_return co_await write_answer();
  }

  /// What the answer needs to know of the request, which the application takes away.
  void note_request() {
    keep_alive_ = parser_->is_header_done() && parser_->keep_alive_wanted();
    http_11_ = parser_->is_http_11();
    head_only_ = request_.method == "HEAD";
    range_ = request_.method == "GET" ? std::string(request_.header("range")) : std::string();
    if_range_ = std::string(request_.header("if-range"));
    parser_.reset();
  }

  // --- reading

  void deadline_in(std::uint32_t seconds) { deadline_sweep = loop_->sweep_after(seconds); }

  /// 0 when a whole request stands in request_, else the status of a refusal or kPeerGone.
  Task<int> read_request() {
    request_ = Request{};
    request_.remote = remote_;
    parser_.emplace(request_, shared_->options.max_header_bytes);
    deadline_in(shared_->options.idle_timeout_s);
    bool begun = false;
    while (!parser_->is_header_done()) {
      if (!buffer_.empty()) {
        if (!begun) deadline_in(shared_->options.request_timeout_s);
        begun = true;
        const int refused = feed_parser();
        if (refused != 0) co_return refused;
        if (parser_->is_header_done()) break;
      }
      if (!begun && shared_->draining) co_return kPeerGone;
      idle_ = !begun;
      const bool more = co_await fill();
      idle_ = false;
      if (!more) co_return kPeerGone;
    }
    if (parser_->refusal() != 0) co_return parser_->refusal();
    co_return co_await read_body();
  }

  int feed_parser() {
    ErrorCodeIo error;
    const std::size_t used = parser_->put(asio::buffer(buffer_.data(), buffer_.size()), error);
    buffer_.consume(used);
    if (error == boost::beast::http::error::need_more) return 0;
    return error ? RequestParser::status_of(error) : 0;
  }

  Task<bool> fill() {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    std::size_t room = 0;
    char* const free_space = buffer_.prepare(room);
    const std::size_t count = co_await stream_.async_read_some(asio::buffer(free_space, room), token);
    buffer_.commit(count);
    co_return !error && count > 0;
  }

  Task<int> read_body() {
    const std::uint64_t limit = shared_->application.body_limit(request_.method, request_.path);
    const auto length = parser_->content_length();
    if (length.value_or(0) > limit || (parser_->chunked() && limit == 0)) co_return 413;
    if (parser_->is_done()) co_return 0;
    parser_->limit_body(limit);
    const std::string_view expectation = request_.header("expect");
    if (!expectation.empty()) {
      if (!same_text(expectation, "100-continue")) co_return 417;
      if (buffer_.empty()) {
        const bool sent = co_await write_all("HTTP/1.1 100 Continue\r\n\r\n");
        if (!sent) co_return kPeerGone;
      }
    }
    if (length) co_return co_await read_sized_body(*length);
    co_return co_await read_chunks();
  }

  /// Past the parser, straight into the body.
  Task<int> read_sized_body(std::uint64_t length) {
    Bytes& body = request_.body;
    const std::size_t there = static_cast<std::size_t>(std::min<std::uint64_t>(length, buffer_.size()));
    // A claimed length alone takes no memory.
    body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(length, kMaxUnparsed)));
    body.assign(buffer_.data(), buffer_.data() + there);
    buffer_.consume(there);
    std::size_t renewed_at = there;
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    while (body.size() < length) {
      const std::size_t have = body.size();
      const std::size_t piece = static_cast<std::size_t>(std::min<std::uint64_t>(length - have, kWriteSlice));
      body.resize(have + piece);
      const std::size_t count = co_await stream_.async_read_some(asio::buffer(&body[have], piece), token);
      body.resize(have + count);
      if (error) co_return kPeerGone;
      if (body.size() - renewed_at >= kReadProgress) {
        renewed_at = body.size();
        deadline_in(shared_->options.request_timeout_s);
      }
    }
    co_return 0;
  }

  Task<int> read_chunks() {
    std::size_t renewed_at = 0;
    while (true) {
      bool stuck = buffer_.empty();
      while (!stuck && !parser_->is_done()) {
        const std::size_t before = buffer_.size();
        const int refused = feed_parser();
        if (refused != 0) co_return refused;
        stuck = buffer_.size() == before || buffer_.empty();
      }
      if (parser_->is_done()) co_return 0;
      if (buffer_.size() > kMaxUnparsed) co_return 413;
      const bool more = co_await fill();
      if (!more) co_return kPeerGone;
      if (request_.body.size() - renewed_at >= kReadProgress) {
        renewed_at = request_.body.size();
        deadline_in(shared_->options.request_timeout_s);
      }
    }
  }

  // --- the application

  /// The application's way back to this connection. One that is dropped without an answer gives 500.
  class Answering {
   public:
    explicit Answering(std::shared_ptr<Session> session) : session_(std::move(session)) {}
    Answering(const Answering&) = delete;
    Answering& operator=(const Answering&) = delete;
    ~Answering() {
      if (!given_) deliver(failure());
    }
    void give(Response response) {
      if (!given_.exchange(true)) deliver(std::move(response));
    }

   private:
    static Response failure() {
      Response response;
      response.status = 500;
      return response;
    }
    void deliver(Response response) {
      session_->loop_->post([session = session_, answer = std::move(response)]() mutable {
        session->response_ = std::move(answer);
        session->answered();
      });
    }
    std::shared_ptr<Session> session_;
    std::atomic<bool> given_{false};
  };

  std::shared_ptr<Session> self() { return std::static_pointer_cast<Session>(this->shared_from_this()); }

  void hand_over() {
    answered_ = false;
    deadline_sweep = 0;
    auto answering = std::make_shared<Answering>(self());
    Responder respond = [answering](Response response) { answering->give(std::move(response)); };
    auto job = [shared = shared_, request = std::move(request_), respond = std::move(respond)]() mutable {
      try {
        shared->application.handle(std::move(request), respond);
      } catch (const std::exception&) {
        Response failed;
        failed.status = 500;
        respond(std::move(failed));
      }
    };
    asio::post(shared_->workers, std::move(job));
  }

  void answered() {
    answered_ = true;
    wake_.cancel();
  }

  Task<void> wait_until_answered() {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    while (!answered_ && !aborted_) {
      wake_.expires_at(Timer::time_point::max());
      co_await wake_.async_wait(token);
    }
  }

  /// Runs what blocks on the worker pool. `job` may refer to the caller's frame: this returns only after it
  /// ended.
  Task<void> on_worker(const std::function<void()>& job) {
    answered_ = false;
    asio::post(shared_->workers, [session = self(), &job] {
      job();
      session->loop_->post([session] { session->answered(); });
    });
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    while (!answered_) {
      wake_.expires_at(Timer::time_point::max());
      co_await wake_.async_wait(token);
    }
  }

  // --- writing

  Task<bool> write_all(std::string_view bytes) {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    while (!bytes.empty() && !error) {
      deadline_in(shared_->options.request_timeout_s);
      const std::string_view slice = bytes.substr(0, kWriteSlice);
      const auto slice_buffer = asio::buffer(slice.data(), slice.size());
      co_await asio::async_write(stream_, slice_buffer, token);
      bytes.remove_prefix(slice.size());
    }
    co_return !error;
  }

  HeadOptions head_options(std::uint64_t body_bytes) {
    keep_alive_ = keep_alive_ && !shared_->draining;
    HeadOptions options;
    options.body_bytes = body_bytes;
    options.keep_alive = keep_alive_;
    options.http_11 = http_11_;
    return options;
  }

  Task<bool> write_answer() {
    if (!response_.file.empty()) co_return co_await write_file();
    std::string out = std::move(out_);
    out.clear();
    append_head(out, response_, head_options(response_.body.size()));
    const bool with_body = !head_only_ && !response_.body.empty();
    const bool together = with_body && response_.body.size() <= kSmallBody;
    if (together) out += response_.body;
    bool sent = co_await write_all(out);
    if (sent && with_body && !together) sent = co_await write_all(response_.body);
    out_ = std::move(out);
    response_ = Response{};
    co_return sent&& keep_alive_;
  }

  Task<bool> write_file() {
    FileReader file;
    bool opened = false;
    const std::function<void()> open = [&] { opened = file.open(response_.file); };
    co_await on_worker(open);
    response_.file.clear();
    if (!opened) {
      response_ = Response{};
      response_.status = 404;
      co_return co_await write_answer();
    }
    const auto part = choose_part(wanted_range(), file.size());
    if (!part) {
      response_ = Response{};
      response_.status = 416;
      response_.headers.emplace_back("Content-Range", "bytes */" + std::to_string(file.size()));
      co_return co_await write_answer();
    }
    co_return co_await write_part(file, *part);
  }

  Task<bool> write_part(const FileReader& file, FilePart part) {
    response_.headers.emplace_back("Accept-Ranges", "bytes");
    if (part.partial) {
      response_.status = 206;
      response_.headers.emplace_back("Content-Range", "bytes " + std::to_string(part.offset) + "-" +
                                                          std::to_string(part.offset + part.length - 1) +
                                                          "/" + std::to_string(file.size()));
    }
    std::string out;
    append_head(out, response_, head_options(part.length));
    bool sent = co_await write_all(out);
    std::uint64_t left = head_only_ ? 0 : part.length;
    while (sent && left > 0) {
      out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kWriteSlice)));
      bool whole = false;
      const std::function<void()> read = [&] { whole = file.read(part.offset + part.length - left, out); };
      deadline_sweep = 0;
      co_await on_worker(read);
      // A file that shrank meanwhile cannot fill the promised length: only closing tells the peer.
      if (!whole || aborted_) co_return false;
      sent = co_await write_all(out);
      left -= out.size();
    }
    response_ = Response{};
    co_return sent&& keep_alive_;
  }

  /// The Range header, unless If-Range names another state of the file.
  std::string_view wanted_range() const {
    if (if_range_.empty()) return range_;
    for (const auto& [name, value] : response_.headers) {
      if (name == "ETag" && value == if_range_) return range_;
    }
    return {};
  }

  /// Lets the peer read what was sent before the connection goes: closing with unread bytes would reset it.
  Task<void> close_gently() {
    if (aborted_) co_return;
    deadline_in(kCloseTimeout_s);
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    if constexpr (!std::is_same_v<Stream, Socket>) {
      if (!linger_) co_await stream_.async_shutdown(token);
    }
    Socket& socket = socket_of(stream_);
    socket.shutdown(Socket::shutdown_send, error);
    std::size_t dropped = 0;
    std::array<char, 4096> sink;
    while (linger_ && !error && dropped < kLingerBytes) {
      dropped += co_await socket.async_read_some(asio::buffer(sink), token);
    }
  }

  // --- live

  using WebSocket = boost::beast::websocket::stream<Stream&>;

  Task<bool> serve_live() {
    const auto request = std::make_shared<const Request>(std::move(request_));
    if (!origin_matches_host(*request)) {
      response_ = refusal(403, *request);
      co_return co_await write_answer();
    }
    std::optional<Response> refused;
    const std::function<void()> ask = [&] { refused = ask_application(*request); };
    deadline_sweep = 0;
    co_await on_worker(ask);
    if (refused) {
      response_ = std::move(*refused);
      co_return co_await write_answer();
    }
    WebSocket socket(stream_);
    const bool accepted = co_await accept_live(socket, *request);
    if (!accepted) co_return false;
    live_ = std::make_shared<LiveQueue>(loop_, std::static_pointer_cast<LiveSession>(self()));
    writer_done_ = false;
    asio::co_spawn(loop_->context(), write_live(self(), socket), asio::detached);
    asio::post(shared_->workers, [shared = shared_, request, queue = live_] {
      try {
        shared->application.open_live(*request, queue);
      } catch (const std::exception&) {
        queue->close();
      }
    });
    co_await read_live(socket);
    co_return false;
  }

  std::optional<Response> ask_application(const Request& request) {
    try {
      return shared_->application.refuse_live(request);
    } catch (const std::exception&) {
      Response failed;
      failed.status = 500;
      return failed;
    }
  }

  Task<bool> accept_live(WebSocket& socket, const Request& request) {
    namespace http = boost::beast::http;
    http::request<http::empty_body> upgrade;
    upgrade.method(http::verb::get);
    upgrade.target(request.path);
    upgrade.version(11);
    for (const auto& [name, value] : request.headers) upgrade.set(name, value);
    boost::beast::websocket::stream_base::timeout limits;
    limits.handshake_timeout = std::chrono::seconds(kHandshakeTimeout_s);
    limits.idle_timeout = std::chrono::seconds(shared_->options.idle_timeout_s);
    limits.keep_alive_pings = true;
    socket.set_option(limits);
    socket.read_message_max(kMaxLiveInbound);
    socket.text(true);
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    co_await socket.async_accept(upgrade, token);
    co_return !error;
  }

  /// Peers have nothing to say; reading notices pings, pongs and the end.
  Task<void> read_live(WebSocket& socket) {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    boost::beast::flat_buffer message;
    while (!error && !live_->closed()) {
      co_await socket.async_read(message, token);
      message.clear();
    }
    live_->mark_closed();
    live_wake_.cancel();
    // The writer uses the socket, which lives in the caller's frame.
    while (!writer_done_) {
      ErrorCodeIo ignored;
      auto wait_token = asio::redirect_error(kAwait, ignored);
      wake_.expires_at(Timer::time_point::max());
      co_await wake_.async_wait(wait_token);
    }
    live_.reset();
  }

  static Task<void> write_live(std::shared_ptr<Session> session, WebSocket& socket) {
    try {
      co_await session->write_live_messages(socket);
    } catch (const std::exception&) {
      session->abort();
    }
    session->writer_done_ = true;
    session->wake_.cancel();
  }

  Task<void> write_live_messages(WebSocket& socket) {
    ErrorCodeIo error;
    auto token = asio::redirect_error(kAwait, error);
    while (!aborted_ && !live_->over()) {
      const std::shared_ptr<const std::string> message = live_->take();
      if (!message) {
        ErrorCodeIo woken;
        auto wait_token = asio::redirect_error(kAwait, woken);
        live_wake_.expires_at(Timer::time_point::max());
        co_await live_wake_.async_wait(wait_token);
        continue;
      }
      deadline_in(kLiveWriteTimeout_s);
      const auto bytes = asio::buffer(message->data(), message->size());
      co_await socket.async_write(bytes, token);
      deadline_sweep = 0;
      if (error) break;
    }
    if (error || aborted_ || live_->closed()) co_return abort();
    deadline_in(kCloseTimeout_s);
    const boost::beast::websocket::close_reason goodbye(boost::beast::websocket::close_code::going_away);
    co_await socket.async_close(goodbye, token);
  }

  const std::shared_ptr<IoLoop> loop_;
  const std::shared_ptr<ServerShared> shared_;
  Stream stream_;
  Timer wake_;       // ends the wait for an answer, a worker's job or the live writer
  Timer live_wake_;  // ends the live writer's wait for messages
  const std::string remote_;
  ReadBuffer buffer_;
  std::optional<RequestParser> parser_;
  Request request_;
  Response response_;
  std::string out_;
  std::string range_;
  std::string if_range_;
  std::shared_ptr<LiveQueue> live_;
  bool idle_ = false;
  bool answered_ = false;
  bool aborted_ = false;
  bool keep_alive_ = true;
  bool http_11_ = true;
  bool head_only_ = false;
  bool linger_ = false;
  bool writer_done_ = true;
};

}  // namespace terreno::server
