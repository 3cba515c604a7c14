#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace terreno::forms {

/// What digest() of ODK XForms offers: "MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512" (RFC 1321, FIPS
/// 180-4). Forms use them as fingerprints of texts, never to protect anything: that is core/base/crypto.
/// FormInvalid for other names.
Result<Bytes> digest_of(std::string_view algorithm, ByteView input);

/// RFC 4648 base64 with padding.
std::string to_base64(ByteView bytes);
/// Skips whatever is no base64 digit, stops at padding.
Bytes from_base64_leniently(std::string_view text);

}  // namespace terreno::forms
