#pragma once

#include <cstddef>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/model/wire.hpp"

namespace terreno::codec {

// Bytes of the journal and the wire. Decoders take anything from outside: every count is checked against the
// bytes left before memory is taken, and every failure is MalformedBytes, TooLarge or UnsupportedVersion,
// never a throw.

inline constexpr std::size_t kMaxEntryBytes = 256 * 1024;  ///< one journal payload
inline constexpr std::size_t kMaxBatchBytes = 64 * 1024;   ///< target size of a request before compression
inline constexpr std::size_t kMaxMessageBytes = 4 * 1024 * 1024;  ///< a message after decompression
inline constexpr std::uint16_t kEntryVersion = 1;                 ///< layout that encode_body writes

EntryKind kind_of(const EntryBody& body) noexcept;

Bytes encode_body(const EntryBody& body);
Result<EntryBody> decode_body(EntryKind kind, std::uint16_t version, ByteView payload);

/// Messages carry a format byte and are compressed with zstd when that makes them smaller.
Bytes encode(const EnrolRequest& message);
Bytes encode(const EnrolResponse& message);
Bytes encode(const SyncRequest& message);
Bytes encode(const SyncResponse& message);
Result<EnrolRequest> decode_enrol_request(ByteView bytes);
Result<EnrolResponse> decode_enrol_response(ByteView bytes);
Result<SyncRequest> decode_sync_request(ByteView bytes);
Result<SyncResponse> decode_sync_response(ByteView bytes);

/// Values that the phone and the server keep in their databases as bytes.
Bytes encode_value(const Case& value);
Bytes encode_value(const TenantPolicy& value);
Bytes encode_value(const OutcomeCatalogue& value);
Bytes encode_value(const VisitFinished& value);
Result<Case> decode_case(ByteView bytes);
Result<TenantPolicy> decode_policy(ByteView bytes);
Result<OutcomeCatalogue> decode_outcomes(ByteView bytes);
Result<VisitFinished> decode_visit(ByteView bytes);

/// zstd with a stated ceiling on what comes out; TooLarge beyond it.
Bytes compress(ByteView bytes);
Result<Bytes> decompress(ByteView bytes, std::size_t max_bytes);

}  // namespace terreno::codec
