#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/base/texts.hpp"
#include "core/model/wire.hpp"
#include "core/sync/exchange.hpp"

namespace terreno {

/// `POST /v1/enrol` with the one-time code that the supervisor read out.
HttpRequest make_enrol_request(const EnrolRequest& message);

/// NotFound: the code is wrong, used or expired. AlreadyEnrolled: the phone is another gestor's.
/// TooManyRequests, Unavailable: later. UnsupportedVersion: the app is too old. MalformedBytes: no Terreno
/// server answered. The message is for the gestor, in `language`.
Result<EnrolResponse> read_enrol_response(const HttpResponse& response, Language language);

}  // namespace terreno
