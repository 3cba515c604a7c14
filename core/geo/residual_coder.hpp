#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/bytes.hpp"

namespace terreno::geo {

/// Packs numbers of few bits, lowest bit first.
class BitWriter {
 public:
  /// The low `count` bits of `bits`; count 0..57.
  void write(std::uint64_t bits, unsigned count);
  /// Seven bits and a mark each: for numbers that come once.
  void write_varint(std::int64_t value);
  /// Fills the last byte with zeros.
  Bytes finish();

 private:
  Bytes out_;
  std::uint64_t held_ = 0;
  unsigned held_count_ = 0;
};

/// The counterpart for bytes from outside. Past the end it gives zeros and remembers that it failed.
class BitReader {
 public:
  explicit BitReader(ByteView bytes) : bytes_(bytes) {}
  std::uint64_t read(unsigned count);
  std::int64_t read_varint();
  /// The length of a run of ones, at most `limit`; the zero that ends a shorter one is taken too.
  unsigned read_ones(unsigned limit);
  void fail() noexcept { failed_ = true; }
  bool failed() const noexcept { return failed_; }
  /// Nothing but the last byte's zero bits is left.
  bool at_clean_end() const noexcept;

 private:
  void refill(unsigned count);
  ByteView bytes_;
  std::size_t next_ = 0;
  std::uint64_t held_ = 0;
  unsigned held_count_ = 0;
  bool failed_ = false;
};

// Small numbers around zero, as a good prediction leaves them, in close to their entropy: Golomb–Rice codes
// and runs of zeros whose parameters follow the data without any table (RLGR: H. Malvar, 'Adaptive Run-Length
// / Golomb-Rice Encoding of Quantized Generalized Gaussian Sources with Unknown Statistics', DCC 2006).
// Thirty numbers are enough to gain by it, where a general compressor has not yet paid for its header.

/// What a column tends to be, so that the first numbers cost little: log2 of a usual run of zeros, log2 of a
/// usual magnitude.
struct ColumnPrior {
  unsigned run_bits = 0;
  unsigned magnitude_bits = 0;
};

void write_residuals(BitWriter& out, std::span<const std::int64_t> values, ColumnPrior prior);
/// Fills `values`; on bad bytes the reader has failed and the rest is zeros.
void read_residuals(BitReader& in, std::span<std::int64_t> values, ColumnPrior prior);

}  // namespace terreno::geo
