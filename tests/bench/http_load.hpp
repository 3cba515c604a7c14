#pragma once

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <ctime>
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
    const std::size_t end = answer_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    constexpr std::string_view kLength = "content-length:";
    for (std::size_t at = 0; at < end; at = answer_.find("\r\n", at) + 2) {
      std::string name = answer_.substr(at, kLength.size());
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      if (name != kLength) continue;
      std::size_t digits = at + kLength.size();
      while (answer_[digits] == ' ') ++digits;
      std::size_t length = 0;
      std::from_chars(answer_.data() + digits, answer_.data() + end, length);
      return answer_.size() >= end + 4 + length;
    }
    throw std::runtime_error("an answer without Content-Length");
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
inline double drive(std::uint16_t port, const std::vector<const Script*>& scripts) {
  std::vector<std::unique_ptr<Connection>> connections;
  std::vector<pollfd> watched;
  for (const Script* script : scripts) {
    connections.push_back(std::make_unique<Connection>(port, *script));
    watched.push_back({connections.back()->socket(), POLLIN, 0});
  }
  const double began = thread_cpu_s();
  for (const auto& connection : connections) connection->send_next();
  for (std::size_t open = connections.size(); open > 0;) {
    if (::poll(watched.data(), watched.size(), 10'000) <= 0)
      throw std::runtime_error("no answer in ten seconds");
    for (std::size_t i = 0; i < watched.size(); ++i) {
      if (watched[i].revents == 0) continue;
      connections[i]->receive();
      if (!connections[i]->done()) continue;
      watched[i].fd = -1;  // poll passes it over
      --open;
    }
  }
  return thread_cpu_s() - began;
}

}  // namespace terreno::bench
