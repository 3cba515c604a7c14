#include "core/codec/codec.hpp"

#include <new>
#include <string>

#include "core/codec/layout.hpp"

namespace terreno::codec {
namespace {

constexpr std::uint8_t kPlain = 0;
constexpr std::uint8_t kCompressed = 1;
constexpr std::uint8_t kMessageVersion = 1;
// Below this zstd's own frame costs more than it saves.
constexpr std::size_t kWorthCompressing = 96;

template <typename T>
Bytes to_plain(const T& value) {
  WireOutput out;
  out(value);
  return out.take();
}

/// Runs a decoder; whatever bytes from outside provoke comes back as an Error.
template <typename T, typename Read>
Result<T> guarded(Read read) {
  try {
    return read();
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::TooLarge, "the bytes claim more than memory holds");
  }
}

template <typename T>
T read_whole(ByteView bytes) {
  WireInput in(bytes);
  T value{};
  in(value);
  if (!in.at_end()) throw Error(ErrorCode::MalformedBytes, "bytes are left over after the value");
  return value;
}

// format u8 ‖ version u8 ‖ body; the body is zstd when format says so.
template <typename T>
Bytes to_message(const T& value) {
  const Bytes plain = to_plain(value);
  Bytes message = {kPlain, kMessageVersion};
  if (plain.size() >= kWorthCompressing) {
    const Bytes packed = compress(plain);
    if (packed.size() < plain.size()) {
      message[0] = kCompressed;
      message.insert(message.end(), packed.begin(), packed.end());
      return message;
    }
  }
  message.insert(message.end(), plain.begin(), plain.end());
  return message;
}

template <typename T>
Result<T> from_message(ByteView message) {
  return guarded<T>([message]() -> Result<T> {
    if (message.size() < 2) return Error(ErrorCode::MalformedBytes, "a message has at least two bytes");
    // A page of a captive portal starts with other bytes than ours: that asks for no upgrade.
    if (message[0] > kCompressed) return Error(ErrorCode::MalformedBytes, "the bytes are no message of ours");
    if (message[1] != kMessageVersion) {
      return Error(ErrorCode::UnsupportedVersion,
                   "message version " + std::to_string(message[1]) + " is unknown here");
    }
    const ByteView body = message.subspan(2);
    if (message[0] == kPlain) {
      if (body.size() > kMaxMessageBytes) return Error(ErrorCode::TooLarge, "the message is over its limit");
      return read_whole<T>(body);
    }
    const Bytes plain = decompress(body, kMaxMessageBytes).value();
    return read_whole<T>(plain);
  });
}

template <typename T>
Result<T> from_plain(ByteView bytes) {
  return guarded<T>([bytes]() -> Result<T> { return read_whole<T>(bytes); });
}

}  // namespace

EntryKind kind_of(const EntryBody& body) noexcept { return static_cast<EntryKind>(body.index()); }

Bytes encode_body(const EntryBody& body) {
  Bytes payload = std::visit([](const auto& alternative) { return to_plain(alternative); }, body);
  if (payload.size() > kMaxEntryBytes) throw Error(ErrorCode::TooLarge, "a journal entry is over its limit");
  return payload;
}

Result<EntryBody> decode_body(EntryKind kind, std::uint16_t version, ByteView payload) {
  return guarded<EntryBody>([&]() -> Result<EntryBody> {
    if (version != kEntryVersion) {
      return Error(ErrorCode::UnsupportedVersion,
                   "entry version " + std::to_string(version) + " is unknown here");
    }
    if (payload.size() > kMaxEntryBytes)
      return Error(ErrorCode::TooLarge, "a journal entry is over its limit");
    WireInput in(payload);
    EntryBody body;
    load_alternative(in, body, static_cast<std::size_t>(kind));
    if (!in.at_end()) return Error(ErrorCode::MalformedBytes, "bytes are left over after the entry");
    return body;
  });
}

Bytes encode(const EnrolRequest& message) { return to_message(message); }
Bytes encode(const EnrolResponse& message) { return to_message(message); }
Bytes encode(const SyncRequest& message) { return to_message(message); }
Bytes encode(const SyncResponse& message) { return to_message(message); }
Result<EnrolRequest> decode_enrol_request(ByteView bytes) { return from_message<EnrolRequest>(bytes); }
Result<EnrolResponse> decode_enrol_response(ByteView bytes) { return from_message<EnrolResponse>(bytes); }
Result<SyncRequest> decode_sync_request(ByteView bytes) { return from_message<SyncRequest>(bytes); }
Result<SyncResponse> decode_sync_response(ByteView bytes) { return from_message<SyncResponse>(bytes); }

Bytes encode_value(const Case& value) { return to_plain(value); }
Bytes encode_value(const TenantPolicy& value) { return to_plain(value); }
Bytes encode_value(const OutcomeCatalogue& value) { return to_plain(value); }
Bytes encode_value(const VisitFinished& value) { return to_plain(value); }
Result<Case> decode_case(ByteView bytes) { return from_plain<Case>(bytes); }
Result<TenantPolicy> decode_policy(ByteView bytes) { return from_plain<TenantPolicy>(bytes); }
Result<OutcomeCatalogue> decode_outcomes(ByteView bytes) { return from_plain<OutcomeCatalogue>(bytes); }
Result<VisitFinished> decode_visit(ByteView bytes) { return from_plain<VisitFinished>(bytes); }

}  // namespace terreno::codec
