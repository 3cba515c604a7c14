#include "mobile-bridge/abi/guarded.hpp"

#include <algorithm>
#include <cstdlib>

namespace terreno::bridge {

std::int32_t succeeded(terreno_error* error) noexcept {
  if (error != nullptr) {
    error->code = TERRENO_OK;
    error->retryable = 0;
    error->message[0] = '\0';
  }
  return TERRENO_OK;
}

std::int32_t failed(terreno_error* error, ErrorCode code, std::string_view message) noexcept {
  if (error != nullptr) {
    error->code = static_cast<std::int32_t>(code);
    error->retryable = traits_of(code).retryable ? 1 : 0;
    std::size_t size = std::min(message.size(), sizeof error->message - 1);
    const auto continues = [&](std::size_t at) {
      return (static_cast<unsigned char>(message[at]) & 0xC0) == 0x80;
    };
    // Not in the middle of a UTF-8 character.
    while (size < message.size() && size > 0 && continues(size)) --size;
    std::memcpy(error->message, message.data(), size);
    error->message[size] = '\0';
  }
  return static_cast<std::int32_t>(code);
}

char* handed_out(std::string_view text) {
  auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  return copy;
}

}  // namespace terreno::bridge

void terreno_string_free(char* text) noexcept { std::free(text); }
