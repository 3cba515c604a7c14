#include "server/api/call.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

namespace terreno::server {
namespace {

constexpr std::size_t kMaxJsonDepth = 16;

Error invalid(const Call& call, std::string_view field) {
  return Error(ErrorCode::InvalidArgument, call.say("server.api.bad_value", {{"field", std::string(field)}}));
}

Uuid id_from(const Call& call, std::string_view field, std::string_view value) {
  const auto id = Uuid::parse(value);
  if (!id) throw invalid(call, field);
  return *id;
}

}  // namespace

Uuid Call::id_parameter(std::size_t n) const { return id_from(*this, "id", parameters.at(n)); }

std::string_view Call::query(const std::string& name) const {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string_view() : std::string_view(found->second);
}

std::uint32_t Call::number(const std::string& name, std::uint32_t fallback, std::uint32_t least,
                           std::uint32_t most) const {
  const std::string_view digits = query(name);
  if (digits.empty()) return fallback;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (!whole || value < least || value > most) throw invalid(*this, name);
  return value;
}

std::optional<Uuid> Call::id_query(const std::string& name) const {
  const std::string_view value = query(name);
  if (value.empty()) return std::nullopt;
  return id_from(*this, name, value);
}

json::object Call::body_object() const {
  json::parse_options limits;
  limits.max_depth = kMaxJsonDepth;
  json::error_code error;
  const json::value value =
      json::parse(json::string_view(reinterpret_cast<const char*>(request.body.data()), request.body.size()),
                  error, {}, limits);
  if (error || !value.is_object()) throw Error(ErrorCode::InvalidArgument, say("server.api.bad_json"));
  return value.get_object();
}

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(json::string_view(name.data(), name.size()));
  if (member == nullptr || !member->is_string()) return {};
  return std::string(member->get_string().data(), member->get_string().size());
}

Response json_response(const json::value& value, int status) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = json::serialize(value);
  return response;
}

Response empty_response(int status) {
  Response response;
  response.status = status;
  return response;
}

Response error_response(ErrorCode code, std::string_view message) {
  const ErrorTraits& traits = traits_of(code);
  Response response = json_response({{"error", {{"code", traits.name}, {"message", std::string(message)}}}},
                                    traits.http_status);
  // By this a phone, which reads no JSON, tells our word from that of a proxy or a captive portal.
  response.headers.emplace_back("Terreno-Error", std::string(traits.name));
  return response;
}

Response error_response(const Error& error) { return error_response(error.code, error.message); }

std::string_view tag_of(Language language) noexcept {
  switch (language) {
    case Language::English:
      return "en";
    case Language::Portuguese:
      return "pt";
    case Language::Spanish:
      break;
  }
  return "es";
}

Language language_of(const Request& request) {
  std::string_view wanted = request.header("accept-language");
  while (!wanted.empty()) {
    const std::size_t comma = wanted.find(',');
    std::string_view tag = wanted.substr(0, comma);
    while (tag.starts_with(' ')) tag.remove_prefix(1);
    if (tag.starts_with("es") || tag.starts_with("en") || tag.starts_with("pt"))
      return language_from_tag(tag);
    if (comma == std::string_view::npos) break;
    wanted.remove_prefix(comma + 1);
  }
  return Language::Spanish;
}

}  // namespace terreno::server
