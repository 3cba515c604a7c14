#pragma once

#include "core/sync/exchange.hpp"
#include "mobile-bridge/abi/terreno.h"

namespace terreno::bridge {

/// Hands the request to the caller, who frees it with terreno_http_request_free.
void hand_out(HttpRequest request, terreno_http_request& out);
/// InvalidArgument when pointers and counts disagree.
Result<HttpResponse> taken_in(const terreno_http_response* response);

}  // namespace terreno::bridge
