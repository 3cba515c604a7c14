#include "core/geo/residual_coder.hpp"

#include <algorithm>
#include <bit>

namespace terreno::geo {
namespace {

constexpr unsigned kMostBitsAtOnce = 57;

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
}

std::uint64_t low_bits(std::uint64_t value, unsigned count) {
  return value & ((std::uint64_t{1} << count) - 1);
}

/// The parameters of the code, in sixteenths of a bit, moved by what was coded last; both sides keep the
/// same.
class Adaptation {
 public:
  explicit Adaptation(ColumnPrior prior)
      : run_(prior.run_bits * kScale), magnitude_(prior.magnitude_bits * kScale) {}

  unsigned run_bits() const { return run_ / kScale; }
  unsigned magnitude_bits() const { return magnitude_ / kScale; }

  void after_single(bool zero) { zero ? raise(run_, 3, kMostRunBits) : lower(run_, 3); }
  void after_full_run() { raise(run_, 4, kMostRunBits); }
  void after_broken_run() { lower(run_, 6); }
  void after_quotient(std::uint64_t quotient) {
    if (quotient == 0) lower(magnitude_, 2);
    if (quotient > 1)
      raise(magnitude_, static_cast<unsigned>(std::min<std::uint64_t>(quotient, 24)) + 1, kMostMagnitudeBits);
  }

 private:
  static constexpr unsigned kScale = 16;
  static constexpr unsigned kMostRunBits = 12;
  static constexpr unsigned kMostMagnitudeBits = 40;
  static void raise(unsigned& value, unsigned by, unsigned most) {
    value = std::min(value + by, most * kScale);
  }
  static void lower(unsigned& value, unsigned by) { value -= std::min(value, by); }

  unsigned run_;
  unsigned magnitude_;
};

/// A quotient this long is an accident: the number follows as it is, with its length.
constexpr unsigned kEscape = 20;

void write_number(BitWriter& out, Adaptation& adaptation, std::uint64_t number) {
  const unsigned bits = adaptation.magnitude_bits();
  const std::uint64_t quotient = number >> bits;
  adaptation.after_quotient(quotient);
  if (quotient < kEscape) {
    out.write((std::uint64_t{1} << quotient) - 1, static_cast<unsigned>(quotient) + 1);
    out.write(low_bits(number, bits), bits);
    return;
  }
  out.write((std::uint64_t{1} << kEscape) - 1, kEscape);
  const auto length = static_cast<unsigned>(std::bit_width(number));
  out.write(length - 1, 6);
  out.write(number & 0xFFFF'FFFF, std::min(length, 32U));
  if (length > 32) out.write(number >> 32, length - 32);
}

std::uint64_t read_number(BitReader& in, Adaptation& adaptation) {
  const unsigned bits = adaptation.magnitude_bits();
  const unsigned quotient = in.read_ones(kEscape);
  if (quotient < kEscape) {
    adaptation.after_quotient(quotient);
    return (std::uint64_t{quotient} << bits) | in.read(bits);
  }
  const unsigned length = static_cast<unsigned>(in.read(6)) + 1;
  std::uint64_t number = in.read(std::min(length, 32U));
  if (length > 32) number |= in.read(length - 32) << 32;
  adaptation.after_quotient(number >> bits);
  return number;
}

}  // namespace

void BitWriter::write(std::uint64_t bits, unsigned count) {
  held_ |= bits << held_count_;
  held_count_ += count;
  while (held_count_ >= 8) {
    out_.push_back(static_cast<std::uint8_t>(held_));
    held_ >>= 8;
    held_count_ -= 8;
  }
}

void BitWriter::write_varint(std::int64_t value) {
  std::uint64_t rest = zigzag(value);
  for (; rest >= 0x80; rest >>= 7) write((rest & 0x7F) | 0x80, 8);
  write(rest, 8);
}

Bytes BitWriter::finish() {
  if (held_count_ > 0) write(0, 8 - held_count_);
  return std::move(out_);
}

void BitReader::refill(unsigned count) {
  while (held_count_ < count && next_ < bytes_.size()) {
    held_ |= static_cast<std::uint64_t>(bytes_[next_++]) << held_count_;
    held_count_ += 8;
  }
}

std::uint64_t BitReader::read(unsigned count) {
  if (count > kMostBitsAtOnce) failed_ = true;
  if (held_count_ < count) refill(count);
  if (failed_ || held_count_ < count) {
    failed_ = true;
    return 0;
  }
  const std::uint64_t bits = low_bits(held_, count);
  held_ >>= count;
  held_count_ -= count;
  return bits;
}

std::int64_t BitReader::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const std::uint64_t group = read(8);
    value |= (group & 0x7F) << shift;
    if (group < 0x80) return unzigzag(value);
  }
  failed_ = true;
  return 0;
}

unsigned BitReader::read_ones(unsigned limit) {
  refill(limit + 1);
  const unsigned ones = std::min(static_cast<unsigned>(std::countr_one(held_)), limit);
  read(ones < limit ? ones + 1 : ones);
  return failed_ ? 0 : ones;
}

bool BitReader::at_clean_end() const noexcept {
  return !failed_ && next_ == bytes_.size() && held_count_ < 8 && held_ == 0;
}

void write_residuals(BitWriter& out, std::span<const std::int64_t> values, ColumnPrior prior) {
  Adaptation adaptation(prior);
  for (std::size_t i = 0; i < values.size();) {
    const unsigned run_bits = adaptation.run_bits();
    if (run_bits == 0) {
      const std::uint64_t number = zigzag(values[i++]);
      write_number(out, adaptation, number);
      adaptation.after_single(number == 0);
      continue;
    }
    const std::size_t full = std::size_t{1} << run_bits;
    std::size_t zeros = 0;
    while (zeros < full && i < values.size() && values[i] == 0) ++zeros, ++i;
    if (zeros == full || i == values.size()) {
      out.write(0, 1);  // the reader knows how many numbers there are, so a last run may be cut short
      adaptation.after_full_run();
      continue;
    }
    out.write(1, 1);
    out.write(zeros, run_bits);
    adaptation.after_broken_run();
    write_number(out, adaptation, zigzag(values[i++]) - 1);
  }
}

void read_residuals(BitReader& in, std::span<std::int64_t> values, ColumnPrior prior) {
  Adaptation adaptation(prior);
  std::fill(values.begin(), values.end(), 0);
  for (std::size_t i = 0; i < values.size() && !in.failed();) {
    const unsigned run_bits = adaptation.run_bits();
    if (run_bits == 0) {
      const std::uint64_t number = read_number(in, adaptation);
      values[i++] = unzigzag(number);
      adaptation.after_single(number == 0);
      continue;
    }
    if (in.read(1) == 0) {
      i += std::min(std::size_t{1} << run_bits, values.size() - i);
      adaptation.after_full_run();
      continue;
    }
    i += static_cast<std::size_t>(in.read(run_bits));
    adaptation.after_broken_run();
    const std::uint64_t number = read_number(in, adaptation) + 1;
    if (i >= values.size()) return in.fail();
    values[i++] = unzigzag(number);
  }
}

}  // namespace terreno::geo
