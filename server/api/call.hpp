#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/texts.hpp"
#include "server/api/http_types.hpp"
#include "server/api/services.hpp"
#include "server/domain/records.hpp"

namespace terreno::server {

namespace json = boost::json;

/// One request on its way through a route.
struct Call {
  Services& services;
  Request request;
  std::vector<std::string> parameters;  ///< what stood at each {…} of the pattern, in order
  Language language = Language::Spanish;
  Principal principal;  ///< of the session; empty on open routes
  User user;            ///< of the session
  Tenant tenant;        ///< of the session

  /// InvalidArgument, as thrown Error, when the path's n-th parameter is no UUID.
  Uuid id_parameter(std::size_t n) const;
  /// A query value, empty when absent.
  std::string_view query(const std::string& name) const;
  /// Throws InvalidArgument when present and no whole number in [least, most].
  std::uint32_t number(const std::string& name, std::uint32_t fallback, std::uint32_t least,
                       std::uint32_t most) const;
  /// Nothing when absent; throws InvalidArgument when it is no UUID.
  std::optional<Uuid> id_query(const std::string& name) const;
  /// The body as a JSON object; throws InvalidArgument.
  json::object body_object() const;
  std::string say(std::string_view key,
                  std::initializer_list<std::pair<std::string_view, std::string>> arguments = {}) const {
    return text(language, key, arguments);
  }
};

/// A string member; empty when absent or of another type.
std::string text_member(const json::object& object, std::string_view name);

Response json_response(const json::value& value, int status = 200);
Response empty_response(int status = 204);
Response error_response(ErrorCode code, std::string_view message);
Response error_response(const Error& error);

/// "es", "en" or "pt", as questionnaires take it.
std::string_view tag_of(Language language) noexcept;

/// The first language of Accept-Language that the server speaks; Spanish otherwise.
Language language_of(const Request& request);

}  // namespace terreno::server
