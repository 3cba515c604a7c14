#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/http/answer_writer.hpp"
#include "server/http/live_part.hpp"
#include "server/http/request_reader.hpp"

namespace terreno::server {

/// One connection from accept to close: reads a request, has the application answer it, writes the answer.
template <typename Stream>
class Session final : public Link<Stream> {
 public:
  Session(std::shared_ptr<IoLoop> loop, std::shared_ptr<ServerShared> shared, Stream stream,
          std::string remote)
      : Link<Stream>(std::move(loop), std::move(shared), std::move(stream)),
        remote_(std::move(remote)),
        reader_(*this),
        writer_(*this),
        live_(*this) {}

  static void start(std::shared_ptr<Session> self) {
    self->loop()->add(self.get());
    asio::io_context& context = self->loop()->context();
    asio::co_spawn(context, run(std::move(self)), asio::detached);
  }

  void abort() override {
    Link<Stream>::abort();
    live_.wake_writer();
  }

  void drain() override {
    if (reader_.idle()) abort();
    live_.drain();
  }

  void wake_writer() override { live_.wake_writer(); }

 private:
  using Reader = RequestReader<Stream>;

  Application& application() { return this->shared()->application; }
  std::shared_ptr<Session> self() { return std::static_pointer_cast<Session>(this->shared_from_this()); }

  static Task<void> run(std::shared_ptr<Session> self) {
    try {
      co_await self->serve();
    } catch (const std::exception&) {
      // Out of memory or a bug in one connection must not end the others; the peer sees it closed.
    }
    self->close();
    self->loop()->remove(self.get());
    self->shared()->addresses.leave(self->remote_);
    --self->shared()->open_connections;
  }

  Task<void> serve() {
    const int refused = co_await this->handshake();
    if (refused != 0) {
      application().refused(RefusedAt::Handshake, refused);
      co_return;
    }
    bool go_on = true;
    while (go_on) go_on = co_await serve_one();
    co_await this->close_gently(linger_);
  }

  /// One request and its answer. False when the connection is to be closed.
  Task<bool> serve_one() {
    request_ = Request{};
    request_.remote = remote_;
    const int refused = co_await reader_.read(request_);
    if (refused == Reader::kPeerGone) {
      if (this->expired && reader_.begun()) application().refused(RefusedAt::Request, 408);
      co_return false;
    }
    note_form();
    if (refused != 0) co_return co_await refuse(refused, request_);
    if (is_upgrade_to_websocket(request_)) co_return co_await serve_live();
    hand_over();
    co_await this->wait();
    if (this->aborted()) co_return false;
    co_return co_await write_answer();
  }

  void note_form() {
    form_.keep_alive = reader_.keep_alive_wanted();
    form_.http_11 = reader_.is_http_11();
    form_.head_only = request_.method == "HEAD";
    form_.range = request_.method == "GET" ? std::string(request_.header("range")) : std::string();
    form_.if_range = std::string(request_.header("if-range"));
  }

  /// The protocol itself says no; what the peer still sends is read and dropped.
  Task<bool> refuse(int status, const Request& request) {
    application().refused(RefusedAt::Request, status);
    response_ = refusal(status, request);
    form_.keep_alive = false;
    linger_ = true;
    co_return co_await write_answer();
  }

  Task<bool> write_answer() {
    const bool go_on = co_await writer_.write(response_, form_);
    response_ = Response{};
    co_return go_on;
  }

  // --- the application

  static Response failure() {
    Response response;
    response.status = 500;
    return response;
  }

  /// The application's way back to this connection. One that is dropped without an answer gives 500.
  class Answering {
   public:
    explicit Answering(std::shared_ptr<Session> session) : session_(std::move(session)) {}
    Answering(const Answering&) = delete;
    Answering& operator=(const Answering&) = delete;
    ~Answering() {
      if (given_) return;
      session_->application().refused(RefusedAt::Answer, 500);
      deliver(failure());
    }
    void give(Response response) {
      if (!given_.exchange(true)) deliver(std::move(response));
    }

   private:
    void deliver(Response response) {
      session_->loop()->post([session = session_, answer = std::move(response)]() mutable {
        session->response_ = std::move(answer);
        session->end_wait();
      });
    }
    std::shared_ptr<Session> session_;
    std::atomic<bool> given_{false};
  };

  void hand_over() {
    this->begin_wait();
    this->no_deadline();
    auto answering = std::make_shared<Answering>(self());
    Responder respond = [answering](Response response) { answering->give(std::move(response)); };
    auto job = [shared = this->shared(), request = std::move(request_),
                respond = std::move(respond)]() mutable {
      try {
        shared->application.handle(std::move(request), respond);
      } catch (const std::exception&) {
        shared->application.refused(RefusedAt::Answer, 500);
        respond(failure());
      }
    };
    asio::post(this->shared()->workers, std::move(job));
  }

  // --- live

  Task<bool> serve_live() {
    const auto request = std::make_shared<const Request>(std::move(request_));
    if (!origin_matches_host(*request)) co_return co_await refuse(403, *request);
    std::optional<Response> refused;
    const std::function<void()> ask = [&] { refused = ask_application(*request); };
    co_await this->on_worker(ask);
    if (refused) {
      response_ = std::move(*refused);
      co_return co_await write_answer();
    }
    const std::shared_ptr<LiveSession> session = self();
    co_await live_.serve(request, session);
    co_return false;
  }

  std::optional<Response> ask_application(const Request& request) {
    try {
      return application().refuse_live(request);
    } catch (const std::exception&) {
      return failure();
    }
  }

  const std::string remote_;
  RequestReader<Stream> reader_;
  AnswerWriter<Stream> writer_;
  LivePart<Stream> live_;
  Request request_;
  Response response_;
  AnswerForm form_;
  bool linger_ = false;
};

}  // namespace terreno::server
