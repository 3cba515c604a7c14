#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace terreno::server {

/// A TCP client that sends exactly the bytes it is given: tests of a server must be able to misbehave.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False when the peer has reset the connection.
  bool send(std::string_view bytes) const;
  /// Ends the sending half.
  void finish_sending() const;
  /// One whole answer by its Content-Length (none: head alone); empty when the connection ended first.
  std::string read_answer(bool head_only = false);
  /// Whatever comes until the connection ends or 5 s pass.
  std::string read_to_end();
  /// At least `count` bytes, fewer when the connection ends.
  std::string read_bytes(std::size_t count);
  /// True when the server closes within `limit_ms`.
  bool is_closed_within(int limit_ms) const;

 private:
  bool fill();
  int descriptor_ = -1;
  std::string pending_;
};

int status_of(std::string_view answer);
std::string body_of(std::string_view answer);

}  // namespace terreno::server
