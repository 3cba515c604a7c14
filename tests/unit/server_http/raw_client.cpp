#include "tests/unit/server_http/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace terreno::server {

RawClient::RawClient(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(descriptor_);
    throw std::runtime_error("cannot connect");
  }
  const timeval limit{5, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

RawClient::~RawClient() { ::close(descriptor_); }

bool RawClient::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void RawClient::finish_sending() const { ::shutdown(descriptor_, SHUT_WR); }

bool RawClient::fill() {
  char piece[65536];
  const ssize_t count = ::recv(descriptor_, piece, sizeof piece, 0);
  if (count <= 0) return false;
  pending_.append(piece, static_cast<std::size_t>(count));
  return true;
}

std::string RawClient::read_answer(bool head_only) {
  std::size_t head_end = std::string::npos;
  while ((head_end = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  std::size_t length = 0;
  const std::size_t field = pending_.find("Content-Length: ");
  if (!head_only && field < head_end) length = std::stoul(pending_.substr(field + 16));
  return read_bytes(head_end + 4 + length);
}

std::string RawClient::read_to_end() {
  while (fill()) {
  }
  return std::move(pending_);
}

std::string RawClient::read_bytes(std::size_t count) {
  while (pending_.size() < count) {
    if (!fill()) break;
  }
  std::string out = pending_.substr(0, count);
  pending_.erase(0, out.size());
  return out;
}

bool RawClient::is_closed_within(int limit_ms) const {
  pollfd wait{descriptor_, POLLIN, 0};
  char byte = 0;
  return ::poll(&wait, 1, limit_ms) == 1 && ::recv(descriptor_, &byte, 1, MSG_PEEK) <= 0;
}

int status_of(std::string_view answer) {
  return answer.size() > 12 ? std::stoi(std::string(answer.substr(9, 3))) : 0;
}

std::string body_of(std::string_view answer) {
  const std::size_t head_end = answer.find("\r\n\r\n");
  return head_end == std::string_view::npos ? std::string() : std::string(answer.substr(head_end + 4));
}

}  // namespace terreno::server
