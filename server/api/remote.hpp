#pragma once

#include <string>
#include <string_view>

namespace terreno::server {

/// Whom limits count as one caller: an IPv4 address, or the /64 that an IPv6 address lies in, since one
/// subscriber has all of it. What is no address comes back as it is.
std::string limit_key(std::string_view remote);

/// The caller that the nearest proxy names: the last address of X-Forwarded-For, which the proxy wrote
/// itself; what stands before it anybody can claim. Empty when it is no address.
std::string forwarded_remote(std::string_view forwarded_for);

}  // namespace terreno::server
