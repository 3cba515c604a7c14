#include <zstd.h>

#include <memory>
#include <string>

#include "core/codec/codec.hpp"

namespace terreno::codec {
namespace {

constexpr int kLevel = 9;  // messages are small: a slow level costs microseconds and saves bytes on the air

struct ContextDeleter {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Making a context costs more than compressing a small message, so each thread keeps one.
ZSTD_CCtx* compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, ContextDeleter> context(ZSTD_createCCtx());
  return context.get();
}

ZSTD_DCtx* decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, ContextDeleter> context(ZSTD_createDCtx());
  return context.get();
}

}  // namespace

Bytes compress(ByteView bytes) {
  Bytes out(ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      ZSTD_compressCCtx(compressor(), out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0) {
    throw Error(ErrorCode::Internal, std::string("zstd could not compress: ") + ZSTD_getErrorName(size));
  }
  out.resize(size);
  return out;
}

Result<Bytes> decompress(ByteView bytes, std::size_t max_bytes) {
  // Our writer always states the size, so that memory is taken once and only below the ceiling.
  const unsigned long long stated = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (stated == ZSTD_CONTENTSIZE_ERROR || stated == ZSTD_CONTENTSIZE_UNKNOWN) {
    return Error(ErrorCode::MalformedBytes, "the compressed bytes do not start as zstd does");
  }
  if (stated > max_bytes) return Error(ErrorCode::TooLarge, "the message is over its limit when unpacked");
  // zstd packs at most about 1:30,000 in one block; a frame far beyond that claims memory it will not fill.
  if (stated > (bytes.size() + 1) * 131072)
    return Error(ErrorCode::MalformedBytes, "the stated size cannot be true");
  Bytes out(static_cast<std::size_t>(stated));
  const std::size_t size =
      ZSTD_decompressDCtx(decompressor(), out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0 || size != out.size()) {
    return Error(ErrorCode::MalformedBytes, "the compressed bytes do not unpack");
  }
  return out;
}

}  // namespace terreno::codec
