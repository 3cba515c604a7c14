#pragma once

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace terreno::bench {

/// Requests that one connection sends one after the other, each when the one before was answered.
using Script = std::vector<std::string>;

/// One keep-alive connection that works through its script.
class Connection {
 public:
  Connection(std::uint16_t port, const Script& script) : script_(script) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
      throw std::runtime_error("the load cannot connect");
    }
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return socket_; }
  bool done() const { return next_ == script_.size(); }
  void send_next() const {
    const std::string& request = script_[next_];
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      throw std::runtime_error("the load cannot send");
    }
  }

  /// Takes what has arrived; once an answer is whole, sends the next request.
  void receive() {
    char piece[16 * 1024];
    const ssize_t got = ::recv(socket_, piece, sizeof piece, 0);
    if (got <= 0) throw std::runtime_error("the server closed a connection");
    answer_.append(piece, static_cast<std::size_t>(got));
    if (!answer_is_whole()) return;
    if (!answer_.starts_with("HTTP/1.1 200"))
      throw std::runtime_error("the server said " + answer_.substr(0, 200));
    answer_.clear();
    if (++next_ < script_.size()) send_next();
  }

 private:
  bool answer_is_whole() const {
    const std::string_view answer = answer_;
    const std::size_t end = answer.find("\r\n\r\n");
    if (end == std::string_view::npos) return false;
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    const std::size_t at = answer.substr(0, end).find(kLength);
    if (at == std::string_view::npos) throw std::runtime_error("an answer without Content-Length");
    std::size_t length = 0;
    std::from_chars(answer.data() + at + kLength.size(), answer.data() + end, length);
    return answer.size() >= end + 4 + length;
  }

  const Script& script_;
  std::size_t next_ = 0;
  std::string answer_;
  int socket_ = -1;
};

inline double thread_cpu_s() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Works through the scripts of some connections on the calling thread; returns the CPU seconds that it took.
/// It is to cost little beside the server, which runs on the same cores: it waits with epoll and looks for an
/// answer's length alone.
inline double drive(std::uint16_t port, const std::vector<const Script*>& scripts) {
  std::vector<std::unique_ptr<Connection>> connections;
  const int poll = ::epoll_create1(0);
  for (const Script* script : scripts) {
    connections.push_back(std::make_unique<Connection>(port, *script));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = connections.back().get();
    ::epoll_ctl(poll, EPOLL_CTL_ADD, connections.back()->socket(), &event);
  }
  const double began = thread_cpu_s();
  for (const auto& connection : connections) connection->send_next();
  std::array<epoll_event, 64> events;
  for (std::size_t open = connections.size(); open > 0;) {
    const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 10'000);
    if (ready <= 0) throw std::runtime_error("no answer in ten seconds");
    for (int i = 0; i < ready; ++i) {
      auto* const connection = static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
      connection->receive();
      if (connection->done()) --open;
    }
  }
  const double cpu_s = thread_cpu_s() - began;
  ::close(poll);
  return cpu_s;
}

}  // namespace terreno::bench
