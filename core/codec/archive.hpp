#pragma once

#include <array>
#include <cereal/cereal.hpp>
#include <cmath>
#include <concepts>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/error.hpp"
#include "core/base/uuid.hpp"

namespace terreno::codec {

// A cereal archive for bytes from outside. cereal's own containers resize before they read, so none of them
// is included here: every container below grows element by element, and a count is refused when the bytes
// left could not hold it. Integers are LEB128 varints, signed ones in zigzag. There are no pointers, no
// polymorphism and no implicit versions.

class WireOutput : public cereal::OutputArchive<WireOutput, cereal::AllowEmptyClassElision> {
 public:
  WireOutput() : OutputArchive(this) {}

  void put_byte(std::uint8_t byte) { bytes_.push_back(byte); }
  void put_raw(ByteView raw) { bytes_.insert(bytes_.end(), raw.begin(), raw.end()); }
  void put_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  void put_zigzag(std::int64_t value) {
    put_varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

class WireInput : public cereal::InputArchive<WireInput, cereal::AllowEmptyClassElision> {
 public:
  explicit WireInput(ByteView bytes) : InputArchive(this), rest_(bytes) {}

  std::uint8_t take_byte() { return take_raw(1)[0]; }
  ByteView take_raw(std::size_t size) {
    if (size > rest_.size()) throw Error(ErrorCode::MalformedBytes, "the bytes end before the value does");
    const ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::uint64_t take_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = take_byte();
      if (shift == 63 && byte > 1) break;
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw Error(ErrorCode::MalformedBytes, "an integer is longer than 64 bits");
  }
  std::int64_t take_zigzag() {
    const std::uint64_t bits = take_varint();
    return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
  }
  /// A count of things of at least one byte each.
  std::size_t take_count() {
    const std::uint64_t count = take_varint();
    if (count > rest_.size()) throw Error(ErrorCode::MalformedBytes, "a count exceeds the bytes left");
    return static_cast<std::size_t>(count);
  }
  bool at_end() const noexcept { return rest_.empty(); }

 private:
  ByteView rest_;
};

}  // namespace terreno::codec

CEREAL_SETUP_ARCHIVE_TRAITS(terreno::codec::WireInput, terreno::codec::WireOutput)

namespace terreno::codec {

// --- numbers
// ---------------------------------------------------------------------------------------------------------

inline void save(WireOutput& out, const bool& value) { out.put_byte(value ? 1 : 0); }
inline void load(WireInput& in, bool& value) {
  const std::uint8_t byte = in.take_byte();
  if (byte > 1) throw Error(ErrorCode::MalformedBytes, "a truth value is neither 0 nor 1");
  value = byte == 1;
}

template <std::integral T>
requires(!std::same_as<T, bool>) void save(WireOutput& out, const T& value) {
  if constexpr (std::is_signed_v<T>) {
    out.put_zigzag(value);
  } else {
    out.put_varint(value);
  }
}
template <std::integral T>
requires(!std::same_as<T, bool>) void load(WireInput& in, T& value) {
  if constexpr (std::is_signed_v<T>) {
    const std::int64_t wide = in.take_zigzag();
    if (!std::in_range<T>(wide)) throw Error(ErrorCode::MalformedBytes, "an integer is out of range");
    value = static_cast<T>(wide);
  } else {
    const std::uint64_t wide = in.take_varint();
    if (!std::in_range<T>(wide)) throw Error(ErrorCode::MalformedBytes, "an integer is out of range");
    value = static_cast<T>(wide);
  }
}

/// A finite number kept as a whole multiple of 1/scale.
template <typename T>
struct Scaled {
  T& value;
  double scale;
};
template <typename T>
Scaled<T> scaled(T& value, double scale) {
  return {value, scale};
}
template <typename T>
void save(WireOutput& out, const Scaled<T>& number) {
  const double whole = std::round(number.value * number.scale);
  // 2^53: beyond it a double has no whole steps anyway. A number that is not finite never entered the core.
  if (!(std::abs(whole) <= 9007199254740992.0))
    throw Error(ErrorCode::InvalidArgument, "a number is out of range");
  out.put_zigzag(static_cast<std::int64_t>(whole));
}
template <typename T>
void load(WireInput& in, Scaled<T>& number) {
  number.value = static_cast<double>(in.take_zigzag()) / number.scale;
}

/// An enumerator; `last` is the greatest one known.
template <typename T>
struct Enumerator {
  T& value;
  std::uint8_t last;
};
template <typename T, typename Last>
Enumerator<T> enumerator(T& value, Last last) {
  return {value, static_cast<std::uint8_t>(last)};
}
template <typename T>
void save(WireOutput& out, const Enumerator<T>& e) {
  out.put_byte(static_cast<std::uint8_t>(e.value));
}
template <typename T>
void load(WireInput& in, Enumerator<T>& e) {
  const std::uint8_t byte = in.take_byte();
  if (byte > e.last) throw Error(ErrorCode::MalformedBytes, "an enumerator is unknown");
  e.value = static_cast<T>(byte);
}

// --- bytes and text
// --------------------------------------------------------------------------------------------------

template <std::size_t N>
void save(WireOutput& out, const std::array<std::uint8_t, N>& raw) {
  out.put_raw(raw);
}
template <std::size_t N>
void load(WireInput& in, std::array<std::uint8_t, N>& raw) {
  std::memcpy(raw.data(), in.take_raw(N).data(), N);
}

inline void save(WireOutput& out, const Uuid& id) { out.put_raw(id.bytes); }
inline void load(WireInput& in, Uuid& id) { load(in, id.bytes); }

inline void save(WireOutput& out, const std::string& text) {
  out.put_varint(text.size());
  out.put_raw(as_bytes(text));
}
inline void load(WireInput& in, std::string& text) { text = as_text(in.take_raw(in.take_count())); }

inline void save(WireOutput& out, const Bytes& bytes) {
  out.put_varint(bytes.size());
  out.put_raw(bytes);
}
inline void load(WireInput& in, Bytes& bytes) { bytes = to_bytes(in.take_raw(in.take_count())); }

// --- containers
// ------------------------------------------------------------------------------------------------------

template <typename T>
void save(WireOutput& out, const std::vector<T>& items) {
  out.put_varint(items.size());
  for (const T& item : items) out(item);
}
template <typename T>
void load(WireInput& in, std::vector<T>& items) {
  items.clear();
  // No reserve: memory follows the bytes that were really there.
  for (std::size_t left = in.take_count(); left > 0; --left) {
    T item{};
    in(item);
    items.push_back(std::move(item));
  }
}

template <typename T>
void save(WireOutput& out, const std::optional<T>& value) {
  save(out, value.has_value());
  if (value) out(*value);
}
template <typename T>
void load(WireInput& in, std::optional<T>& value) {
  bool present = false;
  load(in, present);
  value.reset();
  if (present) in(value.emplace());
}

inline void save(WireOutput& out, const std::map<std::string, std::string>& pairs) {
  out.put_varint(pairs.size());
  for (const auto& [key, value] : pairs) out(key, value);
}
inline void load(WireInput& in, std::map<std::string, std::string>& pairs) {
  pairs.clear();
  for (std::size_t left = in.take_count(); left > 0; --left) {
    std::string key;
    std::string value;
    in(key, value);
    pairs.insert_or_assign(std::move(key), std::move(value));
  }
}

template <typename... Ts>
void save(WireOutput& out, const std::variant<Ts...>& value) {
  static_assert(sizeof...(Ts) < 128);
  out.put_byte(static_cast<std::uint8_t>(value.index()));
  std::visit([&out](const auto& alternative) { out(alternative); }, value);
}

/// Reads the alternative with this index.
template <typename Variant, std::size_t I = 0>
void load_alternative(WireInput& in, Variant& value, std::size_t index) {
  if constexpr (I == std::variant_size_v<Variant>) {
    throw Error(ErrorCode::UnsupportedVersion, "a kind of record is unknown: an upgrade is needed");
  } else if (index == I) {
    in(value.template emplace<I>());
  } else {
    load_alternative<Variant, I + 1>(in, value, index);
  }
}
template <typename... Ts>
void load(WireInput& in, std::variant<Ts...>& value) {
  load_alternative(in, value, in.take_byte());
}

}  // namespace terreno::codec
