#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

namespace terreno::server {

/// Bytes that came from the peer and were not used yet. Pipelined requests wait here.
class ReadBuffer {
 public:
  const char* data() const { return bytes_.data() + begin_; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }

  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  /// Room for at least 4 KiB behind what is there.
  char* prepare(std::size_t& room) {
    constexpr std::size_t least = 4096;
    if (begin_ > 0 && bytes_.size() - end_ < least) {
      std::memmove(bytes_.data(), data(), size());
      end_ = size();
      begin_ = 0;
    }
    if (bytes_.size() - end_ < least) bytes_.resize(std::max(bytes_.size() * 2, end_ + least));
    room = bytes_.size() - end_;
    return bytes_.data() + end_;
  }
  void commit(std::size_t count) { end_ += count; }

 private:
  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace terreno::server
